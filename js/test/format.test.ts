import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { literal, unturned } from "../src/format";
import { Chat, find } from "./helpers";

const CASES = JSON.parse(
  readFileSync(`${import.meta.dirname}/../../tests/vectors/words/literal.json`, "utf8"),
) as { name: string; text: string; literal: string }[];

test.each(CASES)("$name", ({ text, literal: expected }) => {
  expect(literal(text)).toBe(expected);
});

test("code keeps its length when what turns it is shown", () => {
  expect(unturned("if \u202e} \u2066x")).toBe("if \ufffd} \ufffdx");
});

let chat: Chat;
beforeEach(() => {
  chat = new Chat();
});
afterEach(() => chat.end());

test("a tool cannot be called otherwise than it reads, nor given other arguments", async () => {
  const { root } = chat.render();
  const row = {
    call_id: "c1",
    name: "read\u202eelif",
    state: "done" as const,
    args: '{"path": "a\\u202etxt"}',
    result: '{"b": "\u200bc"}',
  };
  await chat.say(
    chat.envelope("message.start", "a1", { role: "assistant" }),
    chat.envelope("tools.update", "a1", { tools: [row] }, "tools"),
  );
  find(root, ".line").click();
  expect(find(root, ".name").textContent).toBe("read⟨U+202E⟩elif");
  expect(find(root, ".arguments").textContent).toBe('path="a⟨U+202E⟩txt"');
  expect(find(root, ".body").textContent).toContain('"path": "a⟨U+202E⟩txt"');
  expect(find(root, ".body").textContent).toContain('"b": "⟨U+200B⟩c"');
});
