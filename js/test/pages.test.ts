import { beforeEach, describe, expect, test } from "vitest";
import { h } from "../src/dom";
import { Pages, rising } from "../src/pages";

let pages: Pages<string, { element: HTMLElement; apply(): void }>;
let made: string[];

beforeEach(() => {
  made = [];
  pages = new Pages(
    h("div"),
    (key) => key,
    (key) => {
      made.push(key);
      return { element: h("p", { id: key }), apply() {} };
    },
  );
});

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `m${from + at}`);
const shown = () => [...pages.element.querySelectorAll("p")].map(({ id }) => id);
const sizes = () => [...pages.element.children].map(({ childElementCount }) => childElementCount);

/** The keys of the elements that are put somewhere while `change` runs. */
async function movedBy(change: () => void): Promise<string[]> {
  const moved: string[] = [];
  const observer = new MutationObserver((records) => {
    for (const { addedNodes } of records)
      for (const node of addedNodes) moved.push(...elementsOf(node as Element));
  });
  observer.observe(pages.element, { childList: true, subtree: true });
  change();
  await Promise.resolve();
  observer.disconnect();
  return [...new Set(moved)];
}

function elementsOf(node: Element): string[] {
  return node.tagName === "P" ? [node.id] : [...node.querySelectorAll("p")].map(({ id }) => id);
}

describe("pages", () => {
  test("hold fifty each, and the last what is left", () => {
    pages.arrange(range(0, 120));
    expect(sizes()).toEqual([50, 50, 20]);
    expect(shown()).toEqual(range(0, 120));
  });

  test("what comes at the end fills the last page and then begins one", async () => {
    pages.arrange(range(0, 49));
    expect(await movedBy(() => pages.arrange(range(0, 52)))).toEqual(["m49", "m50", "m51"]);
    expect(sizes()).toEqual([50, 2]);
  });

  test("what comes before everything begins pages of its own", async () => {
    pages.arrange(range(100, 130));
    expect(await movedBy(() => pages.arrange(range(50, 130)))).toEqual(range(50, 100));
    expect(sizes()).toEqual([50, 30]);
  });

  test("what comes in between goes to the page where it stands, and shifts nothing", async () => {
    pages.arrange(range(0, 120));
    const items = [...range(0, 10), "new", ...range(10, 120)];
    expect(await movedBy(() => pages.arrange(items))).toEqual(["new"]);
    expect(sizes()).toEqual([51, 50, 20]);
    expect(shown()).toEqual(items);
  });

  test("what is removed leaves its page smaller, and an empty page goes", async () => {
    pages.arrange(range(0, 120));
    const items = [...range(0, 10), ...range(11, 50), ...range(100, 120)];
    expect(await movedBy(() => pages.arrange(items))).toEqual([]);
    expect(sizes()).toEqual([49, 20]);
    expect(shown()).toEqual(items);
  });

  test.each([
    ["down", [...range(1, 80), "m0", ...range(80, 120)]],
    ["up", ["m0", "m110", ...range(1, 110), ...range(111, 120)]],
  ])("a view that moves %s moves alone", async (_, items) => {
    pages.arrange(range(0, 120));
    expect(await movedBy(() => pages.arrange(items))).toHaveLength(1);
    expect(shown()).toEqual(items);
  });

  test("a page that took in a hundred gives what follows to a new one", () => {
    pages.arrange(["a", "z"]);
    const items = ["a", ...range(0, 300), "z"];
    for (let n = 0; n <= 300; n++) pages.arrange(["a", ...range(0, n), "z"]);
    expect(shown()).toEqual(items);
    expect(Math.max(...sizes())).toBeLessThanOrEqual(100);
  });

  test("each says how many it holds", () => {
    pages.arrange(range(0, 60));
    pages.arrange(range(1, 60));
    const counts = [...pages.element.children].map((page) =>
      (page as HTMLElement).style.getPropertyValue("--count"),
    );
    expect(counts).toEqual(["49", "10"]);
  });

  test("a view that is renamed stays where and what it is", async () => {
    pages.arrange(range(0, 3));
    const { element } = pages.views.get("m2") as { element: HTMLElement };
    pages.rename("m2", "x");
    expect(await movedBy(() => pages.arrange(["m0", "m1", "x"]))).toEqual([]);
    expect(pages.views.get("x")?.element).toBe(element);
  });

  test("any order after any other is shown, and no view is made twice", () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    for (let round = 0; round < 60; round++) {
      const items = range(0, 200).filter(() => random() < 0.8);
      for (let swaps = 0; swaps < round % 7; swaps++) {
        const [taken] = items.splice(Math.floor(random() * items.length), 1);
        items.splice(Math.floor(random() * items.length), 0, taken as string);
      }
      const before = new Set(pages.views.keys());
      made = [];
      pages.arrange(items);
      expect(shown()).toEqual(items);
      expect(made.filter((key) => before.has(key))).toEqual([]);
      expect(sizes()).not.toContain(0);
    }
  });
});

test.each([
  [[], []],
  [
    [1, 2, 3],
    [0, 1, 2],
  ],
  [
    [3, 1, 2],
    [1, 2],
  ],
  [
    [5, 0, 1, 2, 9, 3, 4],
    [1, 2, 3, 5, 6],
  ],
])("the longest rising row in %j", (numbers, row) => {
  expect([...rising(numbers)].sort((one, other) => one - other)).toEqual(row);
});
