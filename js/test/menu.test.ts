import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as menu from "../src/menu/chunk";
import { Chat, drawn, find, press } from "./helpers";

const CHUNKS = Symbol.for("agui.chunks");
const page = globalThis as { [CHUNKS]?: Map<string, Promise<unknown>> };

let chat: Chat;
let root: ShadowRoot;
const files: { name: string; blob: Blob }[] = [];

beforeEach(async () => {
  page[CHUNKS] = new Map<string, Promise<unknown>>([["chunk:menu", Promise.resolve(menu)]]);
  files.length = 0;
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    files.push({ name: "", blob: blob as Blob });
    return "blob:1";
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    Object.assign(files.at(-1) as object, { name: this.download });
  });
  chat = new Chat();
  root = chat.render().root;
  await chat.say(run("streaming"), start("a1"), token("a1", "Hello "));
});

afterEach(() => {
  chat.end();
  vi.restoreAllMocks();
  Reflect.deleteProperty(page, CHUNKS);
});

const run = (state: "streaming" | "finished") =>
  chat.envelope("run.update", null, { run_id: "r1", state }, "status");
const start = (id: string) => chat.envelope("message.start", id, { role: "assistant" }, "status");
const token = (id: string, text: string) => chat.envelope("token.delta", id, { text });
const remove = (id: string) => chat.envelope("message.remove", id, {}, "status");

const button = () => find<HTMLButtonElement>(root, "[aria-haspopup=menu]");
const items = () => [...root.querySelectorAll<HTMLButtonElement>("[role=menuitem]")];
const list = () => find(root, "[role=menu]");
const focused = () => root.activeElement;

async function open(): Promise<void> {
  button().click();
  await drawn();
}

async function choose(label: string): Promise<void> {
  if (!root.querySelector("[role=menu]") || list().hidden) await open();
  items()
    .find(({ textContent }) => textContent === label)
    ?.click();
  await drawn();
}

describe("the menu", () => {
  test("is offered where there is a conversation and a kernel", async () => {
    expect(button().parentElement?.hidden).toBe(false);
    await chat.say(remove("a1"));
    expect(button().parentElement?.hidden).toBe(true);
  });

  test("opens at its first item, and the arrow keys go round", async () => {
    await open();
    expect(button().getAttribute("aria-expanded")).toBe("true");
    expect(items().map(({ textContent }) => textContent)).toEqual([
      "Pause the display",
      "Save transcript",
      "Clear conversation",
    ]);
    expect(focused()).toBe(items()[0]);
    for (const [key, at] of [
      ["ArrowUp", 2],
      ["ArrowDown", 0],
      ["ArrowDown", 1],
      ["End", 2],
      ["Home", 0],
    ] as const) {
      press(focused() as HTMLElement, key);
      expect(focused()).toBe(items()[at]);
    }
  });

  test("Esc closes it, gives the focus back and does not stop the run", async () => {
    await open();
    press(focused() as HTMLElement, "Escape");
    expect(list().hidden).toBe(true);
    expect(focused()).toBe(button());
    expect(chat.sent.some(({ t }) => t === "stop")).toBe(false);
  });

  test("closes when the focus goes elsewhere", async () => {
    await open();
    find(root, "[data-composer]").focus();
    expect(list().hidden).toBe(true);
  });
});

describe("pause", () => {
  test("holds the display and not the stream", async () => {
    await choose("Pause the display");
    await chat.say(token("a1", "world"), start("a2"), token("a2", "more"));
    expect(find(root, "[data-message=a1]").textContent).toBe("Hello ");
    expect(root.querySelector("[data-message=a2]")).toBeNull();
    expect(find(root, ".paused").textContent).toBe("Paused · 3 new");
    find<HTMLButtonElement>(root, ".paused").click();
    await drawn();
    expect(find(root, "[data-message=a1]").textContent).toBe("Hello world");
    expect(find(root, "[data-message=a2]").textContent).toBe("more");
    expect(find(root, ".paused").hidden).toBe(true);
  });

  test("ends from the menu, and when the reader says something", async () => {
    await choose("Pause the display");
    await chat.say(token("a1", "world"), run("finished"));
    await choose("Resume the display");
    expect(find(root, "[data-message=a1]").textContent).toBe("Hello world");
    await choose("Pause the display");
    find<HTMLTextAreaElement>(root, "[data-composer]").value = "next";
    press(find(root, "[data-composer]"), "Enter");
    await drawn();
    expect(find(root, ".paused").hidden).toBe(true);
  });

  test("ends when nothing is left", async () => {
    await choose("Pause the display");
    await chat.say(remove("a1"));
    expect(root.querySelector("[data-message=a1]")).toBeNull();
    expect(find(root, ".paused").hidden).toBe(true);
  });
});

describe("clear and save", () => {
  test("a conversation is cleared by the kernel when it was asked twice", async () => {
    await choose("Clear conversation");
    expect(chat.sent.some(({ t }) => t === "clear")).toBe(false);
    await choose("Clear it for good?");
    expect(chat.sent.filter(({ t }) => t === "clear")).toEqual([{ t: "clear" }]);
    expect(focused()).toBe(find(root, "[data-composer]"));
    await open();
    expect(items()[2]?.textContent).toBe("Clear conversation");
  });

  test("a transcript is the kernel's page", async () => {
    await choose("Save transcript");
    const nonce = chat.sent.findLast(({ t }) => t === "transcript")?.nonce;
    chat.model.receive({ t: "answer", nonce, html: "<!doctype html>" });
    await drawn();
    expect(files.map(({ name }) => name)).toEqual(["Analyst.html"]);
    expect(await files[0]?.blob.text()).toBe("<!doctype html>");
  });

  test("where the kernel gives none, it is what would be copied", async () => {
    await choose("Save transcript");
    const nonce = chat.sent.findLast(({ t }) => t === "transcript")?.nonce;
    chat.model.receive({ t: "refused", nonce, message: "too large" });
    await drawn();
    expect(files.map(({ name }) => name)).toEqual(["Analyst.md"]);
    expect(await files[0]?.blob.text()).toContain("Hello");
  });
});
