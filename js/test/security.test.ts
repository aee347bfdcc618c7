import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Chat, find } from "./helpers";

const SOURCES = `${import.meta.dirname}/../src`;
const FORBIDDEN =
  /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|setHTML|srcdoc/;

/** What makes a frame, with the one thing that it may do; and what runs in the one that has no origin. */
const FRAMES: Record<string, string> = {
  "mermaid/bench.ts": "allow-scripts",
  "outputs/frame.ts": "allow-same-origin",
};
const FRAMED = [...Object.keys(FRAMES), "mermaid/engine/engine.ts"];

const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);
const read = (file: string) => readFileSync(`${SOURCES}/${file}`, "utf8");

test("no source parses markup or code, but for a frame of its own", () => {
  const guilty = files.filter((file) => FORBIDDEN.test(read(file)));
  expect(files.length).toBeGreaterThan(20);
  expect(guilty.sort()).toEqual(FRAMED.sort());
});

test("no frame has an origin and scripts at once", () => {
  for (const [file, allowed] of Object.entries(FRAMES))
    expect(read(file).match(/"allow-[a-z- ]+"/g)).toEqual([`"${allowed}"`]);
});

test("a frame with an origin is told first of all to fetch nothing", () => {
  expect(read("outputs/frame.ts")).toContain(
    `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none';`,
  );
});

let chat: Chat;
beforeEach(() => {
  chat = new Chat();
});
afterEach(() => chat.end());

test("markup in every field of the wire stays text", async () => {
  const { root } = chat.render();
  const bad = "<img src=x onerror=alert(1)><script>alert(1)</script>\"'>";
  await chat.say(
    chat.envelope("message.start", bad, { role: bad, name: bad }),
    chat.envelope("token.delta", bad, { text: bad }),
    chat.envelope("token.delta", bad, { text: bad }, "reasoning"),
    chat.envelope(
      "tools.update",
      bad,
      {
        tools: [
          { call_id: bad, name: bad, state: bad as never, args: bad, summary: bad, result: bad, error: bad },
        ],
      },
      "tools",
    ),
    chat.envelope(
      "error.raise",
      bad,
      { key: bad, message: bad, kept: bad, recovery: [{ label: bad, action: bad }], detail: bad },
      "errors",
    ),
    chat.envelope(
      "part.put",
      bad,
      { key: bad, kind: "notice", value: { code: bad, message: bad } },
      "status",
    ),
    chat.envelope("message.status", bad, { status: "failed", label: bad }, "status"),
  );
  for (const button of root.querySelectorAll("button")) button.click();
  expect(root.querySelector("img, script")).toBeNull();
  expect(find(root, ".text").textContent).toBe(bad);
});
