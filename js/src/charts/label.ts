/** What a chart is called for who does not see it: its title, its description, or what it draws. */

import { literal } from "../format";
import { isObject } from "./spec";
import { WORDS } from "./words";

const LABEL_CHARS = 200;
const CHAR_PIXELS = 7;
/** Of what a part of a date is written as, such as `Sep`. */
const UNIT_CHARS = 4;
const UNITS = 12;
const MAX_ROWS = 2_000;

export function labelOf(spec: Readonly<Record<string, unknown>>): string {
  const title = isObject(spec.title) ? spec.title.text : spec.title;
  const words = wordsOf(title) || wordsOf(spec.description) || axesOf(spec.encoding);
  return words ? `${WORDS.chart}: ${literal(words).slice(0, LABEL_CHARS)}` : WORDS.chart;
}

/** The words below bars lie flat if they have room for it, as far as the rows that are given tell. */
export function labelAngle({ encoding, data }: Readonly<Record<string, unknown>>, width: number): number {
  const x = isObject(encoding) && isObject(encoding.x) ? encoding.x : {};
  const rows =
    isObject(data) && Array.isArray(data.values) ? data.values.slice(0, MAX_ROWS).filter(isObject) : [];
  const labels = [...new Set(rows.map((row) => String(row[String(x.field)] ?? "")))];
  const longest = "timeUnit" in x ? UNIT_CHARS : Math.max(0, ...labels.map((label) => label.length));
  const room = width / Math.max(1, "timeUnit" in x ? UNITS : labels.length);
  return (longest + 1) * CHAR_PIXELS <= room ? 0 : -40;
}

function wordsOf(text: unknown): string {
  if (Array.isArray(text)) return text.filter((line) => typeof line === "string").join(" ");
  return typeof text === "string" ? text : "";
}

function axesOf(encoding: unknown): string {
  if (!isObject(encoding)) return "";
  const names = [encoding.y, encoding.x].map((channel) => (isObject(channel) ? wordsOf(channel.field) : ""));
  return names.filter((name) => name).join(" × ");
}
