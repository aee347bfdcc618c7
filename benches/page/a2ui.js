/**
 * The page of `python -m benches a2ui`: one surface, a list of rows of four texts, shown by ways that get the same messages.
 *
 * A way is a function that fills the stage and gives `process(messages)`, called once for each message, as from a socket.
 */
import { Engine } from "../../js/src/a2ui/engine.ts";
import { SurfaceView } from "../../js/src/a2ui/view.ts";
import { styledRoot } from "./styled.js";

function ours(stage) {
  const chat = styledRoot(stage);
  const engine = new Engine({ locale: "en-US" });
  engine.watch(() => {
    const surface = engine.surfaces.get("s");
    if (surface && !chat.firstChild) chat.append(new SurfaceView(surface).element);
  });
  return (messages) => engine.process(messages);
}

let process = () => {};

async function prepare(name) {
  const stage = document.querySelector("main");
  const others = "/a2ui-others.js";
  const way = name === "ours" ? ours : (await import(others)).WAYS[name];
  process = await way(stage);
  await frames(5);
}

function frames(count, task = () => {}) {
  return new Promise((done) => {
    const tick = (at) => {
      if (at === count) return done();
      task(at);
      requestAnimationFrame(() => tick(at + 1));
    };
    requestAnimationFrame(() => tick(0));
  });
}

/** `steps` in turn, one in a frame, each a task of its own. */
async function send(steps) {
  for (const messages of steps) {
    await frames(1);
    await turn(() => process(messages));
  }
  await frames(4);
}

const channel = new MessageChannel();

function turn(task) {
  return new Promise((done) => {
    channel.port1.onmessage = () => done(task());
    channel.port2.postMessage(null);
  });
}

// What is sent is made before the clock runs.

const VERSION = "v0.9";
const CATALOG = "https://a2ui.org/specification/v0_9/catalogs/basic/catalog.json";
const FIELDS = ["name", "place", "count", "state"];

const write = (path, value) => [{ version: VERSION, updateDataModel: { surfaceId: "s", path, value } }];
const rowOf = (i, turn) => ({
  id: `r${i}`,
  name: `Item ${i} (${turn})`,
  place: `Hall ${(i + turn) % 17}`,
  count: `${(i * 37 + turn) % 1000} left`,
  state: (i + turn) % 3 ? "open" : "done",
});
const rowsOf = (count, turn) => Array.from({ length: count }, (_, i) => rowOf(i, turn));

function firstOf(rows) {
  const texts = FIELDS.map((field) => ({ id: field, component: "Text", text: { path: field } }));
  const components = [
    { id: "root", component: "Column", children: ["title", "list"] },
    { id: "title", component: "Text", variant: "h2", text: { path: "/title" } },
    { id: "list", component: "List", children: { componentId: "row", path: "/rows" } },
    { id: "row", component: "Row", children: FIELDS },
    ...texts,
  ];
  return [
    { version: VERSION, createSurface: { surfaceId: "s", catalogId: CATALOG } },
    { version: VERSION, updateComponents: { surfaceId: "s", components } },
    write("/", { title: "Stock", rows: rowsOf(rows, 0) })[0],
  ];
}

/** A row's number that goes all over the list, whatever its length. */
const scattered = (i, rows) => (i * 7919) % rows;

const BATCH = 20;
const leaf = (i, rows) => write(`/rows/${scattered(i, rows)}/${FIELDS[i % 4]}`, `changed ${i}`);

const STEPS = {
  first: ({ rows }) => [firstOf(rows)],
  leaves: ({ rows, updates }) =>
    Array.from({ length: updates / BATCH }, (_, n) =>
      Array.from({ length: BATCH }, (_, i) => leaf(n * BATCH + i, rows)).flat(),
    ),
  append: ({ rows, appended }) =>
    Array.from({ length: appended }, (_, i) => write(`/rows/${rows + i}`, rowOf(rows + i, 0))),
  replace: ({ rows, appended, times }) =>
    Array.from({ length: times }, (_, i) => write("/rows", rowsOf(rows + appended, i + 1))),
  again: ({ rows, appended, times }) =>
    Array.from({ length: times }, (_, i) => {
      const same = rowsOf(rows + appended, times);
      same[i].state = `seen ${i}`;
      return write("/rows", same);
    }),
  nothing: () => [],
};

let held = [];

function hold(step, scale) {
  held = STEPS[step](scale);
}

/** All words on the page, in shadow roots too. */
function words(node = document.querySelector("main")) {
  if (node instanceof Text) return node.data.trim();
  if (["STYLE", "SLOT"].includes(node.nodeName)) return "";
  const below = [...(node.shadowRoot ?? node).childNodes];
  return below.map((child) => words(child)).filter(Boolean).join("\n");
}

const html = () => document.querySelector("main").shadowRoot?.querySelector(".a2-body")?.innerHTML ?? "";
const elements = (node = document.querySelector("main")) =>
  [...(node.shadowRoot ?? node).children, ...(node.shadowRoot ? node.children : [])].reduce((sum, child) => sum + 1 + elements(child), 0);

window.bench = { prepare, hold, send: () => send(held), words, html, elements };
