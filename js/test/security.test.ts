import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Chat, find } from "./helpers";

const SOURCES = `${import.meta.dirname}/../src`;
const FORBIDDEN =
  /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|setHTML|srcdoc/;

/** Each makes a frame of its own, and what it may do in it is written beside it. */
const FRAMES: Record<string, string> = { "outputs/frame.ts": "allow-same-origin" };

const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);
const read = (file: string) => readFileSync(`${SOURCES}/${file}`, "utf8");

test("no source parses markup or code, but for frames", () => {
  const guilty = files.filter((file) => FORBIDDEN.test(read(file)));
  expect(files.length).toBeGreaterThan(20);
  expect(guilty).toEqual(Object.keys(FRAMES));
});

test("no frame may do more than one thing, and each is told first of all to fetch nothing", () => {
  for (const [file, allowed] of Object.entries(FRAMES)) {
    const source = read(file);
    expect(source.match(/\ballow-[a-z-]+/g)).toEqual([allowed]);
    expect(source).toContain(
      `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none';`,
    );
  }
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
