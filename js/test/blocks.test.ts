import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LaneName, Payloads } from "../src/envelope";
import { Chat, find } from "./helpers";

let chat: Chat;
let root: ShadowRoot;

beforeEach(async () => {
  sessionStorage.clear();
  chat = new Chat();
  root = chat.render().root;
  await chat.say(chat.envelope("message.start", "a1", { role: "assistant" }, "status"));
});

afterEach(() => chat.end());

type Ops = Payloads["blocks.patch"]["ops"];
const patch = (ops: Ops, text = "", lane: LaneName = "text") =>
  chat.envelope("blocks.patch", "a1", { ops, text }, lane);
const add = (...nodes: object[]) => ["add", [], nodes] as Ops[0];

describe("formatted text", () => {
  test("is drawn in its lane, and grows in place", async () => {
    await chat.say(patch([add({ t: "p", c: ["Hello"] })], "Hello"));
    const block = find(root, ".text .nodes p");
    await chat.say(patch([["text", [0, 0], 5, " world"], add({ t: "hr" })], " world"));
    expect(find(root, ".text .nodes p")).toBe(block);
    expect(block.textContent).toBe("Hello world");
  });

  test("has its caret where the next word comes", async () => {
    await chat.say(patch([add({ t: "p", c: ["one"] })]));
    expect(find(root, "[data-end]").localName).toBe("p");
    await chat.say(patch([add({ t: "ul", c: [{ t: "li", c: ["a"] }] })]));
    expect([...root.querySelectorAll("[data-end]")].map(({ localName }) => localName)).toEqual(["li"]);
    await chat.say(patch([add({ t: "fence", a: { open: true }, c: ["x"] })]));
    expect(find(root, "[data-end]").textContent).toBe("x");
    expect(root.querySelectorAll("[data-end]")).toHaveLength(1);
  });

  test("without a block yet takes no room", async () => {
    await chat.say(patch([], ""));
    expect(find(root, "[data-message=a1]").hidden).toBe(true);
  });

  test("a view that comes late, or slept, shows the same", async () => {
    await chat.say(patch([add({ t: "p", c: ["Hello"] })]), patch([["text", [0, 0], 4, " yes"]]));
    const second = chat.render().root;
    expect(find(second, ".nodes").innerHTML).toBe(find(root, ".nodes").innerHTML);
  });

  test("is drawn behind the line of a thought, too", async () => {
    await chat.say(patch([add({ t: "p", c: [{ t: "em", c: ["hm"] }] })], "*hm*", "reasoning"));
    expect(root.querySelector(".reasoning .nodes")).toBeNull();
    find(root, ".reasoning .quiet").click();
    expect(find(root, ".reasoning .nodes em").textContent).toBe("hm");
  });

  test("a snapshot keeps every block that is still right", async () => {
    await chat.say(patch([add({ t: "p", c: ["one"] }, { t: "p", c: ["two"] })]));
    const [one, two] = root.querySelectorAll(".block-page > *");
    const nodes = [
      { t: "p", c: ["one"] },
      { t: "h2", c: ["new"] },
      { t: "p", c: ["two"] },
    ];
    const lanes = { text: { parts: [{ key: "text", kind: "blocks", nodes, text: "" }], sealed: true } };
    const messages = [{ id: "a1", role: "assistant", corr: "r1", ts: 0, lanes }];
    chat.model.receive({
      t: "snap",
      s: { v: "agui.v1", stream: "s", seq: 99, messages, runs: [], state: null },
    });
    await vi.waitFor(() => expect(root.querySelector("h4")).not.toBeNull());
    const blocks = root.querySelectorAll(".block-page > *");
    expect([blocks[0], blocks[2]]).toEqual([one, two]);
    expect(two?.textContent).toBe("two");
  });

  test("a burst is shown over several frames, and whole", async () => {
    const items = Array.from({ length: 4000 }, (_, n) => ({ t: "p", c: [`paragraph number ${n}`] }));
    chat.model.receive({ t: "batch", e: [patch([add(...items)])] });
    await new Promise((done) => requestAnimationFrame(done));
    const blocks = () => root.querySelectorAll(".block-page > *").length;
    expect(blocks()).toBeLessThan(2000);
    await vi.waitFor(() => expect(blocks()).toBe(4000), 10_000);
  });
});

describe("copying a message", () => {
  const copied: Record<string, string>[] = [];

  beforeEach(() => {
    copied.length = 0;
    vi.stubGlobal(
      "ClipboardItem",
      class {
        constructor(readonly flavours: Record<string, Blob>) {}
      },
    );
    vi.spyOn(navigator.clipboard, "write").mockImplementation(async (items) => {
      for (const { flavours } of items as unknown as { flavours: Record<string, Blob> }[]) {
        const pairs = Object.entries(flavours).map(
          async ([type, blob]) => [type, await blob.text()] as const,
        );
        copied.push(Object.fromEntries(await Promise.all(pairs)));
      }
    });
  });

  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  test("gives its source and the same formatted, and says so", async () => {
    const paragraph = { t: "p", c: [{ t: "strong", c: ["a<b"] }] };
    await chat.say(patch([add(paragraph)], "**a<b**"), chat.envelope("lane.seal", "a1", {}));
    find(root, ".actions button").click();
    await vi.waitFor(() => expect(copied).toHaveLength(1));
    expect(copied[0]).toEqual({ "text/plain": "**a<b**", "text/html": "<p><strong>a&lt;b</strong></p>" });
    await vi.waitFor(() => expect(find(root, "[aria-live=polite]").textContent).toBe("Copied"));
  });

  test("of plain text is escaped", async () => {
    await chat.say(chat.envelope("token.delta", "a1", { text: "<b>one\ntwo\n\nthree" }));
    find(root, ".actions button").click();
    await vi.waitFor(() => expect(copied[0]?.["text/html"]).toBe("<p>&lt;b&gt;one<br>two</p>\n<p>three</p>"));
  });

  test("falls back where the clipboard may not be written", async () => {
    vi.spyOn(navigator.clipboard, "write").mockRejectedValue(new Error("not allowed"));
    const execCommand = vi.fn(() => true);
    Object.assign(document, { execCommand });
    await chat.say(chat.envelope("token.delta", "a1", { text: "words" }));
    const button = find(root, ".actions button");
    button.click();
    await vi.waitFor(() => expect(execCommand).toHaveBeenCalledWith("copy"));
    await vi.waitFor(() => expect(button.getAttribute("aria-label")).toBe("Copied"));
    expect(root.querySelectorAll("textarea")).toHaveLength(1);
  });

  test("is offered only for a message that said something", async () => {
    await chat.say(chat.envelope("tools.update", "a1", { tools: [{ call_id: "c", name: "load" }] }, "tools"));
    expect(root.querySelector(".actions")).toBeNull();
  });
});
