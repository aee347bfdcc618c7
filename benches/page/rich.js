/**
 * The page of `python -m benches rich`: what an answer has drawn, timed from the message that ends its source to the frame that
 * shows it; by our chat, or by the same engines used plainly.
 */
import { agentChat, frames } from "./chat.js";

const PATIENCE_MS = 60_000;

const stage = document.querySelector("main");
const chunks = new Map();
let asked = [];
let chat;
let kind;
let plain;

/** Whether what stands there has come, too. */
const COMES = {
  IMG: (image) => image.complete && image.naturalWidth > 0,
  IFRAME: (frame) => frame.contentDocument?.querySelector("td") != null,
};

/** What a reader can tell it by that something more is drawn: how many there are, or what the last one says. */
function onScreen() {
  const all = [...chat.root.querySelectorAll(kind.shown)].filter((each) => COMES[each.tagName]?.(each) ?? true);
  return kind.grows ? all.at(-1)?.textContent : all.length;
}

/** In hand, all that a kernel could be asked for. */
async function takeChunks() {
  const bytes = await (await fetch("/chunks.bin")).arrayBuffer();
  let start = 0;
  for (const [name, length] of Object.entries(await (await fetch("/chunks.json")).json())) {
    chunks.set(name, new DataView(bytes, start, length));
    start += length;
  }
}

async function prepare(feed) {
  kind = await (await fetch(feed)).json();
  await takeChunks();
  chat = await agentChat(stage);
  chat.model.onIntent = ({ t, name }) => {
    if (t !== "chunk") return;
    asked.push(name);
    setTimeout(() => chat.model.emit("msg:custom", { t, name }, [chunks.get(name)]));
  };
  for (const json of kind.begin) chat.take(json);
  await frames(kind.settle);
}

/** All of the source of drawing `n`, but for its end; who draws plainly is given a source whole. */
async function hold(n) {
  if (chat) for (const json of kind.trials[n].before) chat.take(json);
  await frames(kind.settle);
}

/** A task of its own: what the one that calls us does is in no trace. */
const task = () => new Promise((done) => setTimeout(done));

/** Its end; gives the milliseconds until it is shown. */
async function draw(n) {
  const before = onScreen();
  await task();
  const start = performance.now();
  for (const json of kind.trials[n].after) chat.take(json);
  while (onScreen() === before) {
    await frames(1);
    if (performance.now() - start > PATIENCE_MS) throw new Error(`${kind.name} was not drawn`);
  }
  return performance.now() - start;
}

/** What of us the page has asked for, by name. */
const askedFor = () => asked;

// -- the same, plainly ---------------------------------------------------------------------------------

async function preparePlain(feed) {
  kind = await (await fetch(feed)).json();
  const engines = "/engines.js";
  plain = (await import(engines)).PLAIN[kind.plain];
  await frames(kind.settle);
}

async function drawPlain(n) {
  const place = document.createElement("div");
  place.style.width = "640px";
  stage.prepend(place);
  await task();
  const start = performance.now();
  await plain(place, kind.trials[n].source);
  await frames(1);
  return performance.now() - start;
}

window.bench = { prepare, hold, draw, askedFor, preparePlain, drawPlain };
