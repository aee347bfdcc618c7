import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Chat, drawn, find, press, type } from "./helpers";

let chat: Chat;
let root: ShadowRoot;

beforeEach(() => {
  sessionStorage.clear();
  chat = new Chat();
  root = chat.render().root;
});

afterEach(() => chat.end());

const run = (state: "preparing" | "streaming" | "finished" | "aborted" | "error") =>
  chat.envelope("run.update", null, { run_id: "r1", state }, "status");
const start = (id: string, role = "assistant", nonce?: string) =>
  chat.envelope("message.start", id, nonce ? { role, nonce } : { role }, "status");
const token = (id: string, text: string) => chat.envelope("token.delta", id, { text });

async function submit(text: string): Promise<string> {
  press(type(root, text), "Enter");
  await drawn();
  return chat.sent.findLast(({ t }) => t === "submit")?.nonce as string;
}

describe("messages", () => {
  test("tokens append to the same nodes", async () => {
    await chat.say(run("streaming"), start("a1"), token("a1", "Hello "));
    const shell = find(root, "[data-message=a1]");
    const block = find(root, ".block");
    await chat.say(token("a1", "world"));
    expect(find(root, "[data-message=a1]")).toBe(shell);
    expect(find(root, ".block")).toBe(block);
    expect(block.childNodes).toHaveLength(1);
    expect(shell.textContent).toBe("Hello world");
  });

  test("a change of one lane leaves the others alone", async () => {
    await chat.say(
      start("a1"),
      token("a1", "Hello"),
      chat.envelope("token.delta", "a1", { text: "hm" }, "reasoning"),
    );
    const changed: string[] = [];
    const observer = new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        changed.push(element?.closest<HTMLElement>("[data-lane]")?.dataset.lane ?? "shell");
      }
    });
    observer.observe(find(root, "[data-message=a1]"), {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    await chat.say(token("a1", " world"));
    observer.disconnect();
    expect(new Set(changed)).toEqual(new Set(["text"]));
  });

  test("a snapshot after a gap keeps every node that is still right", async () => {
    await chat.say(start("a1"), token("a1", "Hello"), start("a2"), token("a2", "wrong"));
    const before = ["[data-message=a1]", "[data-message=a1] .block", "[data-message=a2]"].map((each) =>
      find(root, each),
    );
    const message = (id: string, text: string) => ({
      ...{ id, role: "assistant", corr: "r1", ts: 0 },
      lanes: { text: { parts: [{ key: "text", kind: "text", text }], sealed: true } },
    });
    const messages = [message("a0", "new"), message("a1", "Hello world"), message("a2", "right")];
    chat.model.receive({
      t: "snap",
      s: { v: "agui.v1", stream: "s", seq: 99, messages, runs: [], state: null },
    });
    await drawn();
    expect(before.map((element) => element.isConnected)).toEqual([true, true, true]);
    expect([...root.querySelectorAll(".message")].map(({ textContent }) => textContent)).toEqual([
      "new",
      "Hello world",
      "right",
    ]);
  });

  test("lanes stand in the order of the screen, whatever came first", async () => {
    await chat.say(
      chat.envelope("message.start", "a1", { role: "assistant" }),
      chat.envelope("message.status", "a1", { status: "done", duration_ms: 10 }, "status"),
      token("a1", "text"),
      chat.envelope("token.delta", "a1", { text: "hm" }, "thinking"),
    );
    expect([...root.querySelectorAll<HTMLElement>("[data-lane]")].map(({ dataset }) => dataset.lane)).toEqual(
      ["thinking", "text", "status"],
    );
  });

  test("the caret goes with the seal, and with the end of the run", async () => {
    await chat.say(run("streaming"), start("a1"), token("a1", "x"), start("a2"), token("a2", "y"));
    const carets = () => root.querySelectorAll(".text[data-live]").length;
    expect(carets()).toBe(2);
    await chat.say(chat.envelope("lane.seal", "a1", {}));
    expect(carets()).toBe(1);
    await chat.say(run("error"));
    expect(carets()).toBe(0);
  });

  test("two views show the same, and each keeps its own nodes", async () => {
    const second = chat.render().root;
    await chat.say(start("a1"), token("a1", "Hello"));
    expect(find(second, "[data-message=a1]").textContent).toBe("Hello");
    expect(find(second, "[data-message=a1]")).not.toBe(find(root, "[data-message=a1]"));
  });

  test("a hundred views that come and go leave no listener", () => {
    const before = chat.model.listenerCount;
    for (let n = 0; n < 100; n++) chat.render().close();
    expect(chat.model.listenerCount).toBe(before);
  });

  test("a view whose element was dropped without a word lets go, and comes back whole", async () => {
    const before = chat.model.listenerCount;
    const { el } = chat.render();
    el.remove();
    await chat.say(start("a1"));
    await drawn();
    expect(chat.model.listenerCount).toBe(before);
  });
});

describe("tools", () => {
  const row = (more: object) =>
    chat.envelope("tools.update", "a1", { tools: [{ call_id: "c1", ...more }] }, "tools");

  test("a row is the same element for life", async () => {
    await chat.say(start("a1"), row({ name: "load", state: "queued" }));
    const element = find(root, "[data-call=c1]");
    await chat.say(
      chat.envelope("tool.args", "a1", { call_id: "c1", text: '{"q":1}' }, "tools"),
      row({ state: "running" }),
    );
    await chat.say(row({ state: "done", summary: "ok", duration_ms: 400 }));
    expect(find(root, "[data-call=c1]")).toBe(element);
    expect(element.dataset.state).toBe("done");
    expect(element.textContent).toContain("q=1");
    expect(element.textContent).toContain("0.4 s");
  });

  test("a body is made when it is first opened, and then follows", async () => {
    await chat.say(start("a1"), row({ name: "load", state: "queued", args: '{"q"' }));
    expect(root.querySelector(".body")).toBeNull();
    find(root, "[data-call=c1] .line").click();
    await chat.say(chat.envelope("tool.args", "a1", { call_id: "c1", text: ":1}" }, "tools"));
    expect(find(root, ".body").textContent).toContain('{"q":1}');
    await chat.say(row({ state: "done", result: Array(30).fill("line").join("\n") }));
    expect(find(root, ".body").textContent).toContain('"q": 1');
    expect(find(root, ".body").textContent?.match(/line/g)?.length).toBe(13); // twelve, and the button
    find(root, ".more:not([hidden])").click();
    expect(find(root, ".body").textContent?.match(/line\n/g)?.length).toBe(29);
  });

  test("the summary counts what failed", async () => {
    await chat.say(start("a1"), row({ name: "load", state: "error", error: "503" }));
    expect(find(root, ".summary").textContent).toBe("Ran 1 tool1 failed");
  });
});

describe("the composer", () => {
  test("what is submitted is shown at once, and its element becomes the message", async () => {
    const nonce = await submit("hello");
    const bubble = find(root, "[data-role=user]");
    expect(bubble.textContent).toBe("hello");
    expect(find(root, ".round").dataset.action).toBe("stop");
    await chat.say(start("u1", "user", nonce), token("u1", "hello"));
    expect(find(root, "[data-message=u1]")).toBe(bubble);
    expect(root.querySelectorAll(".message")).toHaveLength(1);
  });

  test("Stop stays between the message that came back and its run", async () => {
    const nonce = await submit("hello");
    await chat.say(start("u1", "user", nonce));
    expect(find(root, ".round").dataset.action).toBe("stop");
    await chat.say(run("preparing"));
    await chat.say(run("finished"));
    expect(find(root, ".round").dataset.action).toBe("send");
  });

  test("a refused message comes back as the draft, with the reason", async () => {
    const nonce = await submit("hello");
    chat.model.receive({ t: "refused", nonce, message: "The agent is busy." });
    await drawn();
    expect(find<HTMLTextAreaElement>(root, "[data-composer]").value).toBe("hello");
    expect(find(root, ".note").textContent).toBe("The agent is busy.");
    expect(root.querySelectorAll(".message")).toHaveLength(0);
  });

  test("a message that the kernel never took comes back when the kernel is gone", async () => {
    await submit("hello");
    chat.model.die();
    await drawn();
    expect(find<HTMLTextAreaElement>(root, "[data-composer]").value).toBe("hello");
  });

  test("a send that throws leaves the draft alone", async () => {
    chat.model.isDead = true;
    await submit("hello");
    expect(find<HTMLTextAreaElement>(root, "[data-composer]").value).toBe("hello");
    expect(root.querySelectorAll(".message")).toHaveLength(0);
  });

  test.each([{ isComposing: true }, { keyCode: 229 }])("an input method's Enter does not send: %o", (how) => {
    press(type(root, "に"), "Enter", how);
    expect(chat.sent.some(({ t }) => t === "submit")).toBe(false);
  });

  test("Enter does not send while a run is on, and Escape stops it", async () => {
    await chat.say(run("streaming"));
    const field = type(root, "next");
    press(field, "Enter");
    press(field, "Escape");
    expect(chat.sent.map(({ t }) => t)).toContain("stop");
    expect(chat.sent.map(({ t }) => t)).not.toContain("submit");
    expect(field.value).toBe("next");
  });

  test("the arrow recalls only into an empty field", async () => {
    await chat.say(start("u1", "user"), token("u1", "before"));
    const field = type(root, "draft");
    press(field, "ArrowUp");
    expect(field.value).toBe("draft");
    press(type(root, ""), "ArrowUp");
    expect(field.value).toBe("before");
  });

  test("a draft is kept for the next page", async () => {
    await chat.say(run("finished"));
    type(root, "not yet sent");
    chat.end();
    chat = new Chat();
    root = chat.render().root;
    await chat.say(run("finished"));
    expect(find<HTMLTextAreaElement>(root, "[data-composer]").value).toBe("not yet sent");
  });
});

describe("for the ear", () => {
  const polite = () => find(root, "[aria-live=polite]").textContent;

  test("only the boundaries of a response are announced", async () => {
    await chat.say(run("preparing"));
    expect(polite()).toBe("Responding");
    await chat.say(run("streaming"), start("a1"), token("a1", "three small words"));
    expect(polite()).toBe("Responding");
    await chat.say(run("finished"));
    expect(polite()).toBe("Response complete, 3 words");
  });

  test("a stop is said, an error interrupts", async () => {
    await chat.say(run("aborted"));
    expect(polite()).toBe("Stopped");
    await chat.say(
      start("a1"),
      chat.envelope("error.raise", "a1", { key: "e1", message: "The stream was cut" }, "errors"),
      run("error"),
    );
    expect(find(root, "[aria-live=assertive]").textContent).toBe("The stream was cut");
  });
});

describe("keys", () => {
  const heard: string[] = [];
  const listen = (event: Event) => heard.push((event as KeyboardEvent).key);
  beforeEach(() => {
    heard.length = 0;
    document.addEventListener("keydown", listen);
  });
  afterEach(() => document.removeEventListener("keydown", listen));

  test("what is typed stays, what belongs to the host passes", () => {
    const field = type(root, "");
    for (const key of ["a", "Enter", "Escape", "ArrowDown"]) press(field, key);
    press(field, "s", { ctrlKey: true });
    press(field, "C", { ctrlKey: true, shiftKey: true });
    press(field, "Z", { ctrlKey: true, shiftKey: true });
    press(field, "Enter", { ctrlKey: true });
    expect(heard).toEqual(["s", "C"]);
  });

  test("a combination that the host took is not the browser's any more", () => {
    const take = (event: Event) => event.preventDefault();
    document.addEventListener("keydown", take);
    expect(press(type(root, ""), "s", { ctrlKey: true }).defaultPrevented).toBe(true);
    document.removeEventListener("keydown", take);
  });
});
