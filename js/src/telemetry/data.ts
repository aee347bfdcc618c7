/** The rows of a chart that grows, as the columns that are drawn. */

import { literal } from "../format";
import { WORDS } from "./words";

export interface Series {
  readonly name: string;
  readonly unit: string;
}

export type Column = (number | null)[];

export interface Data {
  readonly title: string;
  readonly x: string;
  readonly series: readonly Series[];
  /** That of x first. */
  readonly columns: readonly [number[], ...Column[]];
}

/** Those that more are not told apart; the rest is in the table of nobody. */
const MAX_SERIES = 64;

/** Throws an `Error` for what is no chart. */
export function read(text: string): Data {
  const given = parsed(text);
  if (!Array.isArray(given?.series) || !Array.isArray(given.rows)) throw new Error(WORDS.noChart);
  const series = given.series.slice(0, MAX_SERIES).map(seriesOf);
  const rows = inOrder(given.rows.filter(isRow));
  const column = (at: number) => rows.map((row) => numberOf(row[at]));
  const xs = rows.map(([x]) => x);
  return {
    title: words(given.title),
    x: words(given.x),
    series,
    columns: [xs, ...series.map((_, at) => column(at + 1))],
  };
}

function parsed(text: string): { title?: unknown; x?: unknown; series?: unknown; rows?: unknown } | null {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(WORDS.noChart);
  }
}

type Row = readonly [number, ...unknown[]];

function isRow(row: unknown): row is Row {
  return Array.isArray(row) && Number.isFinite(row[0]);
}

/** What is drawn goes from left to right, whoever went back in time. */
function inOrder(rows: Row[]): Row[] {
  const isSorted = rows.every(([x], at) => at === 0 || (rows[at - 1] as Row)[0] <= x);
  return isSorted ? rows : rows.sort(([one], [other]) => one - other);
}

function numberOf(cell: unknown): number | null {
  return typeof cell === "number" && Number.isFinite(cell) ? cell : null;
}

function seriesOf(given: unknown): Series {
  const { name, unit } = (given ?? {}) as { name?: unknown; unit?: unknown };
  return { name: words(name), unit: words(unit) };
}

function words(given: unknown): string {
  return typeof given === "string" ? literal(given).slice(0, 200) : "";
}

// -- in words --------------------------------------------------------------------------------------

export function valueText(value: number | null | undefined, unit = ""): string {
  if (value === null || value === undefined) return WORDS.none;
  const size = Math.abs(value);
  const isPlain = value === 0 || (size >= 1e-3 && size < 1e7);
  const text = isPlain ? String(Number(value.toPrecision(5))) : value.toExponential(2);
  return unit ? `${text} ${unit}` : text;
}

export function lastOf(column: Column): number | undefined {
  return column.findLast((value): value is number => value !== null);
}

/** The chart in a line: its name, and where each series stands. */
export function labelOf({ title, series, columns }: Data): string {
  const latest = series.map(
    ({ name, unit }, at) => `${name} ${valueText(lastOf(columns[at + 1] ?? []), unit)}`,
  );
  return `${title || WORDS.title}: ${latest.join(", ") || WORDS.none}`;
}
