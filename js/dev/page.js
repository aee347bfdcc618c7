/** Shows the built widget on a plain page. The query: recording, speed, until (ms), theme, width, views, height, link, starters, locale. */
import factory from "../../src/agui_widget/static/widget.js";
import { bars, saleAt } from "../recordings/sales.js";
import { FakeModel, gzipped, load, play } from "./fake-model.js";

const query = new URLSearchParams(location.search);
const controls = document.querySelector("form");
const stage = document.querySelector("main");

const ANSWER_MS = 120;

/** What a kernel would say of the objects in the recordings. */
const ANSWERS = {
  rows: ({ start, count, sort, object }) => {
    const total = object === "o1" ? 1_000_000 : 20;
    const at = (n) => (sort?.[1] === "down" ? total - 1 - n : n);
    return {
      total,
      rows: Array.from({ length: Math.min(count, total - start) }, (_, n) => saleAt(at(start + n))),
    };
  },
  output: () => ({ data: bars([3, 8, 15, 21, 34, 40, 28]) }),
  bind: () => ({ name: "df" }),
};

const traits = {
  title: query.get("title") ?? "Sales analyst",
  placeholder: "",
  height: Number(query.get("height") ?? 0),
  theme: query.get("widget-theme") ?? "auto",
  locale: query.get("locale") ?? "auto",
  starters: query.has("starters")
    ? ["Describe this table", "Which products lost margin?", "Plot sales by month"]
    : [],
};
const model = new FakeModel(traits);
model.onIntent = async (intent) => {
  const { t, name, nonce } = intent;
  if (t === "chunk") model.receive({ t, name }, [await gzipped(name)]);
  else if (Object.hasOwn(ANSWERS, t))
    setTimeout(() => model.receive({ t: "answer", nonce, ...ANSWERS[t](intent) }), ANSWER_MS);
};
const widget = await factory();
const unloading = new AbortController();
await widget.initialize({ model, signal: unloading.signal });

for (let n = 0; n < Number(query.get("views") ?? 1); n++) {
  const el = document.createElement("div");
  el.className = "cell";
  stage.append(el);
  await widget.render({ model, el, signal: unloading.signal });
}

function paint() {
  document.documentElement.dataset.theme = controls.theme.value;
  stage.style.width = controls.width.value ? `${controls.width.value}px` : "";
}

async function run() {
  const lines = controls.recording.value ? await load(controls.recording.value) : [];
  const isStill = query.get("link") === "none";
  if (!lines.length && !isStill) model.receive({ t: "batch", e: [] });
  await play(model, lines, {
    speed: Number(controls.speed.value),
    until: Number(query.get("until") ?? Infinity),
    signal: unloading.signal,
  });
  await Promise.all(window[Symbol.for("agui.chunks")]?.values() ?? []);
  for (let n = 0; n < 2; n++) await new Promise(requestAnimationFrame); // what they draw
  document.documentElement.dataset.played = "true";
}

for (const name of ["recording", "speed", "theme", "width"])
  if (query.has(name)) controls[name].value = query.get(name);
for (const name of ["theme", "width"]) controls[name].addEventListener("input", paint);
paint();
window.agui = { model, widget, play, load };
await run();
