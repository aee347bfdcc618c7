import { h, setAttribute, setText } from "../dom";
import { literal } from "../format";
import { CELLS_STRINGS } from "../strings";
import { type Meaning, readCells } from "./cells-value";
import type { BodyView, Shown } from "./stage";

/** Wider ones have no room for figures: they are in the words of each cell. */
const MOST_WITH_FIGURES = 24;

/** A grid of integers in colours, with what they mean; the arrow keys go from cell to cell. */
export class CellsView implements BodyView {
  readonly label = CELLS_STRINGS.grid;
  readonly #title = h("p", { class: "cells-title", dir: "auto" });
  readonly #body = h("tbody");
  readonly #table = h("table", { class: "cells", role: "grid", "aria-readonly": "true" }, this.#body);
  readonly #legend = h("ul", { class: "cells-legend", "aria-label": CELLS_STRINGS.legend });
  /** What the cell with the focus says: the same for who sees it. */
  readonly #says = h("p", { class: "cells-says", "aria-hidden": "true" });
  readonly element = h(
    "div",
    { class: "cells-view" },
    this.#title,
    h("div", { class: "across" }, this.#table),
    this.#says,
    this.#legend,
  );
  #cells: HTMLElement[][] = [];
  #widest = 0;
  /** The one that Tab goes to. */
  #current: HTMLElement | undefined;

  constructor() {
    this.#table.addEventListener("keydown", this.#onKey);
    this.#table.addEventListener("focusin", ({ target }) => this.#enter(target as HTMLElement));
    this.#table.addEventListener("click", ({ target }) => (target as HTMLElement).focus?.());
  }

  get extent(): string {
    return CELLS_STRINGS.size(this.#cells.length, this.#widest);
  }

  apply({ value }: Shown): void {
    const { title, rows, meanings } = readCells(value);
    const name = literal(title);
    setText(this.#title, name);
    setAttribute(this.#table, "aria-label", name || CELLS_STRINGS.grid);
    if (!this.#fits(rows)) this.#build(rows);
    for (const [y, row] of rows.entries())
      for (const [x, number] of row.entries()) this.#show(y, x, number, meanings);
    this.#legend.replaceChildren(...[...meanings].map(([number, meaning]) => entry(number, meaning)));
    if (this.#current) setText(this.#says, this.#current.title);
  }

  #fits(rows: readonly number[][]): boolean {
    return (
      rows.length === this.#cells.length && rows.every(({ length }, y) => length === this.#cells[y]?.length)
    );
  }

  #build(rows: readonly number[][]): void {
    this.#cells = rows.map((row) => row.map(() => h("td", { role: "gridcell", tabindex: "-1" })));
    this.#widest = Math.max(0, ...rows.map(({ length }) => length));
    setAttribute(this.#table, "data-small", this.#widest > MOST_WITH_FIGURES);
    this.#body.replaceChildren(...this.#cells.map((row) => h("tr", {}, ...row)));
    setText(this.#says, "");
    this.#current = this.#cells[0]?.[0];
    if (this.#current) this.#current.tabIndex = 0;
  }

  #show(y: number, x: number, number: number, meanings: ReadonlyMap<number, Meaning>): void {
    const cell = this.#cells[y]?.[x] as HTMLElement;
    const meaning = meanings.get(number) as Meaning;
    const label = meaning.label ? `${number} ${literal(meaning.label)}` : String(number);
    const words = `${label}: ${CELLS_STRINGS.at(y + 1, x + 1)}`;
    if (cell.title === words && cell.dataset.colour === meaning.colour) return;
    setText(cell, String(number));
    setAttribute(cell, "title", words);
    setAttribute(cell, "aria-label", words);
    paint(cell, meaning);
  }

  #enter(cell: HTMLElement): void {
    if (this.#current) this.#current.tabIndex = -1;
    this.#current = cell;
    cell.tabIndex = 0;
    setText(this.#says, cell.title);
  }

  #onKey = (event: KeyboardEvent): void => {
    const step = Object.hasOwn(STEPS, event.key) ? STEPS[event.key] : undefined;
    const y = this.#cells.findIndex((row) => row.includes(event.target as HTMLElement));
    if (!step || y < 0) return;
    event.preventDefault();
    const x = (this.#cells[y] as HTMLElement[]).indexOf(event.target as HTMLElement);
    const [toY, toX] = step(y, x, event.ctrlKey);
    const row = this.#cells[Math.min(Math.max(0, toY), this.#cells.length - 1)] ?? [];
    row[Math.min(Math.max(0, toX), row.length - 1)]?.focus();
  };
}

type Step = (y: number, x: number, isFar: boolean) => [y: number, x: number];

/** Where each key leads; what is outside of the grid is its edge. */
const STEPS: Record<string, Step> = {
  ArrowUp: (y, x) => [y - 1, x],
  ArrowDown: (y, x) => [y + 1, x],
  ArrowLeft: (y, x) => [y, x - 1],
  ArrowRight: (y, x) => [y, x + 1],
  Home: (y, _, isFar) => [isFar ? 0 : y, 0],
  End: (y, _, isFar) => [isFar ? Number.POSITIVE_INFINITY : y, Number.POSITIVE_INFINITY],
};

/** A colour that was given, with figures that can be read on it; or one of ours, which is as light or dark as the chat. */
function paint(element: HTMLElement, { colour, own, isDark }: Meaning): void {
  setAttribute(element, "data-colour", colour);
  setAttribute(element, "data-own", own);
  setAttribute(element, "data-dark", isDark);
  if (colour) element.style.setProperty("--cell", colour);
  else element.style.removeProperty("--cell");
}

function entry(number: number, meaning: Meaning): HTMLElement {
  const swatch = h("span", { class: "cells-swatch" }, String(number));
  paint(swatch, meaning);
  return h("li", {}, swatch, h("span", { dir: "auto" }, literal(meaning.label)));
}
