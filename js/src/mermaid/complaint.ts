/** What mermaid complains of, in a line that helps a reader: where it stopped, without what is of use to its own authors alone. */

import { WORDS } from "./words";

const MAX_CHARS = 300;

/** What its authors say of limits and settings, and what a reader should hear instead. */
const REWORDED: readonly (readonly [about: RegExp, words: string])[] = [
  [/^No diagram type detected/, WORDS.unknown],
  [/^Edge limit exceeded/, WORDS.tooMany],
  [/image cannot be decoded/, WORDS.picture],
];
/** A line that points at the one above it, and the parser's names for all that might have come. */
const ASIDE = /^(-*\^|Expecting .*)$/;

export function complaint(message: string): string {
  const reworded = REWORDED.find(([about]) => about.test(message))?.[1];
  if (reworded) return reworded;
  const lines = message.split("\n").map((line) => line.trim());
  const words = lines.filter((line) => line && !ASIDE.test(line)).join(" ");
  return words.length > MAX_CHARS ? `${words.slice(0, MAX_CHARS)}…` : words;
}
