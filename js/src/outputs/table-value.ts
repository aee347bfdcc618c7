/** A table as it came over the wire: read once, so that nothing behind here asks whether it is one. */

import type { Branch } from "../nodes";

export interface Column {
  readonly name: string;
  readonly dtype: string;
}

export interface TableValue {
  readonly columns: readonly Column[];
  /** The names of the index; a row begins with as many cells. */
  readonly index: readonly string[];
  readonly rows: readonly Row[];
  /** How many rows and columns the object has. */
  readonly total: number;
  readonly width: number;
}
export type Row = readonly string[];

export function tableOf(value: unknown): TableValue {
  const { columns, index, rows, total, width } = recordOf(value);
  const named = listOf(columns).map((column) => {
    const { name, dtype } = recordOf(column);
    return { name: wordsOf(name), dtype: wordsOf(dtype) };
  });
  const first = rowsOf(rows);
  return {
    columns: named,
    index: listOf(index).map(wordsOf),
    rows: first,
    total: countOf(total, first.length),
    width: countOf(width, named.length),
  };
}

export function rowsOf(rows: unknown): Row[] {
  return listOf(rows).map((row) => listOf(row).map(wordsOf));
}

const NUMERIC = /^(?:u?int|float|complex|decimal|timedelta|number|i\d|u\d|f\d)/i;

/** Numbers are read from their end. */
export function isNumeric({ dtype }: Column): boolean {
  return NUMERIC.test(dtype);
}

const MISSING = new Set(["NaN", "NaT", "None", "<NA>", "null"]);

export function isMissing(cell: string): boolean {
  return MISSING.has(cell);
}

/** The same for who copies tables. */
export function branchOf({ index, columns }: TableValue, rows: readonly Row[]): Branch {
  const alignments = [...index.map(() => ""), ...columns.map((column) => (isNumeric(column) ? "right" : ""))];
  const line = (t: string, words: readonly string[]): Branch => ({
    t: "tr",
    c: words.map((word, at) => ({
      t,
      ...(alignments[at] ? { a: { align: alignments[at] } } : {}),
      c: [word],
    })),
  });
  const names = [...index, ...columns.map(({ name }) => name)];
  return { t: "table", c: [line("th", names), ...rows.map((row) => line("td", row))] };
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function wordsOf(value: unknown): string {
  return typeof value === "string" ? value : value === null || value === undefined ? "" : String(value);
}

function countOf(value: unknown, least: number): number {
  return Number.isSafeInteger(value) ? Math.max(least, Number(value)) : least;
}
