import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CellsView } from "../src/outputs/cells";
import { readCells } from "../src/outputs/cells-value";
import { press } from "./helpers";

const MIME = "application/vnd.agui_widget.grid+json";
const VALUE = {
  title: "Rings",
  rows: [
    [0, 1, 2],
    [1, 0],
  ],
  legend: { 0: { label: "empty" }, 1: { label: "ring", colour: "#123456" } },
};

let view: CellsView;
const shown = (value: unknown) => view.apply({ mime: MIME, value, output: { data: {} } });
const cells = () => [...view.element.querySelectorAll<HTMLElement>("[role=gridcell]")];
const focused = () => cells().indexOf(document.activeElement as HTMLElement);

beforeEach(() => {
  view = new CellsView();
  document.body.append(view.element);
});
afterEach(() => document.body.replaceChildren());

describe("a grid", () => {
  test("is a table of its own: each cell says its number, what it means, and where it is", () => {
    shown(VALUE);
    expect(view.element.querySelector("table")?.getAttribute("aria-label")).toBe("Rings");
    expect(cells().map((cell) => cell.getAttribute("aria-label"))).toEqual([
      "0 empty: row 1, column 1",
      "1 ring: row 1, column 2",
      "2: row 1, column 3",
      "1 ring: row 2, column 1",
      "0 empty: row 2, column 2",
    ]);
    expect([...view.element.querySelectorAll("li")].map(({ textContent }) => textContent)).toEqual([
      "0empty",
      "1ring",
      "2",
    ]);
    expect(view.extent).toBe("2 × 3");
  });

  test("is one stop of the Tab key, and the arrow keys go from cell to cell", () => {
    shown(VALUE);
    expect(cells().map(({ tabIndex }) => tabIndex)).toEqual([0, -1, -1, -1, -1]);
    cells()[0]?.focus();
    const way = [
      ["ArrowRight", 1],
      ["ArrowUp", 1],
      ["ArrowRight", 2],
      ["ArrowRight", 2],
      ["ArrowDown", 4],
      ["Home", 3],
      ["End", 4],
      ["ArrowUp", 1],
    ] as const;
    for (const [key, at] of way) {
      press(document.activeElement as HTMLElement, key);
      expect(focused()).toBe(at);
    }
    press(document.activeElement as HTMLElement, "Home", { ctrlKey: true });
    expect(focused()).toBe(0);
    expect(view.element.querySelector(".cells-says")?.textContent).toBe("0 empty: row 1, column 1");
    expect(cells().filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
  });

  test("that changes keeps its cells and the focus; one of another shape is a new one", () => {
    shown(VALUE);
    const before = cells();
    before[1]?.focus();
    shown({
      ...VALUE,
      rows: [
        [0, 2, 2],
        [1, 0],
      ],
    });
    expect(cells()).toEqual(before);
    expect(focused()).toBe(1);
    expect(before[1]?.title).toBe("2: row 1, column 2");
    shown({ rows: [[5]] });
    expect(cells()).toHaveLength(1);
  });

  test("of many columns has no room for figures", () => {
    shown({ rows: [Array(30).fill(1)] });
    expect(view.element.querySelector("table")?.hasAttribute("data-small")).toBe(true);
  });
});

describe("what is not as it should be", () => {
  test.each([null, 7, {}, { rows: 7 }, { rows: [7, null] }, { rows: [["1", 1.5, null]], legend: 7 }])(
    "%j shows what there is",
    (value) => {
      expect(() => shown(value)).not.toThrow();
    },
  );

  test.each(["red", "#12", "url(//x)", "#fff;background:url(//x)"])("%s is no colour", (colour) => {
    const { meanings } = readCells({ rows: [[1]], legend: { 1: { label: "l", colour } } });
    expect(meanings.get(1)).toMatchObject({ colour: "", own: "0" });
  });

  test("a grid is bounded, and what hides in words is shown", () => {
    expect(readCells({ rows: Array(500).fill(Array(500).fill(1)) }).rows.flat().length).toBe(4096);
    shown({ title: "a\u202eb", rows: [[1]], legend: { 1: { label: "x\u202ey" } } });
    expect(view.element.textContent).not.toContain("\u202e");
  });

  test("figures on a dark colour are white", () => {
    const { meanings } = readCells({
      rows: [[1, 2]],
      legend: { 1: { colour: "#002" }, 2: { colour: "#ffee00" } },
    });
    expect([...meanings.values()].map(({ isDark }) => isDark)).toEqual([true, false]);
  });
});
