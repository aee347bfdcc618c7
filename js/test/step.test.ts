import { afterEach, beforeEach, expect, test } from "vitest";
import { Chat, find } from "./helpers";

let chat: Chat;
let root: ShadowRoot;

beforeEach(() => {
  chat = new Chat();
  root = chat.render().root;
});
afterEach(() => chat.end());

const start = () => chat.envelope("message.start", "a1", { role: "assistant" }, "status");
const step = (content: object, type = "step") =>
  chat.envelope("part.put", "a1", { key: "activity", kind: "activity", value: { type, content } });
const scale = () => find(root, ".step .bar i").style.transform;
const said = () => [...find(root, ".step .line").children].map(({ textContent }) => textContent);

test("a step moves in its row, which stays the same", async () => {
  await chat.say(start(), step({ message: "one", step: 1, total: 4, source: "saturn", state: "running" }));
  const row = find(root, ".step");
  expect(said()).toEqual(["", "saturn", "one", "1 of 4"]);
  expect(scale()).toBe("scaleX(0.25)");
  await chat.say(step({ message: "two", step: 9, total: 4, source: "saturn", state: "running" }));
  expect(find(root, ".step")).toBe(row);
  expect(said()).toEqual(["", "saturn", "two", "9 of 4"]);
  expect(scale()).toBe("scaleX(1)");
});

test("one that is done says so, and needs no bar", async () => {
  await chat.say(start(), step({ message: "one", step: 1, total: 4, state: "done" }));
  expect(find(root, ".step .mark").getAttribute("aria-label")).toBe("done");
  expect(find(root, ".step .bar").hidden).toBe(true);
});

test("of how many is not always known", async () => {
  await chat.say(start(), step({ message: "one", step: 7, state: "running" }));
  expect(said()).toEqual(["", "", "one", "7"]);
  expect(find(root, ".step .bar").hidden).toBe(true);
});

test("what hides in its words is shown", async () => {
  await chat.say(start(), step({ message: "a\u202eb", step: 1, source: "\u200bx", state: "running" }));
  expect(find(root, ".step").textContent).not.toMatch(/[\u202e\u200b]/);
});

test("an activity of another type is a card with its content", async () => {
  await chat.say(start(), step({ message: "one" }, "stepping"));
  expect(root.querySelector(".step")).toBeNull();
  expect(find(root, ".activity-card").textContent).toContain("stepping");
});
