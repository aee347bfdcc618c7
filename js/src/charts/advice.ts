/** What a reader is told of a chart that is not understood, or that shows nothing: what is misspelt, if that is it. */

import { literal } from "../format";
import { isObject, type Json } from "./spec";
import { WORDS } from "./words";

const MARKS = new Set([
  ...["arc", "area", "bar", "circle", "geoshape", "image", "line", "point", "rect", "rule", "square"],
  ...["text", "tick", "trail", "boxplot", "errorband", "errorbar"],
]);
/** Where a specification has others within. */
const INNER = ["layer", "concat", "hconcat", "vconcat", "spec"];
const MAX_NAME = 80;

/** Over what it does not expect, the compiler stumbles in words that tell a reader nothing. */
export function whyNotUnderstood(spec: unknown): string {
  const strange = marksOf(spec).find((mark) => !MARKS.has(mark));
  return strange === undefined ? WORDS.notUnderstood : WORDS.noMark(literal(strange.slice(0, MAX_NAME)));
}

export function whyNothing(spec: Json): string {
  const rows = rowsOf(spec);
  const fields = rows.length ? fieldsOf(spec) : [];
  const absent = fields.find((field) => rows.every((row) => !Object.hasOwn(row, field)));
  return absent ? WORDS.noField(literal(absent.slice(0, MAX_NAME))) : WORDS.nothing;
}

/** As they are drawn: none where a transform makes others of them. */
function rowsOf({ data, transform }: Json): Json[] {
  const isGiven = isObject(data) && Array.isArray(data.values) && transform === undefined;
  return isGiven ? (data.values as unknown[]).filter(isObject) : [];
}

/** Those that are names alone: others lead into what a row holds. */
function fieldsOf({ encoding }: Json): string[] {
  return Object.values(isObject(encoding) ? encoding : {})
    .map((each) => isObject(each) && each.field)
    .filter((field) => typeof field === "string" && !/[.[\]\\]/.test(field)) as string[];
}

function marksOf(spec: unknown): string[] {
  if (!isObject(spec)) return [];
  const mark = isObject(spec.mark) ? spec.mark.type : spec.mark;
  const inner = INNER.flatMap((name) => spec[name]).flatMap(marksOf);
  return typeof mark === "string" ? [mark, ...inner] : inner;
}
