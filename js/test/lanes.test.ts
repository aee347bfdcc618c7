import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Chat, find } from "./helpers";

let chat: Chat;
let root: ShadowRoot;

beforeEach(() => {
  vi.useFakeTimers();
  chat = new Chat();
  root = chat.render().root;
});

afterEach(() => {
  chat.end();
  vi.advanceTimersByTime(50); // no frame may be left behind in the fake time
  vi.useRealTimers();
});

/** Like `Chat.say`, in the test's own time. */
function say(...e: Parameters<Chat["say"]>): void {
  chat.model.receive({ t: "batch", e });
  vi.advanceTimersByTime(50);
}

const start = (id: string) => chat.envelope("message.start", id, { role: "assistant" }, "status");
const run = (state: "streaming" | "finished") =>
  chat.envelope("run.update", null, { run_id: "r1", state }, "status");
const think = (id: string, text: string) => chat.envelope("token.delta", id, { text }, "reasoning");

describe("reasoning", () => {
  test("one line says that it thinks, then for how long it thought", () => {
    say(start("a1"), think("a1", "hm"));
    const line = find(root, ".reasoning button");
    expect(line.textContent).toBe("Thinking…");
    say(chat.envelope("lane.seal", "a1", { duration_ms: 4200 }, "reasoning"));
    expect(line.textContent).toBe("Thought for 4 s");
  });

  test("its text is mounted when it is opened, and the choice holds for later ones", () => {
    say(start("a1"), think("a1", "first"));
    expect(root.querySelector(".reasoning .prose")).toBeNull();
    find(root, ".reasoning button").click();
    say(think("a1", " thought"), start("a2"), think("a2", "second"));
    expect([...root.querySelectorAll(".reasoning .prose")].map(({ textContent }) => textContent)).toEqual([
      "first thought",
      "second",
    ]);
  });

  test("a lane that was sealed without a thought takes no room", () => {
    say(start("a1"), chat.envelope("lane.seal", "a1", {}, "reasoning"));
    expect(find(root, "[data-message=a1]").hidden).toBe(true);
  });
});

describe("the live line", () => {
  const line = () => find(root, ".activity");

  test("it says when nothing comes, what runs, and at last how to end it", () => {
    say(run("streaming"), start("a1"));
    expect(line().textContent).toBe("Working");
    say(
      chat.envelope(
        "tools.update",
        "a1",
        { tools: [{ call_id: "c", name: "load", state: "running" }] },
        "tools",
      ),
    );
    vi.advanceTimersByTime(12_000);
    expect(line().textContent).toMatch(/^Still working \(load, 1[12] s\)$/);
    vi.advanceTimersByTime(20_000);
    expect(line().textContent).toContain("may be slow");
  });

  test("it goes when the run ends, and no timer stays", () => {
    say(run("streaming"));
    expect(line().hidden).toBe(false);
    say(run("finished"));
    expect(line().hidden).toBe(true);
    vi.advanceTimersByTime(1000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("status", () => {
  test("the footer says how it ended, how long it took, and what it used", () => {
    const usage = [
      { inputTokens: 1000, outputTokens: 300 },
      { inputTokens: 204, outputTokens: 88 },
    ];
    say(
      start("a1"),
      chat.envelope("message.status", "a1", { status: "stopped", duration_ms: 6100, usage }, "status"),
    );
    const words = [...find(root, ".foot").children].map(({ textContent }) => textContent);
    expect(words).toEqual(["stopped", "6.1 s", "1,204 in · 388 out", "Retry"]);
  });

  test("a live word is not a footer", () => {
    say(start("a1"), chat.envelope("message.status", "a1", { status: "preparing" }, "status"));
    expect(root.querySelector(".foot")).toBeNull();
  });

  test("notices are one line, prints are folded and lose their colours", () => {
    say(start("a1"));
    for (const key of ["n1", "n2"]) {
      say(
        chat.envelope(
          "part.put",
          "a1",
          { key, kind: "notice", value: { code: "repair", message: key } },
          "status",
        ),
      );
    }
    const value = { name: "stdout", data: { "text/plain": "\u001b[32mgreen\u001b[0m\n" } };
    say(chat.envelope("part.put", "a1", { key: "stdout", kind: "output", value }, "status"));
    expect([...root.querySelectorAll(".status .quiet")].map(({ textContent }) => textContent)).toEqual([
      "Printed output",
      "2 notices",
    ]);
    find(root, ".printed .quiet").click();
    expect(find(root, ".printed .code").textContent).toBe("green");
  });
});

describe("errors", () => {
  test("the one action retries, but not while a run is on", () => {
    const recovery = [{ label: "Retry", action: "retry" }];
    say(
      start("a1"),
      chat.envelope(
        "error.raise",
        "a1",
        { key: "e", message: "cut", recovery, detail: "Traceback" },
        "errors",
      ),
    );
    say(run("streaming"));
    find(root, ".action").click();
    say(run("finished"));
    find(root, ".action").click();
    expect(chat.sent.filter(({ t }) => t === "retry")).toHaveLength(1);
  });
});
