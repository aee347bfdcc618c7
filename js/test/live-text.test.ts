import { expect, test, vi } from "vitest";
import { LiveText } from "../src/lanes/live-text";

const PARAGRAPH = `${"some words ".repeat(60)}\n\n`;
const TEXT = PARAGRAPH.repeat(12) + "x".repeat(5000);

test.each([1, 7, 1000, 1e6])("text that comes %i characters at a time is shown exactly", (step) => {
  const live = new LiveText();
  for (let end = step; end < TEXT.length + step; end += step) live.apply(TEXT.slice(0, end));
  expect(live.element.textContent).toBe(TEXT);
});

test("a burst is shown over several frames, and whole", async () => {
  const live = new LiveText();
  const burst = "some words ".repeat(20_000);
  live.apply(burst);
  expect(live.element.textContent?.length).toBeLessThan(burst.length / 4);
  await vi.waitFor(() => expect(live.element.textContent).toBe(burst));
});

test("another text while a burst is still coming takes its place", async () => {
  const live = new LiveText();
  live.apply("some words ".repeat(20_000));
  live.apply("other words");
  await vi.waitFor(() => expect(live.element.textContent).toBe("other words"));
});

test("a sealed block is never touched again", () => {
  const live = new LiveText();
  live.apply(TEXT.slice(0, 4000));
  const sealed = live.element.querySelector(".sealed") as HTMLElement;
  const nodes = [...sealed.childNodes];
  const text = sealed.textContent;
  live.apply(TEXT);
  expect(live.element.contains(sealed)).toBe(true);
  expect([...sealed.childNodes]).toEqual(nodes);
  expect(sealed.textContent).toBe(text);
});

test("blocks are the same however the text was cut", () => {
  const shapes = [1, 50, 1e6].map((step) => {
    const live = new LiveText();
    for (let end = step; end < TEXT.length + step; end += step) live.apply(TEXT.slice(0, end));
    return [...live.element.children].map(({ textContent }) => textContent?.length);
  });
  expect(shapes[1]).toEqual(shapes[0]);
  expect(shapes[2]).toEqual(shapes[0]);
});

test("a paragraph without end is cut at a space", () => {
  const live = new LiveText();
  for (let n = 0; n < 10_000; n++) live.apply("word ".repeat(n + 1));
  const lengths = [...live.element.children].map(({ textContent }) => textContent?.length ?? 0);
  expect(Math.max(...lengths)).toBeLessThan(8200);
  expect(live.element.textContent).toBe("word ".repeat(10_000));
});

test("a longer text appends, another one begins again", () => {
  const live = new LiveText();
  live.apply("Hello");
  const node = live.element.firstChild?.firstChild;
  live.apply("Hello world");
  expect(live.element.firstChild?.firstChild).toBe(node);
  live.apply("Goodbye");
  expect(live.element.textContent).toBe("Goodbye");
});
