/** What a chart is called for who does not see it: its title, its description, or what it draws. */

import { literal } from "../format";
import { isObject } from "./spec";
import { WORDS } from "./words";

const LABEL_CHARS = 200;

export function labelOf(spec: Readonly<Record<string, unknown>>): string {
  const title = isObject(spec.title) ? spec.title.text : spec.title;
  const words = wordsOf(title) || wordsOf(spec.description) || axesOf(spec.encoding);
  return words ? `${WORDS.chart}: ${literal(words).slice(0, LABEL_CHARS)}` : WORDS.chart;
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
