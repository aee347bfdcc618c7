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

export function whyNothing({ data, encoding }: Json): string {
  const rows = isObject(data) && Array.isArray(data.values) ? data.values.filter(isObject) : [];
  const fields = Object.values(isObject(encoding) ? encoding : {}).map(
    (each) => isObject(each) && each.field,
  );
  const absent = fields.find(
    (field) => typeof field === "string" && rows.length && rows.every((row) => !Object.hasOwn(row, field)),
  );
  return absent ? WORDS.noField(literal(String(absent).slice(0, MAX_NAME))) : WORDS.nothing;
}

function marksOf(spec: unknown): string[] {
  if (!isObject(spec)) return [];
  const mark = isObject(spec.mark) ? spec.mark.type : spec.mark;
  const inner = INNER.flatMap((name) => spec[name]).flatMap(marksOf);
  return typeof mark === "string" ? [mark, ...inner] : inner;
}
