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

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what an ANSI code begins with
const ANSI = /\x1b\[[0-9;?]*[ -/]*[@-~]/g;

/** Terminal colours are not shown, so their codes must not be either. */
export function withoutAnsi(text: string): string {
  return text.replace(ANSI, "");
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
    return label.length > ARGUMENT_CHARS ? `${label.slice(0, ARGUMENT_CHARS)}…` : label;
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
