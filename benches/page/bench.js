/**
 * The page of `python -m benches render`: ways to show an answer that streams, and the frames in which they do.
 *
 * A way is a function that fills the stage and gives `{ take, root, blocks }`: `take` is given each message as it came over the
 * wire (JSON), `root` is what is watched, `blocks` are the answer's blocks on screen.
 */
import { HEIGHT, makeBox, WIDTH } from "./box.js";
import { agentChat, frames } from "./chat.js";
import { Mounted, Windowed } from "./long.js";

/** Nothing but the frame and one short text that is written in it. */
function floor(stage) {
  const { root } = makeBox(stage);
  const node = root.appendChild(document.createTextNode(""));
  let n = 0;
  const write = () => {
    node.data = `twenty characters ${n++ % 2 ? "-" : "+"}.`;
  };
  return { take() {}, each: write, root, blocks: () => [] };
}

const WAYS = {
  floor,
  agentChat,
  mounted: (stage) => new Mounted(stage, WIDTH, HEIGHT),
  windowed: (stage) => new Windowed(stage, WIDTH, HEIGHT),
};

let way;
let steps = [];

const stage = document.querySelector("main");

async function waysOf(name) {
  if (Object.hasOwn(WAYS, name)) return WAYS[name];
  const others = "/others.js";
  return (await import(others)).OTHERS[name];
}

/** Show `name`, and what has been said so far. */
async function prepare(name, feed) {
  const { before, after } = await (await fetch(feed)).json();
  way = await (await waysOf(name))(stage);
  steps = after;
  let at = 0;
  while (at < before.length) await frames(1, () => { for (const end = Math.min(at + 200, before.length); at < end; at++) way.take(before[at]); });
  await frames(30);
}

const FRAME_MS = 1000 / 60;
let taken = 0;

/**
 * What `count` frames bring: a message every `every` frames, each a task of its own, as from a socket. Nobody but the way itself
 * asks for frames; only one that takes longer than there is time is waited for, so that it draws each message, too.
 */
async function stream(count, every) {
  if (way.each) return frames(count, way.each);
  let due = performance.now();
  for (const end = Math.min(steps.length, taken + Math.round(count / every)); taken < end; ) {
    due += every * FRAME_MS;
    const wait = due - performance.now();
    if (wait < 0) {
      await frames(1);
      due = performance.now();
    }
    await new Promise((done) => setTimeout(done, Math.max(0, wait)));
    way.take(steps[taken++]);
  }
  await frames(2);
}

/** All that is left, at its pace, watched: what is torn down, and whether what a reader selects in finished blocks stays so. */
async function watch(every, chosenFor) {
  let torn = 0;
  const observer = new MutationObserver((records) => { torn += tornDown(records); });
  observer.observe(way.root, { childList: true, characterData: true, characterDataOldValue: true, subtree: true });
  const selections = { made: 0, lost: 0 };
  while (taken < steps.length) {
    const word = select();
    await stream(chosenFor, every);
    if (taken >= steps.length) await frames(10);
    if (!word) continue;
    selections.made += 1;
    if (selected() !== word) selections.lost += 1;
  }
  observer.disconnect();
  return { torn, ...selections };
}

function tornDown(records) {
  let characters = 0;
  for (const { type, removedNodes, oldValue, target } of records) {
    if (type === "characterData") characters += shrunk(oldValue, target.data);
    for (const node of removedNodes) if (!node.isConnected) characters += node.textContent.length;
  }
  return characters;
}

/** How much of `before` is not at the beginning or at the end of `after`. */
function shrunk(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return before.length - start - end;
}

/** Select a word in the last block that is finished and has one. */
function select() {
  for (const block of way.blocks().slice(0, -1).reverse()) {
    const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode;
      if (node.parentElement.closest("button, style, .fence-head")) continue;
      const found = node.data.match(/[A-Za-z]{4,}/);
      if (!found) continue;
      getSelection().setBaseAndExtent(node, found.index, node, found.index + found[0].length);
      return found[0];
    }
  }
  return "";
}

function selected() {
  const root = way.root.getRootNode();
  const shadowRoots = root instanceof ShadowRoot ? [root] : [];
  const [range] = getSelection().getComposedRanges({ shadowRoots });
  if (!range) return "";
  const live = document.createRange();
  live.setStart(range.startContainer, range.startOffset);
  live.setEnd(range.endContainer, range.endOffset);
  return live.toString();
}

/** Change something of the page `times` times, and let it be drawn each time. */
async function change(times, what) {
  for (let n = 1; n <= times; n++) {
    what(n % 2 === 1);
    await frames(2);
  }
}

const CHANGES = {
  width: (isOdd) => {
    way.scroller.style.width = stage.style.width = `${isOdd ? WIDTH - 60 : WIDTH}px`;
  },
  theme: (isOdd) => document.documentElement.toggleAttribute("data-dark", isOdd),
};

let held = [];

/** The stage with a way on it, and in hand what it will be given: to be built when the clock runs. */
async function hold(name, feed) {
  const { before, after } = await (await fetch(feed)).json();
  way = await (await waysOf(name))(stage);
  [held, steps] = [before, after];
  await frames(5);
}

async function build() {
  for (const json of held) way.take(json);
  await frames(2);
  return way.root.textContent.length;
}

/** Until nothing more is put into the list. */
async function settle() {
  let nodes = -1;
  while (nodes !== way.root.childElementCount) {
    nodes = way.root.childElementCount;
    await frames(4);
  }
}

window.bench = { prepare, stream, watch, hold, build, settle, change: (name, times) => change(times, CHANGES[name]) };
