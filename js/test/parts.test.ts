import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Footer, LaneName, Part, PartOf, RunState } from "../src/envelope";
import { Chat, find } from "./helpers";

let chat: Chat;
let root: ShadowRoot;

beforeEach(() => {
  sessionStorage.clear();
  chat = new Chat();
  root = chat.render().root;
});

afterEach(() => chat.end());

const run = (state: RunState, detail?: string) =>
  chat.envelope("run.update", null, { run_id: "r1", state, ...(detail ? { detail } : {}) }, "status");
const start = (id: string, more: object = {}) =>
  chat.envelope("message.start", id, { role: "assistant", ...more }, "status");
const token = (id: string, text: string) => chat.envelope("token.delta", id, { text });
const put = (id: string, lane: LaneName, part: Part) => chat.envelope("part.put", id, part, lane);

describe("a question", () => {
  const value = { id: "i1", reason: "confirmation", message: "Drop <b>it</b>?", answer: "chat.resolve()" };
  const question: Part = { key: "i1", kind: "question", value };

  test("says what the run waits for and the line that answers it, as text", async () => {
    await chat.say(start("a1"), put("a1", "tools", question), run("finished", "interrupt"));
    const card = find(root, "[data-question=i1]");
    expect(card.textContent).toContain("Drop <b>it</b>?");
    expect(card.querySelector("code")?.textContent).toBe("chat.resolve()");
    expect(card.querySelector("b")).toBeNull();
  });

  test("makes the chat wait for the reader, who may still type", async () => {
    await chat.say(start("a1"), put("a1", "tools", question), run("finished", "interrupt"));
    expect(find(root, "[data-status]").dataset.status).toBe("awaiting_input");
    expect(root.querySelector("[data-action=send]")).not.toBeNull();
  });

  test("goes when it is answered", async () => {
    await chat.say(start("a1"), put("a1", "tools", question));
    await chat.say(chat.envelope("part.remove", "a1", { key: "i1" }, "tools"));
    expect(root.querySelector("[data-question]")).toBeNull();
  });
});

describe("an activity", () => {
  test("is a card with its type, patched in its place", async () => {
    const activity = (content: object) =>
      put("a1", "text", { key: "activity", kind: "activity", value: { type: "plan", content } });
    await chat.say(start("a1"), activity({ steps: 1 }));
    const card = find(root, ".activity-card");
    find<HTMLButtonElement>(root, ".activity-card button").click();
    await chat.say(activity({ steps: 2 }));
    expect(find(root, ".activity-card")).toBe(card);
    expect(card.textContent).toContain('"steps": 2');
  });
});

describe("a stopped answer", () => {
  test("is marked, and can be tried again", async () => {
    await chat.say(start("a1"), token("a1", "so far"), run("aborted"));
    await chat.say(chat.envelope("message.status", "a1", { status: "stopped", duration_ms: 900 }, "status"));
    expect(find(root, "[data-lane=status]").textContent).toContain("stopped");
    find<HTMLButtonElement>(root, ".again").click();
    expect(chat.sent.filter(({ t }) => t === "retry")).toHaveLength(1);
  });
});

describe("a subagent", () => {
  test("speaks under its name, to the right of who started it", async () => {
    await chat.say(
      start("a1"),
      token("a1", "I ask"),
      start("a2", { parent: "a1", name: "researcher" }),
      start("a3", { parent: "a2" }),
    );
    await chat.say(token("a2", "found"), token("a3", "deeper"));
    expect(find(root, "[data-message=a2] .subagent").textContent).toBe("researcher");
    expect(find(root, "[data-message=a2]").style.getPropertyValue("--depth")).toBe("1");
    expect(find(root, "[data-message=a3]").style.getPropertyValue("--depth")).toBe("2");
  });

  test("whose parents go round in a circle is shown all the same", async () => {
    await chat.say(start("a1", { parent: "a2" }), start("a2", { parent: "a1" }));
    await chat.say(token("a2", "hello"));
    expect(find(root, "[data-message=a2]").textContent).toBe("hello");
  });
});

describe.each(["constructor", "toString", "__proto__", "valueOf"])("what is called %s", (name) => {
  const value = { data: {}, code: name, message: "m", type: name };
  const answered = async () => {
    await chat.say(token("a1", "still here"));
    expect(find(root, "[data-lane=text]").textContent).toContain("still here");
  };

  test.each(["text", "tools", "status", "errors", "citations", "a2ui"] as const)(
    "is no kind of part of the lane %s",
    async (lane) => {
      await chat.say(start("a1"), put("a1", lane, { key: "k", kind: name, value } as unknown as Part));
      await answered();
    },
  );

  test("is no lane", async () => {
    await chat.say(start("a1"), put("a1", name as LaneName, { key: "k", kind: "text", text: "x" }));
    await answered();
  });

  test("is no state of a call, of a message or of a run", async () => {
    const row = { call_id: name, name, state: name } as unknown as PartOf<"tool">["value"];
    await chat.say(
      start("a1"),
      put("a1", "tools", { key: name, kind: "tool", value: row }),
      run(name as RunState),
    );
    await chat.say(chat.envelope("message.status", "a1", { status: name as Footer }, "status"));
    await answered();
    expect(find(root, ".row .name").textContent).toBe(name);
    expect(root.textContent).not.toContain("native code");
  });
});
