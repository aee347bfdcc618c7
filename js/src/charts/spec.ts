/** A chart's source as a specification that may be compiled: what is too large, or would load something, is refused. */

import type { TopLevelSpec } from "vega-lite";
import type { Source } from "../drawer";
import { count, literal } from "../format";
import { complaintAbout } from "../json-fault";
import { WORDS } from "./words";

export type Json = Record<string, unknown>;

/** A specification and what is said below its chart. */
export interface Reading {
  readonly spec: TopLevelSpec & Json;
  readonly notes: readonly string[];
}

const MAX_FENCE_CHARS = 200_000;
const MAX_CHARS = 5_000_000;
const MAX_ROWS = 200_000;
const MAX_VIEWS = 200;
const MAX_PIXELS = 10_000;
/** Characters of the first line of a table, for each of its rows: a row has at most so many cells. */
const MAX_TABLE = 10_000_000;

/** Throws an `Error` that says why it is not drawn. */
export function read({ kind, text }: Source): Reading {
  const most = kind.includes("/") ? MAX_CHARS : MAX_FENCE_CHARS;
  if (text.length > most) throw new Error(WORDS.tooLong(`${count(most)} characters`));
  const spec = parse(text);
  if (!isObject(spec)) throw new Error(WORDS.noObject);
  if (isVega(spec)) throw new Error(WORDS.noVega);
  const found: Found = { rows: 0, hasInputs: false };
  examine(spec, "", found);
  if (found.rows > MAX_ROWS) throw new Error(WORDS.tooManyRows(count(MAX_ROWS)));
  if (viewsOf(spec) > MAX_VIEWS) throw new Error(WORDS.tooMany("views", count(MAX_VIEWS)));
  return { spec: spec as Reading["spec"], notes: found.hasInputs ? [WORDS.noInputs] : [] };
}

/** What may not be named in it: merging would write through such names into every object of the page. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text, (name, value) => (isPoison(name, value) ? undefined : value));
  } catch {
    throw complaintAbout(text);
  }
}

/** A column may be called "constructor"; an object that is called so is meant for the prototype behind it. */
function isPoison(name: string, value: unknown): boolean {
  return name === "__proto__" || (/^(constructor|prototype)$/.test(name) && typeof value === "object");
}

function isVega(spec: Json): boolean {
  const schema = typeof spec.$schema === "string" ? spec.$schema : "";
  return /\/vega\/v?\d/.test(schema) || Array.isArray(spec.marks);
}

// -- what is in it ---------------------------------------------------------------------------------

interface Found {
  rows: number;
  hasInputs: boolean;
}

type Check = (value: unknown, found: Found, owner: Json) => void;

/** By the name of a member, wherever it stands but in the rows themselves. */
const CHECKS: Readonly<Record<string, Check>> = {
  url: (value, _, owner) => {
    if (typeof value === "string" && isSource(owner)) throw new Error(WORDS.noUrl(placeOf(value)));
  },
  values: (value, found, owner) => {
    if (isSource(owner)) found.rows += rowsOf(value);
  },
  datasets: (value, found) => {
    for (const rows of Object.values(isObject(value) ? value : {})) found.rows += rowsOf(rows);
  },
  bind: (value, found) => {
    found.hasInputs ||= isInput(value);
  },
  width: checkPixels,
  height: checkPixels,
  tickCount: checkTicks,
  grouping: checkGrouping,
};

/** Rows are counted, and not looked into. */
const ROWS = new Set(["values", "datasets"]);

function examine(value: unknown, name: string, found: Found): void {
  if (Array.isArray(value)) for (const item of value) examine(item, name, found);
  else if (isObject(value))
    for (const [name, member] of Object.entries(value)) {
      if (Object.hasOwn(CHECKS, name)) CHECKS[name]?.(member, found, value);
      if (name === "bind" && isInput(member))
        delete value[name]; // no inputs, and nothing of the page
      else if (!(ROWS.has(name) && isRows(name, value))) examine(member, name, found);
    }
}

/** `url` and `values` say rows where nothing else says what is drawn: an encoding's or an axis' do not. */
function isSource(owner: Json): boolean {
  return !("mark" in owner || "encoding" in owner || "field" in owner || "type" in owner || "value" in owner);
}

/** A slider or a list beside the chart; a scale or a legend of its own may be bound. */
function isInput(binding: unknown): boolean {
  return isObject(binding) && !("legend" in binding);
}

function isRows(name: string, owner: Json): boolean {
  return name === "datasets" || isSource(owner);
}

function rowsOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (isObject(value)) return Array.isArray(value.arcs) ? pointsOf(value.objects, value.arcs) : 0;
  if (typeof value !== "string") return 0;
  return /^\s*[[{]/.test(value) ? rowsOf(parse(value)) : linesOf(value);
}

/** Of a map, which names its lines, and may name one any number of times. */
function pointsOf(named: unknown, arcs: readonly unknown[]): number {
  if (typeof named === "number") return rowsOf(arcs[named < 0 ? ~named : named]);
  if (typeof named !== "object" || named === null) return 0;
  return Object.values(named).reduce<number>((sum, each) => sum + pointsOf(each, arcs), 0);
}

function linesOf(text: string): number {
  const [head = "", ...rows] = text.split("\n");
  if (head.length * rows.length > MAX_TABLE) throw new Error(WORDS.tooLong(`${count(MAX_TABLE)} cells`));
  return rows.length + 1;
}

function checkPixels(value: unknown): void {
  const pixels = isObject(value) ? value.step : value;
  if (typeof pixels === "number" && !(pixels <= MAX_PIXELS)) throw new Error(WORDS.tooLarge);
}

/** Ticks each second of a century would never be done. */
function checkTicks(value: unknown): void {
  const interval = isObject(value) ? value.interval : value;
  if (typeof interval === "number") return;
  if (!/^(week|month|quarter|year)$/.test(String(interval))) throw new Error(WORDS.noTicks);
}

/** Digits in groups of less than one would never be done. */
function checkGrouping(value: unknown): void {
  const isFine = (size: unknown) => typeof size === "number" && size >= 1;
  if (!(Array.isArray(value) && value.every(isFine))) throw new Error(WORDS.noGrouping);
}

/** How many views it makes: what is repeated makes its own each time. */
function viewsOf(spec: unknown): number {
  if (!isObject(spec)) return 0;
  const parts = [...PARTS.flatMap((name) => spec[name]), spec.spec];
  const inner = parts.reduce<number>((sum, part) => sum + viewsOf(part), 0);
  const lists = isObject(spec.repeat) ? Object.values(spec.repeat) : [spec.repeat];
  const times = lists.reduce<number>((product, list) => product * (Array.isArray(list) ? list.length : 1), 1);
  return Math.max(1, inner) * Math.max(1, times);
}

const PARTS = ["hconcat", "vconcat", "concat", "layer"];

/** Where something would have come from, in a few words. */
export function placeOf(url: unknown): string {
  const text = String(url);
  try {
    const { protocol, host } = new URL(text);
    return literal(host || protocol).slice(0, 100);
  } catch {
    return `“${literal(text).slice(0, 60)}”`;
  }
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
