/** How numbers and foreign text are written. */

import { STRINGS } from "./strings";

const COUNT = new Intl.NumberFormat("en");

export function count(value: number): string {
  return COUNT.format(value);
}

/** `0.4 s`, `12 s`, `2 min 05 s`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return STRINGS.seconds(seconds.toFixed(1));
  return wholeSeconds(ms);
}

/** For what is still counting: tenths would flicker. */
export function wholeSeconds(ms: number): string {
  const seconds = Math.round(Math.max(0, ms) / 1000);
  if (seconds < 60) return STRINGS.seconds(String(seconds));
  return STRINGS.minutes(String(Math.floor(seconds / 60)), String(seconds % 60).padStart(2, "0"));
}

const ANSI =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what a terminal's code begins with
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]/g;

/** Controls, marks of direction, what has no width. Joiners only where no script and no emoji needs them. */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: to find them is what this is for
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each for itself
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|(?<![^\0-\x7f])[\u200c\u200d]/gu;

/**
 * Words that are read letter by letter (names, arguments, results, errors): without what a terminal obeys, and with a sign in the
 * place of what cannot be seen. Prose in a script that is written from the right needs some of these marks.
 */
export function literal(text: string): string {
  return text.replace(ANSI, "").replace(HIDDEN, signOf);
}

function signOf(hidden: string): string {
  return `⟨U+${(hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

/** Code whose lines cannot be made to read otherwise than they run; as long as before, so that colours stay in place. */
export function unturned(code: string): string {
  return code.replace(TURNING, "\ufffd");
}

export function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0] ?? "";
}

const ARGUMENT_CHARS = 120;

/** `quarter="Q3", limit=5` for complete JSON arguments; nothing while they are still being written. */
export function argumentLabel(args: string): string {
  if (args.length > 10_000 || !args.trimEnd().endsWith("}")) return "";
  try {
    const pairs = Object.entries(JSON.parse(args) as object);
    const label = pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(", ");
    return literal(label.length > ARGUMENT_CHARS ? `${label.slice(0, ARGUMENT_CHARS)}…` : label);
  } catch {
    return "";
  }
}

export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
