import type { AnyModel } from "@anywidget/types";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeModel } from "../dev/fake-model.js";
import { Connection } from "../src/connection";
import { Store } from "../src/store";
import { Chat, find } from "./helpers";

let chat: Chat;

beforeEach(() => {
  vi.useFakeTimers();
  chat = new Chat();
});

afterEach(() => {
  chat.end();
  vi.advanceTimersByTime(50); // no frame may be left behind in the fake time
  vi.useRealTimers();
});

const of = (t: string) => chat.sent.filter((intent) => intent.t === t);
const token = () => chat.envelope("token.delta", "a1", { text: "x" });

test("a page asks for what it lacks at once, and again every 2 s until something comes", () => {
  expect(of("sync")).toEqual([{ t: "sync", have: 0 }]);
  vi.advanceTimersByTime(4000);
  expect(of("sync")).toHaveLength(3);
  chat.model.receive({ t: "batch", e: [token()] });
  vi.advanceTimersByTime(10_000);
  expect(of("sync")).toHaveLength(3);
});

test("a refusal is no answer to a sync", () => {
  chat.model.receive({ t: "refused", nonce: null, message: "no" });
  vi.advanceTimersByTime(2000);
  expect(of("sync")).toHaveLength(2);
});

test("a gap asks for a snapshot once, not once a batch", () => {
  chat.model.receive({ t: "batch", e: [token()] });
  token();
  for (let n = 0; n < 5; n++) chat.model.receive({ t: "batch", e: [token()] });
  expect(of("sync")).toEqual([
    { t: "sync", have: 0 },
    { t: "sync", have: 1 },
  ]);
});

test("acknowledgements come at most every 250 ms, and the last number is acknowledged", () => {
  for (let n = 0; n < 100; n++) {
    chat.model.receive({ t: "batch", e: [token()] });
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(250);
  expect(of("ack").length).toBeLessThanOrEqual(6);
  expect(of("ack").at(-1)).toEqual({ t: "ack", seq: 100 });
});

test("nobody answering is offline within 5 s, and any message is live again", () => {
  const { root } = chat.render();
  const chatElement = find(root, ".chat");
  vi.advanceTimersByTime(5000);
  expect(chatElement.dataset.link).toBe("offline");
  expect(find(root, "[data-banner]").hidden).toBe(false);
  expect(find<HTMLTextAreaElement>(root, "[data-composer]").readOnly).toBe(true);
  chat.model.receive({ t: "batch", e: [token()] });
  vi.advanceTimersByTime(50);
  expect(chatElement.dataset.link).toBe("live");
  expect(find(root, "[data-banner]").hidden).toBe(true);
});

test("a kernel that restarted is told from one that never answered", () => {
  const { root } = chat.render();
  chat.model.die();
  vi.advanceTimersByTime(50);
  expect(find(root, ".chat").dataset.link).toBe("restarted");
  expect(find(root, "[data-banner]").textContent).toContain("restarted");
});

test("a run of a kernel that is gone does not look as if it went on", () => {
  const { root } = chat.render();
  const row = { call_id: "c1", name: "load", state: "running" as const };
  chat.model.receive({
    t: "batch",
    e: [
      chat.envelope("message.start", "a1", { role: "assistant" }, "status"),
      chat.envelope("run.update", null, { run_id: "r1", state: "streaming" }, "status"),
      token(),
      chat.envelope("tools.update", "a1", { tools: [row] }, "tools"),
    ],
  });
  vi.advanceTimersByTime(50);
  chat.model.die();
  vi.advanceTimersByTime(50);
  expect(root.querySelector(".text[data-live]")).toBeNull();
  expect(find(root, "[data-call=c1]").dataset.state).toBe("cancelled");
  expect(find(root, ".activity").hidden).toBe(true);
  expect(find(root, ".round").dataset.action).toBe("send");
});

test("after the end nothing of ours is left at the model, and no timer runs", () => {
  chat.render();
  chat.model.receive({
    t: "batch",
    e: [chat.envelope("run.update", null, { run_id: "r1", state: "preparing" })],
  });
  vi.advanceTimersByTime(50);
  chat.end();
  expect(chat.model.listenerCount).toBe(0);
  vi.advanceTimersByTime(50);
  expect(vi.getTimerCount()).toBe(0);
});

test("where a file answers, the chat can be read and says that it is one", () => {
  chat.end();
  chat = new Chat({ isSaved: true });
  const { root, el } = chat.render();
  chat.model.receive({ t: "batch", e: [token()] });
  vi.advanceTimersByTime(50);
  expect(find(root, ".chat").dataset.link).toBe("saved");
  expect(find(root, "[data-banner]").textContent).toContain("saved conversation");
  expect(find<HTMLTextAreaElement>(root, "[data-composer]").readOnly).toBe(true);
  expect(el.querySelector(".agui-live")).toBeNull();
});

describe("a chunk", () => {
  /** A page whose kernel answers as `answers` says; what it was asked, and what came of it. */
  function page(answers: ("lost" | "given" | "refused")[] = [], isLive = true) {
    const model = new FakeModel();
    const life = new AbortController();
    const connection = new Connection(model as unknown as AnyModel, new Store(), life.signal);
    const asked: number[] = [];
    const began = Date.now();
    const give = (name: string) => model.receive({ t: "chunk", name }, [new DataView(new ArrayBuffer(3))]);
    const onIntent = ({ t, name }: { t: string; name: string }) => {
      if (t !== "chunk") return;
      const answer = answers[asked.push(Date.now() - began) - 1];
      if (answer === "given") give(name);
      else if (answer === "refused") model.receive({ t: "chunk", name, error: "no such chunk" });
    };
    Object.assign(model, { onIntent });
    if (isLive) model.receive({ t: "batch", e: [] });
    const came: string[] = [];
    const fetch = (name = "math") =>
      connection.fetchChunk(name).then(
        (bytes) => came.push(`${bytes.byteLength} bytes of ${name}`),
        (error: Error) => came.push(error.message),
      );
    return { model, life, asked, came, give, fetch };
  }

  test("whose answer is lost is asked for again", async () => {
    const { asked, came, fetch } = page(["lost", "given"]);
    fetch();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([asked, came]).toEqual([[0, 5000], ["3 bytes of math"]]);
  });

  test("is asked for three times within 25 s, and no more", async () => {
    const { asked, came, fetch } = page(["lost", "lost", "lost", "given"]);
    fetch();
    await vi.advanceTimersByTimeAsync(24_999);
    expect([asked, came]).toEqual([[0, 5000, 15_000], []]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect([asked.length, came]).toEqual([3, ["the kernel gave no math"]]);
  });

  test("that came once is taken once, however often it was asked for", async () => {
    const { asked, came, give, fetch } = page();
    fetch();
    await vi.advanceTimersByTimeAsync(6000);
    for (let n = 0; n < 2; n++) give("math");
    await vi.advanceTimersByTimeAsync(60_000);
    expect([asked.length, came]).toEqual([2, ["3 bytes of math"]]);
  });

  test("that the kernel refuses is not asked for again", async () => {
    const { asked, came, fetch } = page(["refused", "given"]);
    fetch();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([asked.length, came]).toEqual([1, ["the kernel gave no math"]]);
  });

  test("that is lost keeps no other from coming", async () => {
    const { asked, came, fetch } = page(["lost", "given", "given"]);
    fetch("math");
    fetch("flow");
    await vi.advanceTimersByTimeAsync(60_000);
    expect([asked, came]).toEqual([
      [0, 0, 5000],
      ["3 bytes of flow", "3 bytes of math"],
    ]);
  });

  test("is asked for once of a kernel that never answers, that is gone, or when the page is", async () => {
    const [silent, gone, ended] = [page([], false), page(), page()];
    const all = [silent, gone, ended];
    for (const { fetch } of all) fetch();
    gone.model.die();
    ended.life.abort();
    await vi.advanceTimersByTimeAsync(60_000);
    for (const { asked, came } of all) expect([asked, came]).toEqual([[0], ["the kernel gave no math"]]);
  });
});
