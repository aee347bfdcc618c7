import { h, setAttribute, setText } from "../dom";
import { literal } from "../format";
import { OUTPUT_STRINGS } from "../strings";
import { Edges } from "./edges";
import { type Column, isMissing, isNumeric, type Row, type TableValue } from "./table-value";

/** By the place of a column behind the index: names may be two of a kind. */
export type Sort = readonly [column: number, way: "up" | "down"];

const LONG = 32;
const ARIA: Record<Sort[1], string> = { up: "ascending", down: "descending" };

/** The cells of a table, in a scroller of their own; its head stays in sight and sorts. */
export class Grid {
  readonly #caption = h("caption", { class: "unseen" });
  readonly #heads = h("tr");
  readonly #body = h("tbody");
  readonly #table = h("table", {}, this.#caption, h("thead", {}, this.#heads), this.#body);
  readonly #scroller = h("div", { class: "across out-across", tabindex: "0", role: "region" }, this.#table);
  readonly element = h("div", { class: "out-grid" }, this.#scroller);
  readonly #edges = new Edges(this.#scroller, this.element);
  readonly #sort: (column: number) => void;
  #named = "";

  constructor(sort: (column: number) => void) {
    this.#sort = sort;
  }

  /** What the table is: its caption, and a head for each column; a button in it where there is a kernel to sort it. */
  name(table: TableValue, caption: string, sorted: Sort | undefined, canSort: boolean): void {
    setText(this.#caption, caption);
    setAttribute(this.#scroller, "aria-label", caption);
    const words = JSON.stringify([table.index, table.columns, sorted, canSort]);
    if (words === this.#named) return;
    this.#named = words;
    const { activeElement } = this.element.getRootNode() as ShadowRoot;
    const focused = [...this.#heads.children].findIndex((head) => head.contains(activeElement));
    this.#heads.replaceChildren(
      ...table.index.map(indexHead),
      ...table.columns.map((column, at) => this.#head(column, at, sorted, canSort)),
    );
    if (activeElement && focused >= 0)
      this.#heads.children[focused]?.querySelector("button")?.focus({ preventScroll: true }); // it is a new one
  }

  show(table: TableValue, rows: readonly Row[]): void {
    this.#body.replaceChildren(...rows.map((row) => rowOf(table, row)));
    this.#edges.update();
  }

  /** The rows stay where they are while others are on their way. */
  set isBusy(isBusy: boolean) {
    setAttribute(this.#table, "aria-busy", String(isBusy));
  }

  keepHeight(): void {
    this.#scroller.style.minHeight = `${this.#scroller.offsetHeight}px`;
  }

  toTop(): void {
    this.#scroller.scrollTop = 0;
  }

  destroy(): void {
    this.#edges.destroy();
  }

  #head(column: Column, at: number, sorted: Sort | undefined, canSort: boolean): HTMLElement {
    const name = h("span", { class: "out-name", dir: "auto" }, literal(column.name));
    const dtype = h("span", { class: "out-dtype" }, literal(column.dtype));
    const head = h("th", { scope: "col", class: classOf(column) });
    const way = sorted?.[0] === at ? sorted[1] : undefined;
    if (way) setAttribute(head, "aria-sort", ARIA[way]);
    if (!canSort) {
      head.append(name, dtype);
      return head;
    }
    const button = h("button", { type: "button", class: "out-sort" }, name, dtype);
    button.addEventListener("click", () => this.#sort(at));
    head.append(button);
    return head;
  }
}

/** Most indexes have no name; it has to be called something. */
function indexHead(name: string): HTMLElement {
  const head = h("th", { scope: "col", class: "index" }, literal(name));
  if (!name) setAttribute(head, "aria-label", OUTPUT_STRINGS.index);
  return head;
}

function rowOf({ index, columns }: TableValue, row: Row): HTMLElement {
  const heads = row
    .slice(0, index.length)
    .map((name) => h("th", { scope: "row", class: "index" }, literal(name)));
  const cells = columns.map((column, at) => cellOf(column, row[index.length + at] ?? ""));
  return h("tr", {}, ...heads, ...cells);
}

function cellOf(column: Column, text: string): HTMLElement {
  const words = literal(text);
  const cell = h("td", { class: classOf(column) }, words);
  if (isMissing(text)) setAttribute(cell, "data-missing", true);
  if (words.length > LONG) setAttribute(cell, "title", words);
  return cell;
}

function classOf(column: Column): string {
  return isNumeric(column) ? "out-number" : "out-word";
}
