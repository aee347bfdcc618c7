import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Message } from "../src/fold";
import { Chat, drawn, find } from "./helpers";

let chat: Chat;
let root: ShadowRoot;

beforeEach(() => {
  chat = new Chat();
  root = chat.render().root;
});

afterEach(() => chat.end());

const message = (at: number, text = `message ${at}`, lanes: Message["lanes"] = {}): Message => ({
  ...{ id: `m${at}`, role: at % 2 ? "assistant" : "user", corr: `r${at >> 1}`, ts: 0 },
  lanes: { text: { parts: [{ key: "text", kind: "text", text }], sealed: true }, ...lanes },
});

const messages = (count: number, from = 0) => Array.from({ length: count }, (_, at) => message(from + at));

function take(messages: Message[], more: object = {}): void {
  chat.model.receive({
    t: "snap",
    s: { v: "agui.v1", stream: "s", seq: 1, messages, runs: [], state: null, ...more },
  });
}

const shown = () => [...root.querySelectorAll<HTMLElement>(".message")].map(({ dataset }) => dataset.message);
const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `m${from + at}`);
const isShown = (count: number) => vi.waitFor(() => expect(countShown()).toBe(count), { timeout: 30_000 });
const countShown = () =>
  [...find(root, ".log").children].reduce((sum, { childElementCount }) => sum + childElementCount, 0);
const earlier = () => find<HTMLButtonElement>(root, "[data-earlier]");
const start = (id: string) => chat.envelope("message.start", id, { role: "assistant" }, "status");
const token = (id: string, text: string) => chat.envelope("token.delta", id, { text });
/** What the page has is behind `seq`. */
const skip = () => start("skipped");

describe("a long conversation", { timeout: 60_000 }, () => {
  test("begins with its end, and what came before follows above it on the same nodes", async () => {
    take(messages(230));
    await new Promise(requestAnimationFrame);
    expect(shown()).toEqual(ids(210, 230));
    const last = find(root, "[data-message=m229]");
    await isShown(230);
    expect(shown()).toEqual(ids(0, 230));
    expect(find(root, "[data-message=m229]")).toBe(last);
    expect(earlier().hidden).toBe(true);
  });

  test("takes what arrives while its beginning is still to come", async () => {
    take(messages(230));
    skip();
    await chat.say(start("new"), token("new", "Hello"));
    expect(find(root, "[data-message=new]").textContent).toBe("Hello");
    await isShown(231);
    expect(shown()).toEqual([...ids(0, 230), "new"]);
  });

  test("of more than two thousand shows the latest, and the ones before when it is asked", async () => {
    take(messages(2250));
    await isShown(2000);
    await drawn();
    expect(shown()[0]).toBe("m250");
    expect(earlier().textContent).toBe("Show 200 of 250 earlier messages");
    skip();
    await chat.say(token("m1", " and more"));
    earlier().click();
    await isShown(2200);
    await drawn();
    expect(shown()).toEqual(ids(50, 2250));
    expect(earlier().textContent).toBe("Show 50 earlier messages");
    earlier().click();
    await isShown(2250);
    await drawn();
    expect(earlier().hidden).toBe(true);
    expect(find(root, "[data-message=m1]").textContent).toBe("message 1 and more");
  });

  test("that another one takes the place of begins anew", async () => {
    take(messages(230));
    await isShown(230);
    take(messages(120, 5000), { stream: "other" });
    await isShown(120);
    expect(shown()).toEqual(ids(5000, 5120));
    expect(earlier().hidden).toBe(true);
  });
});

describe("a token", () => {
  test("looks at no message but its own", async () => {
    take(messages(120));
    await isShown(120);
    skip();
    await chat.say(chat.envelope("run.update", null, { run_id: "r1", state: "streaming" }), start("new"));
    await chat.say(token("new", "Hello"));
    const asked = vi.spyOn(Element.prototype, "getAttribute");
    const toggled = vi.spyOn(Element.prototype, "toggleAttribute");
    await chat.say(token("new", " world"));
    const touched = [...asked.mock.contexts, ...toggled.mock.contexts] as unknown as Element[];
    vi.restoreAllMocks();
    const ofMessages = new Set(touched.map((element) => element.closest(".message")));
    ofMessages.delete(null);
    expect([...ofMessages]).toEqual([find(root, "[data-message=new]")]);
  });

  test("that ends a run seals what was open, wherever it stands", async () => {
    const open = message(0, "open");
    (open.lanes.text as { sealed: boolean }).sealed = false;
    open.corr = "r1";
    take([open, ...messages(60, 1)], { runs: [{ run_id: "r1", state: "streaming" }] });
    await isShown(61);
    expect(root.querySelectorAll(".text[data-live]")).toHaveLength(1);
    skip();
    await chat.say(chat.envelope("run.update", null, { run_id: "r1", state: "error" }));
    expect(root.querySelectorAll(".text[data-live]")).toHaveLength(0);
  });
});

describe("what is folded", () => {
  const row = (at: number, state = "done") => ({
    ...{ key: `c${at}`, kind: "tool" as const },
    value: { call_id: `c${at}`, name: "load", state: state as "done", args: "{}", result: "ok" },
  });
  const calls = () =>
    [...root.querySelectorAll<HTMLElement>("[data-call]")].map(({ dataset }) => dataset.call);

  test("rows have no elements until the group is opened, but for what failed", async () => {
    const parts = [row(0), row(1), row(2, "error"), row(3), row(4)];
    take([message(1, "x", { tools: { parts, sealed: true } })]);
    await drawn();
    expect(calls()).toEqual(["c2"]);
    const failed = find(root, "[data-call=c2]");
    find(root, ".summary").click();
    expect(calls()).toEqual(["c0", "c1", "c2", "c3", "c4"]);
    expect(find(root, "[data-call=c2]")).toBe(failed);
    find(root, ".summary").click();
    expect(calls()).toHaveLength(5);
  });

  test("a call's body and an agent's thoughts are made when they are opened", async () => {
    const reasoning = { parts: [{ key: "text", kind: "text" as const, text: "hm" }], sealed: true };
    take([message(1, "x", { reasoning, tools: { parts: [row(0)], sealed: true } })]);
    await drawn();
    expect(root.querySelector(".body, .thoughts")).toBeNull();
    find(root, ".line").click();
    find(root, ".reasoning button").click();
    expect(find(root, ".body").textContent).toContain("ok");
    expect(find(root, ".thoughts").textContent).toBe("hm");
  });

  test("notices too", async () => {
    const notice = { key: "n", kind: "notice" as const, value: { code: "repair", message: "fixed" } };
    take([message(1, "x", { status: { parts: [notice], sealed: true } })]);
    await drawn();
    expect(root.querySelector(".notices")).toBeNull();
    find(root, ".status button").click();
    expect(find(root, ".notices").textContent).toBe("repair fixed");
  });
});
