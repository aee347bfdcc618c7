import { afterEach, expect, test, vi } from "vitest";
import { Turns } from "../src/turns";

afterEach(() => vi.useRealTimers());

test("work is done in its order, and what fails holds up nobody", async () => {
  const turns = new Turns();
  const done: string[] = [];
  const first = turns.take(async () => {
    await new Promise((rest) => setTimeout(rest, 2));
    done.push("first");
  });
  const bad = turns.take(async () => {
    throw new Error("no");
  });
  const last = turns.take(async () => done.push("last"));
  await expect(bad).rejects.toThrow("no");
  await Promise.all([first, last]);
  expect(done).toEqual(["first", "last"]);
});

test("who takes more than 10 s holds up nobody any more", async () => {
  vi.useFakeTimers();
  const turns = new Turns();
  const done: string[] = [];
  void turns.take(() => new Promise(() => {}));
  void turns.take(async () => done.push("next"));
  await vi.advanceTimersByTimeAsync(9_900);
  expect(done).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(done).toEqual(["next"]);
});

test("the page has a frame between pieces that take long", async () => {
  const turns = new Turns();
  const done: string[] = [];
  const busy = () => {
    const end = performance.now() + 20;
    while (performance.now() < end);
  };
  const pieces = ["a", "b"].map((name) =>
    turns.take(async () => {
      busy();
      done.push(name);
      if (name === "a") setTimeout(() => done.push("page"));
    }),
  );
  await Promise.all(pieces);
  expect(done).toEqual(["a", "page", "b"]);
});
