import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Draw, type Stage, UNFINISHED } from "../src/drawer";
import type { Node } from "../src/nodes";
import * as sketch from "../src/sketch/chunk";
import { Chat, drawn, find } from "./helpers";

const CHUNKS = Symbol.for("agui.chunks");
const page = globalThis as { [CHUNKS]?: Map<string, Promise<unknown>> };

const { setSight } = await vi.hoisted(() => import("./sight"));

/** What is drawn, and with what; a test may have it wait or fail. */
interface Pencil {
  stages: (Stage & { text: string })[];
  draw: Draw;
  destroyed: string[];
}

let chat: Chat;
let pencil: Pencil;

const mermaid = () => ({ css: ".fake { color: red }", draw: ((...all) => pencil.draw(...all)) as Draw });
const picture = (text: string): Node => ({
  t: "svg",
  a: { viewBox: "0 0 1 1" },
  c: [{ t: "title", c: [text] }],
});

const simple: Draw = async (source, stage) => {
  pencil.stages.push(Object.assign(Object.create(stage), { text: source.text }));
  if (source.text.startsWith("bad")) throw new Error("<b>line 1</b> is no diagram");
  stage.place.append(`drawn ${source.text} in ${stage.scheme}`);
  return {
    label: `A picture of ${source.text}`,
    tools: [{ label: "Zoom", run: () => stage.act("zoom", { id: "n1", by: 2 }) }],
    snapshot: async () => picture(source.text),
    destroy: () => pencil.destroyed.push(source.text),
  };
};

beforeEach(() => {
  page[CHUNKS] = new Map<string, Promise<unknown>>([
    ["chunk:mermaid", Promise.resolve(mermaid())],
    ["chunk:sketch", Promise.resolve(sketch)],
  ]); // as it is after a first chat
  pencil = { stages: [], draw: simple, destroyed: [] };
  setSight(true);
  chat = new Chat();
});
afterEach(() => {
  chat.end();
  vi.unstubAllGlobals();
  Reflect.deleteProperty(page, CHUNKS);
  document.documentElement.removeAttribute("style");
});

const start = () => chat.envelope("message.start", "a1", { role: "assistant" }, "status");
const fence = (text: string, more: object = {}, lang = "mermaid"): Node => ({
  t: "fence",
  a: { lang, ...more },
  c: [text],
});
const put = (...nodes: Node[]) =>
  chat.envelope("part.put", "a1", { key: "t", kind: "blocks", nodes, text: "" });
const of = (t: string) => chat.sent.filter((intent) => intent.t === t);
const papers = (root: ShadowRoot) => [...root.querySelectorAll(".paper:not([data-hidden])")];
const said = (root: ShadowRoot) => papers(root).map(({ textContent }) => textContent);
const settled = async () => {
  for (let n = 0; n < 3; n++) {
    await drawn();
    await new Promise((done) => setTimeout(done, 12));
  }
};
const button = (root: ShadowRoot, label: string) =>
  [...root.querySelectorAll<HTMLButtonElement>(".fence button")].find(
    ({ textContent }) => textContent === label,
  );

async function show(...nodes: Node[]): Promise<ShadowRoot> {
  const { root } = chat.render();
  await chat.say(start(), put(...nodes));
  await settled();
  return root;
}

describe("a block that somebody draws", () => {
  test("is code while it is written, and drawn when it is whole", async () => {
    const root = await show(fence("graph", { open: true }));
    expect(pencil.stages).toEqual([]);
    await chat.say(put(fence("graph TD")));
    await settled();
    expect(said(root)).toEqual(["drawn graph TD in light"]);
    expect(find(root, ".fence").hasAttribute("data-drawn")).toBe(true);
    expect(find(root, "figure.drawing").getAttribute("aria-label")).toBe("A picture of graph TD");
  });

  test("shows its source to who asks, and its drawing again", async () => {
    const root = await show(fence("graph TD"));
    button(root, "Source")?.focus();
    button(root, "Source")?.click();
    expect(root.activeElement).toBe(button(root, "Drawing")); // the same button
    expect(find(root, ".fence").hasAttribute("data-drawn")).toBe(false);
    expect(button(root, "Zoom")?.closest("[hidden]")).not.toBeNull();
    button(root, "Drawing")?.click();
    expect(find(root, ".fence").hasAttribute("data-drawn")).toBe(true);
    expect(pencil.stages).toHaveLength(1);
  });

  test("waits until it is near the reader's sight", async () => {
    setSight(false);
    const root = await show(fence("graph TD"));
    expect(of("chunk")).toEqual([]);
    expect(said(root)).toEqual([]);
    setSight(true);
    await settled();
    expect(said(root)).toEqual(["drawn graph TD in light"]);
  });

  test("says why it cannot be drawn, as text, above its source", async () => {
    const root = await show(fence("bad"));
    expect(find(root, ".undrawn").textContent).toContain("<b>line 1</b> is no diagram");
    expect(find(root, ".undrawn").hidden).toBe(false);
    expect(find(root, ".fence .lines").textContent).toBe("bad");
    expect(button(root, "Source")?.closest("[hidden]")).not.toBeNull();
  });

  test("that was cut is told from one that is wrong: nobody made a mistake", async () => {
    pencil.draw = async ({ text }) => {
      throw Object.assign(new Error("it ends"), { name: text === "cut" ? UNFINISHED : "Error" });
    };
    const root = await show(fence("cut"), fence("wrong"));
    const marks = [...root.querySelectorAll(".drawing")].map((each) => each.hasAttribute("data-unfinished"));
    expect(marks).toEqual([true, false]);
  });

  test("keeps its last drawing until the next one is done", async () => {
    const root = await show(fence("one"));
    const first = papers(root)[0];
    let go = () => {};
    pencil.draw = async (source, stage) => {
      await new Promise<void>((done) => {
        go = done;
      });
      return simple(source, stage);
    };
    await chat.say(put(fence("two")));
    await settled();
    expect(papers(root)).toEqual([first]);
    go();
    await settled();
    expect(said(root)).toEqual(["drawn two in light"]);
    expect(pencil.destroyed).toEqual(["one"]);
  });

  test("whose source changed while it was drawn shows the latest one only", async () => {
    const waiting: (() => void)[] = [];
    pencil.draw = async (source, stage) => {
      await new Promise<void>((done) => waiting.push(done));
      return simple(source, stage);
    };
    const root = await show(fence("one"));
    await chat.say(put(fence("two")));
    await settled();
    waiting[0]?.();
    await settled();
    waiting[1]?.();
    await settled();
    expect(said(root)).toEqual(["drawn two in light"]);
    expect(root.querySelectorAll(".paper")).toHaveLength(1);
  });

  test("is code, and says why, where the kernel gives nothing to show drawings with; and is drawn when it does", async () => {
    page[CHUNKS]?.delete("chunk:sketch");
    const root = await show(fence("graph TD"));
    chat.model.receive({ t: "chunk", name: "sketch", error: "not built" });
    await settled();
    expect(find(root, ".undrawn").textContent).toContain("did not give");
    expect(find(root, ".fence .lines").textContent).toBe("graph TD");
    page[CHUNKS]?.set("chunk:sketch", Promise.resolve(sketch)); // Node imports no Blob
    chat.model.receive({ t: "chunk", name: "sketch" }, [new DataView(new ArrayBuffer(8))]);
    await settled();
    expect(said(root)).toEqual(["drawn graph TD in light"]);
    expect(find(root, ".undrawn").hidden).toBe(true);
  });

  test("asks once for who draws, in however many chats of a page", async () => {
    page[CHUNKS]?.delete("chunk:mermaid");
    const chats = Array.from({ length: 10 }, () => new Chat());
    for (const each of chats) {
      each.render();
      const started = each.envelope("message.start", "a1", { role: "assistant" }, "status");
      const part = { key: "t", kind: "blocks" as const, nodes: [fence("graph TD")], text: "" };
      await each.say(started, each.envelope("part.put", "a1", part));
    }
    await settled();
    const asked = chats.flatMap(({ sent }) => sent.filter(({ t }) => t === "chunk"));
    expect(asked).toEqual([{ t: "chunk", name: "mermaid" }]);
    for (const each of chats) each.end();
  });

  test("in another language is code", async () => {
    const root = await show(fence("x = 1", {}, "python"));
    expect(root.querySelector(".drawing")).toBeNull();
  });

  test("that goes ends its drawing", async () => {
    await show(fence("graph TD"));
    await chat.say(put({ t: "p", c: ["gone"] }));
    expect(pencil.destroyed).toEqual(["graph TD"]);
    expect(pencil.stages[0]?.signal.aborted).toBe(true);
  });

  test("tells the agent what the reader did on it", async () => {
    const root = await show(fence("graph TD"));
    button(root, "Zoom")?.click();
    const [{ message }] = of("action") as unknown as [{ message: { userAction: object } }];
    expect(message.userAction).toMatchObject({
      name: "zoom",
      surfaceId: "mermaid",
      context: { id: "n1", by: 2 },
    });
  });

  test("is drawn one after the other", async () => {
    let open = 0;
    let most = 0;
    pencil.draw = async (source, stage) => {
      most = Math.max(most, ++open);
      await new Promise((done) => setTimeout(done, 2));
      open--;
      return simple(source, stage);
    };
    const root = await show(...["a", "b", "c", "d"].map((text) => fence(text)));
    await vi.waitFor(() => expect(said(root)).toHaveLength(4));
    expect(most).toBe(1);
  });
});

describe("the theme", () => {
  test("of the page is that of the drawing, also when it changes", async () => {
    const { root, el } = chat.render();
    el.style.color = "rgb(0, 0, 0)";
    find(root, ".chat").style.color = "rgb(20, 20, 20)";
    await chat.say(start(), put(fence("graph TD")));
    await settled();
    find(root, ".chat").style.color = "rgb(230, 230, 230)";
    await settled();
    expect(said(root)).toEqual(["drawn graph TD in dark"]);
    expect(find(root, "figure.drawing").dataset.scheme).toBe("dark");
  });

  test("repaints what can be repainted", async () => {
    const repainted: string[] = [];
    pencil.draw = async (source, stage) => ({
      ...(await simple(source, stage)),
      repaint: (scheme) => repainted.push(scheme),
    });
    const root = await show(fence("graph TD"));
    find(root, ".chat").style.color = "rgb(230, 230, 230)";
    await settled();
    expect(repainted).toEqual(["dark"]);
    expect(pencil.stages).toHaveLength(1);
  });
});

describe("what was drawn", () => {
  const kept = (text: string) => ({
    t: "drawn",
    kind: "mermaid",
    text,
    scheme: "light",
    node: picture(text),
  });

  test("is handed back once, however many views draw it", async () => {
    chat.render();
    await show(fence("graph TD"));
    await chat.say(put(fence("graph LR")));
    await settled();
    await chat.say(put(fence("graph TD")));
    await settled();
    expect(of("drawn")).toEqual([kept("graph TD"), kept("graph LR")]);
  });

  test("is handed back when the page has nothing else to do, and never under another source's name", async () => {
    const resting: (() => void)[] = [];
    vi.stubGlobal("requestIdleCallback", (go: () => void) => resting.push(go));
    const root = await show(fence("graph TD"));
    await chat.say(put(fence("graph LR")));
    await settled();
    expect([said(root), of("drawn")]).toEqual([["drawn graph LR in light"], []]);
    for (const go of resting) go();
    await settled();
    expect(of("drawn")).toEqual([kept("graph LR")]);
  });

  test("is handed back again when it went with its message", async () => {
    await show(fence("graph TD"));
    await chat.say(chat.envelope("message.remove", "a1", {}));
    await chat.say(start(), put(fence("graph TD")));
    await settled();
    expect(of("drawn")).toEqual([kept("graph TD"), kept("graph TD")]);
  });

  test("stands in for a drawing that nobody can draw, and is shown nowhere else", async () => {
    page[CHUNKS]?.delete("chunk:mermaid");
    chat = new Chat({ isSaved: true });
    (chat.model as { onIntent: (intent: { t: string; name: string }) => void }).onIntent = ({ t, name }) =>
      t === "chunk" && queueMicrotask(() => chat.model.receive({ t, name, error: "not here" }));
    const hostile = {
      t: "svg",
      a: { viewBox: "0 0 1 1", onload: "alert(1)", fill: "url(//x)" },
      c: [
        { t: "script", c: ["alert(1)"] },
        { t: "text", c: ["<b>"] },
      ],
    };
    const key = "drawing:30b4f97059ac363c"; // sha256("mermaid\ngraph TD")
    const value = { kind: "mermaid", scheme: "dark", node: hostile } as const;
    const { root } = chat.render();
    await chat.say(
      start(),
      put(fence("graph TD"), fence("other")),
      chat.envelope("part.put", "a1", { key, kind: "drawing", value }),
    );
    await settled();
    const svg = find<HTMLElement>(root, ".paper > svg");
    expect(svg.getAttributeNames()).toEqual(["viewBox"]);
    expect([...svg.children].map(({ tagName }) => tagName.toLowerCase())).toEqual(["text"]);
    expect(find(root, "figure.drawing").dataset.scheme).toBe("dark");
    expect(papers(root)).toHaveLength(1);
    expect(root.querySelectorAll(".undrawn:not([hidden])")).toHaveLength(1);
    expect(find(root, ".text").children).toHaveLength(1);
    expect(of("drawn")).toEqual([]);
  });
});
