/** What an agent says of an artifact, read with suspicion. */

import { literal } from "../format";

/** What nobody reads to the end, and what would make a line of everything. */
const MAX_CHARS = 2_000;

export type Content = Readonly<Record<string, unknown>>;

export function contentOf(value: unknown): Content {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Content) : {};
}

/** The first of the fields that says something: letter by letter, with a sign in the place of what hides. */
export function textOf(content: Content, ...names: string[]): string {
  const found = names.map((name) => content[name]).find((value) => typeof value === "string" && value.trim());
  return literal(String(found ?? "").slice(0, MAX_CHARS));
}

export function countOf(content: Content, name: string): number | undefined {
  const value = content[name];
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

/** A share of one. */
export function shareOf(content: Content, name: string): number | undefined {
  const value = content[name];
  return typeof value === "number" && value >= 0 && value <= 1 ? value : undefined;
}
