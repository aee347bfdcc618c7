/**
 * Shows hostile conversations in the built widget, and says what happened that may not.
 *
 * Four judges: what ran, what was asked of the network, what stands in the chat, and what changed outside of it.
 * Each gives a list of complaints; the tests want four empty ones, and four that are not of a page that uses `innerHTML`.
 */
import { allGzipped, FakeModel } from "../../../js/dev/fake-model.js";
import factory from "../../../src/agui_widget/static/widget.js";
import { allFaults, copiedFaults, faultsOf } from "./listed.js";

const CHUNKS = await allGzipped();

const frame = () => new Promise((done) => requestAnimationFrame(done));
const moment = (ms) => new Promise((done) => setTimeout(done, ms));

const EVENTS = (
  "click dblclick auxclick contextmenu mousedown mouseup mouseover mouseenter mousemove mouseout pointerdown pointerup pointerover " +
  "pointerenter touchstart focus focusin blur keydown keyup keypress input change beforeinput submit reset select toggle " +
  "beforetoggle animationstart animationend animationiteration transitionend error load scroll wheel drag dragstart dragover drop " +
  "copy cut paste begin end message"
).split(" ");

/** What a reader presses for something that is meant to happen: a picture is fetched, a file is saved, the display is paused. */
const isMeant = (element) =>
  element.matches(".load, [role=menuitem]") ||
  (element.matches(".tool") && /^(Download|PNG|SVG)$/.test(element.textContent));

export async function run({ batches, settings = [], refusals = [], where, marker, isStill, isThorough }) {
  const make = (cell) => new Chat(cell, isThorough);
  return judged(make, async (chat) => {
    chat.model.receive({ t: "batch", e: [] });
    for (const [name, value] of settings.flatMap(Object.entries)) {
      chat.model.set(name, value);
      await frame();
      chat.look(where, marker);
    }
    for (const batch of batches) {
      chat.model.receive({ t: "batch", e: batch });
      await frame();
      chat.look(where, marker);
    }
    for (const message of refusals) {
      chat.model.receive({ t: "refused", nonce: null, message });
      await frame();
      chat.look(where, marker);
    }
    await frame();
    await frame(); // what was too much for one
    if (!isStill) await openAll(chat.root);
    chat.root.querySelector("[aria-haspopup=menu]").click();
    await lastDrawn(chat.root);
    chat.look(where, marker);
  });
}

/** A reader asks for what stands elsewhere. */
export async function load({ batches }) {
  return judged(
    (cell) => new Chat(cell),
    async ({ model, root }) => {
      for (const batch of batches) model.receive({ t: "batch", e: batch });
      await frame();
      await frame();
      root.querySelector(".load").click();
      await moment(200);
    },
  );
}

/** The same judges over a page that does what must not be done. */
export async function control({ payloads, outside }) {
  return judged(
    (cell) => new Careless(cell),
    async ({ root }) => {
      for (const payload of payloads) root.append(parsed(payload));
      for (const payload of outside) document.body.append(parsed(payload));
      await moment(200);
    },
  );
}

function parsed(html) {
  const div = document.createElement("div");
  div.innerHTML = html;
  return div;
}

class Careless {
  isThorough = true;

  constructor(cell) {
    const host = document.createElement("div");
    this.root = host.attachShadow({ mode: "open" });
    cell.append(host);
  }

  async mount() {}
  close() {}
}

/** What turns the words around it, has no width, or is meant for a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: to find them is what this is for
const HIDDEN = /[\u202a-\u202e\u2066-\u2069\u200b\u001b]/;

/** One chat in one cell. */
class Chat {
  isShown = false;
  hides = false;

  constructor(cell, isThorough) {
    this.cell = cell;
    this.isThorough = isThorough;
    this.model = new FakeModel({ title: "Agent", placeholder: "", starters: [], height: 0, theme: "auto" });
    this.model.onIntent = ({ t, name }) => {
      if (t === "chunk") queueMicrotask(() => this.model.receive({ t, name }, [CHUNKS[name]]));
    };
    this.life = new AbortController();
  }

  async mount() {
    const { signal } = this.life;
    const widget = await factory();
    await widget.initialize({ model: this.model, signal });
    await widget.render({ model: this.model, el: this.cell, signal });
    this.root = this.cell.firstElementChild.shadowRoot;
  }

  /** Whether the words that prove that a field is on the screen at all have been there. */
  look(where, marker) {
    if (this.isShown || !marker) return; // it comes last
    if (HIDDEN.test(this.root.textContent)) this.hides = true;
    const places = where ? [...this.root.querySelectorAll(where)] : [this.root];
    const said = (place) => `${place.textContent} ${place.placeholder ?? ""} ${place.title ?? ""}`;
    this.isShown = places.some((place) => said(place).includes(marker));
  }

  close() {
    this.life.abort();
  }
}

/** What happens while `act` has its way with what `make` shows in a cell of its own. */
async function judged(make, act) {
  const names = clobbered();
  const before = look(names);
  const cell = document.createElement("div");
  const changes = watchOutside(cell);
  document.querySelector("main").append(cell);
  changes.forget();

  const nodes = new Set();
  traps.isArmed = true;
  const shown = make(cell);
  await shown.mount();
  const inside = watchInside(shown.root, nodes);
  await act(shown);
  inside.read();
  for (const fault of allFaults(shown.root)) nodes.add(fault);
  await provoke(shown.root, shown.isThorough);
  inside.stop();
  for (const fault of allFaults(shown.root)) nodes.add(fault);
  const outside = [...changes.stop(), ...differences(before, look(names, cell))];
  await moment(20);
  traps.isArmed = false;

  shown.close();
  await frame();
  if (shown instanceof Chat && cell.childNodes.length) outside.push("something is left in the cell");
  cell.remove();
  for (const html of await copiedHtml()) for (const fault of copiedFaults(html)) nodes.add(fault);
  const { executions, requests } = traps;
  const verdict = {
    executions: executions.splice(0),
    requests: requests.splice(0),
    nodes: [...nodes],
    outside,
    isShown: shown.isShown,
    hides: shown.hides,
    sent: [...new Set((shown.model?.sent ?? []).map(({ t }) => t))],
  };
  return verdict;
}

async function copiedHtml() {
  const items = traps.copied.splice(0);
  return Promise.all(items.map(async (item) => (await item.getType("text/html")).text()));
}

/** Open what is folded, and what opens behind it. */
async function openAll(root) {
  for (let round = 0; round < 4; round++) {
    const closed = root.querySelectorAll('button[aria-expanded="false"], button.more:not([hidden])');
    const more = [...closed].filter(
      (button) => button.matches("[aria-expanded]") || /Show all/.test(button.textContent),
    );
    if (!more.length) return;
    for (const button of more) button.click();
    await frame();
    await frame();
  }
}

/** What is in sight is drawn, the last of them too. */
async function lastDrawn(root) {
  const isWaiting = () => [...root.querySelectorAll("figure.drawing")].at(-1)?.dataset.state === "waiting";
  for (let round = 0; round < 100 && isWaiting(); round++) await moment(20);
}

/** Everything that can happen to an element; where a link of ours would lead, nobody goes. */
async function provoke(root, isThorough) {
  const stay = (event) =>
    event.target.closest?.('a[href]:not([href^="javascript:" i])') && event.preventDefault();
  root.addEventListener("click", stay, { capture: true });
  for (const element of provoked(root, isThorough)) {
    if (isMeant(element)) continue;
    for (const type of EVENTS) element.dispatchEvent(eventOf(type));
  }
  await frame();
  await moment(20);
  root.removeEventListener("click", stay, { capture: true });
}

const ALIKE = 25;

/** Of elements that differ in nothing but words and values, `ALIKE`; all of them if it is to be thorough. */
function provoked(root, isThorough) {
  const counts = new Map();
  return [...root.querySelectorAll("*")].filter((element) => {
    if (isThorough) return true;
    const kind = [element.localName, ...element.getAttributeNames(), element.getAttribute("class")].join();
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return counts.get(kind) <= ALIKE;
  });
}

function eventOf(type) {
  const options = { bubbles: type === "click", cancelable: true };
  if (type === "click") return new MouseEvent(type, options);
  return type.startsWith("key")
    ? new KeyboardEvent(type, { ...options, key: "Enter" })
    : new Event(type, options);
}

// -- inside ------------------------------------------------------------------------------------------

/** Also what stands there for one frame only. */
function watchInside(root, faults) {
  const read = (records) => {
    for (const record of records) for (const fault of faultsOf(record)) faults.add(fault);
  };
  const observer = new MutationObserver(read);
  observer.observe(root, { subtree: true, childList: true, attributes: true });
  return {
    read: () => read(observer.takeRecords()),
    stop: () => {
      read(observer.takeRecords());
      observer.disconnect();
    },
  };
}

// -- outside -----------------------------------------------------------------------------------------

/** Every change of the page, but for the one that is declared: a host in the cell, with two classes. */
function watchOutside(cell) {
  const found = [];
  const isHost = (node) => node.parentNode === cell && node.localName === "div" && !node.childNodes.length;
  const isDeclared = ({ type, target, attributeName, addedNodes }) =>
    type === "attributes"
      ? isHost(target) && attributeName === "class" && /^agui-host( agui-live)?$/.test(target.className)
      : target === cell && [...addedNodes].every(isHost);
  const read = (records) => {
    for (const record of records) {
      if (!isDeclared(record))
        found.push(`${record.type} of <${record.target.nodeName}> ${record.attributeName ?? ""}`);
    }
  };
  const observer = new MutationObserver(read);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  return {
    forget: () => observer.takeRecords(),
    stop: () => {
      read(observer.takeRecords());
      observer.disconnect();
      return found;
    },
  };
}

/** Names that a payload might put between a script and what it means: of `document`, of `window`. */
function clobbered() {
  const said =
    "cookie body head forms images links scripts title defaultView currentScript baseURI domain createElement " +
    "getElementById attributes parentNode self top parent opener name location test x a foo config vulnerable exports Jupyter jupyterapp _JUPYTERLAB";
  return said.split(" ");
}

const OURS = {
  storage: /^agui\.draft\./,
  highlight: /^agui-/,
  symbols: ["Symbol(agui.sheets)", "Symbol(agui.chunks)"],
};
const PROTOTYPES = { Object, Array, String, Function, Element, Node, Event, Promise, Map, URL };

/** Formulas bring their faces, by names of their own. */
const fontsOfOthers = () => [...document.fonts].filter(({ family }) => !/^"?agui-katex-/.test(family)).length;

/** All that a page could find changed, as text. */
function look(names, cell) {
  const keys = (thing) =>
    Reflect.ownKeys(thing)
      .map(String)
      .filter((key) => !OURS.symbols.includes(key) && !/^\d+$/.test(key));
  const others = (storage) => Object.keys(storage).filter((key) => !OURS.storage.test(key));
  const ranges = (thing) =>
    typeof thing === "function" ? "function" : thing instanceof Node ? thing.nodeName : String(thing);
  return {
    page: `${location.href} ${document.title} ${history.length} ${window.length} ${window.name} ${document.readyState}`,
    document: written(cell),
    cookies: document.cookie,
    storage: [...others(localStorage), ...others(sessionStorage)].join(),
    globals: keys(window).join(),
    "of the document": keys(document).join(),
    highlights: [...CSS.highlights.keys()].filter((key) => !OURS.highlight.test(key)).join(),
    sheets: `${document.styleSheets.length} ${document.adoptedStyleSheets.length} ${fontsOfOthers()}`,
    names: names.map((name) => `${name}=${ranges(document[name])}/${ranges(window[name])}`).join(),
    ...Object.fromEntries(
      Object.entries(PROTOTYPES).map(([name, { prototype }]) => [name, keys(prototype).join()]),
    ),
    focus:
      document.activeElement === document.body || document.activeElement?.parentNode === cell
        ? ""
        : "elsewhere",
  };
}

/** The page without the cell. */
function written(cell) {
  const copy = document.documentElement.cloneNode(true);
  if (cell) copy.querySelector("main").lastElementChild?.remove();
  return new XMLSerializer().serializeToString(copy);
}

function differences(before, after) {
  return Object.keys(after)
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name}: ${difference(before[name], after[name])}`);
}

function difference(before, after) {
  let at = 0;
  while (at < before.length && before[at] === after[at]) at++;
  return after.slice(Math.max(0, at - 10), at + 100);
}

const FLOW = { nodes: [{ id: "a" }], edges: [] };
const CHART = { data: { values: [{ a: 1 }] }, mark: "bar", encoding: { x: { field: "a" } } };
const TELEMETRY = {
  series: [{ name: "a" }],
  rows: [
    [0, 1],
    [1, 2],
  ],
};
const DRAWN = {
  "application/vnd.agui_widget.flow+json": FLOW,
  "application/vnd.vegalite.v5+json": CHART,
  "application/vnd.agui_widget.telemetry+json": TELEMETRY,
};

const fence = (lang, code) => ({ t: "fence", a: { lang }, c: [code] });
const NODES = [{ t: "math", c: ["x"] }, fence("math", "x"), fence("mermaid", "graph TD\n a --> b")];
const SHOWN = [
  [".a2", "a2ui", { key: "c1", kind: "surface", value: { operations: [], status: { status: "building" } } }],
  [".artifact", "a2ui", { key: "c2", kind: "activity", value: { type: "artifact", content: {} } }],
  [".fence .katex", "text", { key: "t", kind: "blocks", nodes: NODES, text: "" }],
  ...Object.entries({ "application/json": {}, ...DRAWN }).map(([mime, value]) => [
    ".out",
    "text",
    { key: "o", kind: "output", value: { data: { [mime]: value } } },
  ]),
];

/** What draws interfaces, formulas and blocks of code, and what shows objects, is loaded before anything is judged. */
async function warm(selector, lane, part) {
  const cell = document.querySelector("main").appendChild(document.createElement("div"));
  const chat = new Chat(cell);
  await chat.mount();
  const message = {
    id: "a1",
    role: "assistant",
    corr: null,
    ts: 0,
    lanes: { [lane]: { parts: [part], sealed: true } },
  };
  chat.model.receive({
    t: "snap",
    s: { v: "agui.v1", stream: "s", seq: 1, messages: [message], runs: [], state: null },
  });
  while (!chat.root.querySelector(selector) || chat.root.querySelector("[data-state=waiting]"))
    await moment(20);
  chat.close();
  cell.remove();
}

for (const each of SHOWN) await warm(...each);
window.judge = { run, load, control };
document.documentElement.dataset.ready = "";
