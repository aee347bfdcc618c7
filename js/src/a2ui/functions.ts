/** The functions of the basic catalogue, and those that web_core has besides. */

import { formatDate } from "./dates";
import { type Part, parseTemplate } from "./expression";
import { isObject, type Props } from "./json";

/** Where a call is made. */
export interface Caller {
  readonly locale: string | undefined;
  /** What a part of a template stands for here, and is watched for. */
  part(part: Part): unknown;
  openUrl(url: string): void;
}

/** `run` may raise, or give a promise if the agent calls it. Without it, the agent is asked. */
export interface FunctionSpec {
  readonly run?: (args: Props, caller: Caller) => unknown;
  /** Who may call it; only the renderer if not said. */
  readonly allowedCallers?: "rendererOnly" | "agentOnly" | "rendererOrAgent";
  /** It does something outside, so only in what the user does. */
  readonly requiresUserActivation?: boolean;
}

/** An argument has no value yet, which is no mistake while data arrive. */
export class Unready extends Error {}

/** Longer texts are cut. */
export const MAX_TEXT = 1_048_576;
const MAX_PATTERN = 500;
const MAX_MATCHED = 10_000;
const MAX_STEPS = 3e8;
const EMAIL = /^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$/;

type Run = NonNullable<FunctionSpec["run"]>;

const RUNS: Readonly<Record<string, Run>> = {
  required: ({ value }) => {
    const given = ready(value);
    return given !== null && given !== "" && !(Array.isArray(given) && given.length === 0);
  },
  regex: ({ value, pattern }) => matches(text(value), text(pattern)),
  length: (args) => {
    const value = ready(args.value);
    return isWithin(typeof value === "string" || Array.isArray(value) ? value.length : 0, args);
  },
  numeric: (args) => isWithin(Number(ready(args.value)), args),
  email: ({ value }) => EMAIL.test(text(value).slice(0, MAX_MATCHED)),
  and: ({ values }) => list(values).every(isTruthy),
  or: ({ values }) => list(values).some(isTruthy),
  not: ({ value }) => !isTruthy(ready(value)),

  formatString: ({ value }, caller) => {
    let text = "";
    for (const part of parseTemplate(shown(value))) {
      text += shown(caller.part(part));
      if (text.length > MAX_TEXT) return text.slice(0, MAX_TEXT);
    }
    return text;
  },
  formatNumber: (args, { locale }) => numbers(args, locale, {}),
  formatCurrency: (args, { locale }) =>
    numbers(args, locale, { style: "currency", currency: text(args.currency) }),
  formatDate: ({ value, format }, { locale }) => dateText(ready(value), text(format), locale),
  pluralize: (args, { locale }) => {
    const rule = new Intl.PluralRules(locale).select(number(args.value, true));
    return shown(args[rule] ?? args.other);
  },
  capitalize: ({ value }) => shown(value).replace(/^./u, (first) => first.toUpperCase()),

  add: ({ a, b }) => number(a) + number(b),
  subtract: ({ a, b }) => number(a) - number(b),
  multiply: ({ a, b }) => number(a) * number(b),
  divide: ({ a, b }) => {
    const [over, under] = [number(a), number(b)];
    return under === 0 ? Number.POSITIVE_INFINITY : over / under;
  },
  equals: ({ a, b }) => ready(a) === ready(b),
  not_equals: ({ a, b }) => ready(a) !== ready(b),
  greater_than: ({ a, b }) => number(a) > number(b),
  less_than: ({ a, b }) => number(a) < number(b),
  contains: ({ string, substring }) => text(string).includes(text(substring)),
  starts_with: ({ string, prefix }) => text(string).startsWith(text(prefix)),
  ends_with: ({ string, suffix }) => text(string).endsWith(text(suffix)),
};

export const BASIC_FUNCTIONS: ReadonlyMap<string, FunctionSpec> = new Map<string, FunctionSpec>([
  ...Object.entries(RUNS).map(([name, run]) => [name, { run }] as const),
  ["openUrl", { run: ({ url }, caller) => caller.openUrl(text(url)), requiresUserActivation: true }],
]);

/** What 1.0 says of a check that failed and has no message of its own. */
export const FAILURES: Readonly<Record<string, { code: string; message: string }>> = {
  required: { code: "REQUIRED", message: "This field is required." },
  email: { code: "INVALID_EMAIL", message: "Please enter a valid email address (e.g. user@example.com)." },
  regex: { code: "PATTERN_MISMATCH", message: "Please match the requested format." },
  length: { code: "INVALID_LENGTH", message: "Please check the length." },
  numeric: { code: "OUT_OF_RANGE", message: "Please enter a number in the allowed range." },
};

/** A condition: a plain value, or a `ValidationResult` of 1.0. */
export function isTruthy(value: unknown): boolean {
  return Boolean(isObject(value) && "valid" in value ? value.valid : value);
}

/** As text: nothing is empty, and a list or object its JSON. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function ready(value: unknown): unknown {
  if (value === undefined) throw new Unready();
  return value;
}

function text(value: unknown): string {
  return String(ready(value));
}

function number(value: unknown, isNullZero = false): number {
  if (value === undefined || (value === null && !isNullZero)) throw new Unready();
  const given = Number(value);
  if (Number.isNaN(given)) throw new Error(`'${shown(value).slice(0, 50)}' is not a number`);
  return given;
}

function list(values: unknown): unknown[] {
  if (!Array.isArray(ready(values)) || (values as unknown[]).length < 2)
    throw new Error("'values' must have two or more");
  return values as unknown[];
}

function isWithin(value: number, { min, max }: Props): boolean {
  if (min === undefined && max === undefined) throw new Error("Must provide either 'min' or 'max'");
  if (Number.isNaN(value)) return false;
  return !((min !== undefined && value < Number(min)) || (max !== undefined && value > Number(max)));
}

/** JavaScript cannot stop a match that takes for ever, so neither patterns nor texts that can are tried. */
export function matches(value: string, pattern: string): boolean {
  if (pattern.length > MAX_PATTERN) throw new Error(`A pattern may have ${MAX_PATTERN} characters`);
  const repeats = repeatsOf(pattern);
  if (repeats === undefined) throw new Error(`Pattern '${pattern}' repeats what already repeats`);
  const power = repeats + (pattern.startsWith("^") ? 0 : 1);
  const isBounded = value.length <= MAX_MATCHED && value.length ** power <= MAX_STEPS;
  return isBounded && new RegExp(pattern).test(value);
}

const REPEAT = /^(?:[*+]|\{\d*,?\d{2,}\}|\{\d*,\})/;

/** How many repetitions follow each other; undefined if one holds another or a choice, or refers to a group. */
export function repeatsOf(pattern: string): number | undefined {
  const bare = pattern.replace(/\\[^1-9]/g, "x").replace(/\[(?:\\.|[^\]\\])*\]/g, "x");
  if (bare.includes("\\")) return undefined;
  const groups: boolean[] = [];
  let repeats = 0;
  for (let i = 0; i < bare.length; i++) {
    const isRepeat = REPEAT.test(bare.slice(i));
    if (isRepeat) repeats++;
    if (bare[i] === "(") groups.push(false);
    else if (bare[i] === ")") {
      const isOpen = groups.pop() ?? false;
      if (isOpen && REPEAT.test(bare.slice(i + 1))) return undefined;
      if (isOpen && groups.length) groups[groups.length - 1] = true;
    } else if (groups.length && bare[i - 1] !== "(" && (isRepeat || /[|?]/.test(bare[i] as string))) {
      groups[groups.length - 1] = true;
    }
  }
  return repeats;
}

function numbers(args: Props, locale: string | undefined, style: Intl.NumberFormatOptions): string {
  const value = number(args.value, true);
  const digits = args.decimals === undefined ? undefined : Number(args.decimals);
  const decimals =
    digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  try {
    const useGrouping = args.grouping !== false;
    return new Intl.NumberFormat(locale, { ...style, ...decimals, useGrouping }).format(value);
  } catch {
    // A currency that there is not, or a hundred decimals.
    const fallback = style.currency ? 2 : undefined;
    const places = Math.min(Math.max(digits ?? fallback ?? 0, 0), 100);
    return digits === undefined && fallback === undefined ? String(value) : value.toFixed(places || 0);
  }
}

function dateText(value: unknown, format: string, locale: string | undefined): string {
  const date = new Date(value as string);
  if (!value || Number.isNaN(date.getTime())) return "";
  if (format === "ISO") return date.toISOString();
  try {
    return formatDate(date, format, locale);
  } catch {
    return date.toISOString();
  }
}
