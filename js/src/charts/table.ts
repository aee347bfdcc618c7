/** The data of a chart as a table: what a reader who does not see it has in its place. */

import { Disclosure } from "../disclosure";
import { h } from "../dom";
import { count, literal } from "../format";
import { WORDS } from "./words";

type Row = Readonly<Record<string, unknown>>;

const SHOWN_ROWS = 100;
const SHOWN_COLUMNS = 30;
const CELL_CHARS = 200;

/** Closed until somebody opens it, and made only then. */
export function dataTable(rows: readonly Row[]): HTMLElement {
  const label = WORDS.data(WORDS.rows(rows.length, count(rows.length)));
  const disclosure = new Disclosure("chart-data", (body) => body.append(scroller(rows)), label);
  return h("div", {}, disclosure.button, disclosure.body);
}

function scroller(rows: readonly Row[]): HTMLElement {
  const region = { class: "chart-rows", tabindex: "0", role: "region", "aria-label": WORDS.allRows };
  return h("div", region, tableOf(rows));
}

export function tableOf(rows: readonly Row[]): HTMLTableElement {
  const shown = rows.slice(0, SHOWN_ROWS);
  const names = [...new Set(shown.flatMap((row) => Object.keys(row)))].slice(0, SHOWN_COLUMNS);
  const caption =
    rows.length > SHOWN_ROWS ? WORDS.firstRows(count(SHOWN_ROWS), count(rows.length)) : WORDS.allRows;
  const numeric = names.map((name) =>
    shown.every((row) => row[name] == null || typeof row[name] === "number"),
  );
  const cell = (row: Row) => (name: string, at: number) =>
    h("td", numeric[at] ? { class: "number" } : {}, cellText(row[name]));
  return h(
    "table",
    {},
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...names.map((name, at) => h("th", head(numeric[at]), cellText(name))))),
    h("tbody", {}, ...shown.map((row) => h("tr", {}, ...names.map(cell(row))))),
  );
}

function head(isNumber = false): Record<string, string> {
  return isNumber ? { scope: "col", class: "number" } : { scope: "col" };
}

/** A value in a few words, with nothing hidden in it. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "–" : dateText(value);
  if (typeof value === "number")
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return literal(text.length > CELL_CHARS ? `${text.slice(0, CELL_CHARS)}…` : text);
}

function dateText(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString();
  return local.endsWith("T00:00:00.000Z") ? local.slice(0, 10) : local.slice(0, 16).replace("T", " ");
}
