/** The figures of each series as a table: what a reader who does not see the lines has in their place. */

import { Disclosure } from "../disclosure";
import { h } from "../dom";
import { type Column, type Data, lastOf, valueText } from "./data";
import { WORDS } from "./words";

export class Latest {
  readonly element: HTMLElement;
  readonly #disclosure: Disclosure;
  readonly #body = h("tbody");

  constructor() {
    const names = [WORDS.series, WORDS.last, WORDS.least, WORDS.most];
    const head = h(
      "tr",
      {},
      ...names.map((name, at) => h("th", at ? { scope: "col", class: "number" } : { scope: "col" }, name)),
    );
    const table = h("table", {}, h("caption", {}, WORDS.latest), h("thead", {}, head), this.#body);
    this.#disclosure = new Disclosure(
      "chart-data",
      (body) => body.append(h("div", { class: "chart-rows" }, table)),
      WORDS.latest,
    );
    this.element = h("div", {}, this.#disclosure.button, this.#disclosure.body);
  }

  /** Costs nothing while nobody has opened it. */
  tell({ series, columns }: Data): void {
    if (!this.#disclosure.isOpen && this.#body.childElementCount) return;
    const rows = series.map(({ name, unit }, at) => {
      const figures = figuresOf(columns[at + 1] ?? []).map((each) =>
        h("td", { class: "number" }, valueText(each, unit)),
      );
      return h("tr", {}, h("th", { scope: "row" }, name), ...figures);
    });
    this.#body.replaceChildren(...rows);
  }

  /** Calls `opened` each time it is, for its figures to be told. */
  onOpen(opened: () => void): void {
    this.#disclosure.button.addEventListener("click", () => this.#disclosure.isOpen && opened());
  }
}

function figuresOf(column: Column): (number | undefined)[] {
  const values = column.filter((value): value is number => value !== null);
  const extreme = (better: (a: number, b: number) => number) =>
    values.length ? values.reduce((a, b) => better(a, b)) : undefined;
  return [lastOf(column), extreme(Math.min), extreme(Math.max)];
}
