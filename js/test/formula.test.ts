import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Draw } from "../src/drawer";
import { type Node, plainText } from "../src/nodes";
import { Chat, drawn, find } from "./helpers";

const { setSight } = await vi.hoisted(() => import("./sight"));

const CHUNKS = Symbol.for("agui.chunks");
const page = globalThis as { [CHUNKS]?: Map<string, Promise<unknown>> };

let chat: Chat;
/** What was drawn, and when each drawing may go on. */
let sources: string[];
let gate: Promise<unknown> | undefined;

/** Draws what has as many brackets as it needs. */
const draw: Draw = async ({ kind, text }, { place, signal }) => {
  sources.push(`${kind} ${text}`);
  await gate;
  if (text.split("{").length !== text.split("}").length) throw new Error("<b>Expected</b> '}'\u202e");
  if (!signal.aborted) place.append(`«${text}»`);
  return { label: text };
};

beforeEach(() => {
  setSight(true);
  page[CHUNKS] = new Map([["chunk:math", Promise.resolve({ css: "", draw })]]);
  sources = [];
  gate = undefined;
  chat = new Chat();
});
afterEach(() => {
  chat.end();
  Reflect.deleteProperty(page, CHUNKS);
});

const display = (tex: string): Node => ({ t: "math", a: { display: true }, c: [tex] });
const inline = (tex: string): Node => ({ t: "math", c: [tex] });
const put = (...nodes: Node[]) =>
  chat.envelope("part.put", "a1", { key: "t", kind: "blocks", nodes, text: plainText(...nodes) });
const start = () => chat.envelope("message.start", "a1", { role: "assistant" }, "status");
const settled = async () => {
  for (let n = 0; n < 3; n++) {
    await drawn();
    await new Promise((done) => setTimeout(done, 5));
  }
};

async function show(...nodes: Node[]): Promise<ShadowRoot> {
  const { root } = chat.render();
  await chat.say(start(), put(...nodes));
  await settled();
  return root;
}

async function change(...nodes: Node[]): Promise<void> {
  await chat.say(put(...nodes));
  await settled();
}

const math = (root: ShadowRoot) => find(root, ".math");
const rest = () => new Promise((done) => setTimeout(done, 1100));

describe("a formula", () => {
  test("is drawn within its words, or as a block", async () => {
    const root = await show({ t: "p", c: ["so ", inline("x"), "."] }, display("y"));
    expect(sources).toEqual(["math x", "math-display y"]);
    expect(find(root, ".nodes p").textContent).toBe("so «x».");
    expect(find(root, ".math[data-display]").textContent).toBe("«y»");
  });

  test("is its TeX where nobody draws it", async () => {
    page[CHUNKS] = new Map([["chunk:math", new Promise(() => {})]]);
    const root = await show(inline("x^2"));
    expect(math(root).textContent).toBe("x^2");
    expect(math(root).getAttribute("role")).toBe("math");
    expect(math(root).hasAttribute("data-drawn")).toBe(false);
  });

  test("waits until it is near the reader's sight", async () => {
    setSight(false);
    const root = await show(inline("x"));
    expect(sources).toEqual([]);
    setSight(true);
    await settled();
    expect(math(root).textContent).toBe("«x»");
  });

  test("that is drawn has no second name for who cannot see it", async () => {
    const root = await show(inline("x^2"));
    expect(math(root).hasAttribute("role")).toBe(false);
  });

  test("is the same element, and not drawn again, when other words change", async () => {
    const root = await show({ t: "p", c: [inline("x"), " and"] });
    const before = find(root, ".formula");
    await change({ t: "p", c: [inline("x"), " and so on"] });
    expect(find(root, ".formula")).toBe(before);
    expect(sources).toEqual(["math x"]);
  });

  test("keeps its last good drawing while it is written", async () => {
    const root = await show(display("a"));
    const seen = new Set<string | null>();
    for (const tex of ["a{", "a{b", "a{b}", "a{b}{", "a{b}{c}"]) {
      await change(display(tex));
      seen.add(math(root).textContent);
    }
    expect([...seen]).toEqual(["«a»", "«a{b}»", "«a{b}{c}»"]);
    await rest();
    expect(math(root).hasAttribute("data-failed")).toBe(false);
  });

  test("that is wrong when it rests is its source, and says why", async () => {
    const root = await show(display("a"));
    await change(display("a{"));
    await rest();
    expect(math(root).textContent).toBe("a{");
    expect(math(root).title).toBe("<b>Expected</b> '}'⟨U+202E⟩");
    expect(math(root).matches("[data-failed][role=math]:not([data-drawn])")).toBe(true);
    await change(display("a{}"));
    expect(math(root).textContent).toBe("«a{}»");
    expect(math(root).matches("[data-failed], [title]")).toBe(false);
  });

  test("shows the latest of what it was when its drawing takes time", async () => {
    let go = () => {};
    gate = new Promise<void>((done) => {
      go = done;
    });
    const root = await show(inline("one"));
    await change(inline("two"));
    go();
    await settled();
    expect(math(root).textContent).toBe("«two»");
    expect(root.querySelectorAll(".formula")).toHaveLength(1);
  });

  test("cannot be turned around by marks that nobody sees", async () => {
    await show(inline("a\u202eb"));
    expect(sources).toEqual(["math a\ufffdb"]);
  });
});

test("a thousand formulas are drawn, in order", async () => {
  const all = Array.from({ length: 1000 }, (_, n) => inline(`x${n}`));
  await show({ t: "p", c: all });
  await vi.waitFor(() => expect(sources).toHaveLength(1000), 4000);
  expect(sources[999]).toBe("math x999");
});
