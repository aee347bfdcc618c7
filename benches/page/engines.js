/** The engines of our chunks, and what a page has of itself, used as their own pages say: of the same versions, with nothing around them. */

let diagrams = 0;
let plot;

async function katex(place, { tex, isDisplay }) {
  const { render } = await import("katex");
  render(tex, place, { displayMode: isDisplay });
}

async function mermaid(place, { text }) {
  const { default: engine } = await import("mermaid");
  engine.initialize({ startOnLoad: false, maxEdges: 10_000, maxTextSize: 1_000_000 });
  const { svg } = await engine.render(`d${diagrams++}`, text);
  place.innerHTML = svg;
}

async function vega(place, { spec }) {
  const [{ parse, View }, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  await new View(parse(compile(spec).spec), { container: place, renderer: "canvas" }).runAsync();
}

async function uplot(place, { columns, names }) {
  const { default: Plot } = await import("uplot");
  const strokes = ["#1976d2", "#d32f2f"];
  const series = [{}, ...names.map((label, at) => ({ label, stroke: strokes[at] }))];
  plot = new Plot({ width: 640, height: 220, series, scales: { x: { time: false } } }, columns, place);
}

async function markup(place, { html }) {
  place.innerHTML = html;
}

async function image(place, { src }) {
  const element = new Image();
  element.src = src;
  place.append(element);
  await element.decode();
}

async function frame(place, { html }) {
  const element = document.createElement("iframe");
  element.sandbox = "";
  element.srcdoc = html;
  const loaded = new Promise((done) => element.addEventListener("load", done));
  place.append(element);
  await loaded;
}

/** The first time there is nothing to append to. */
async function uplotMore(place, source) {
  if (plot) plot.setData(source.columns);
  else await uplot(place, source);
}

export const PLAIN = { katex, mermaid, vega, uplot, uplotMore, markup, image, frame };
