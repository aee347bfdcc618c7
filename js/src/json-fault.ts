/** Where a text stops being JSON. Engines say it in words of their own, or not at all. Source: RFC 8259. */

import { literal } from "./format";

export interface Fault {
  /** From 1, as an editor counts. */
  readonly line: number;
  readonly column: number;
  /** What may stand there. */
  readonly wanted: string;
  /** How what stands there begins; nothing at the end. */
  readonly found: string;
}

const FOUND_CHARS = 12;

/** What is wrong with a text that is no JSON, and where, for who wrote it. */
export function complaintAbout(text: string): string {
  const { line, column, wanted, found } = faultIn(text) ?? { ...placeOf(text, text.length), wanted: "" };
  const instead = found ? `«${literal(found)}»` : "the end";
  return `this is not JSON: line ${line}, column ${column}: ${wanted} should stand here, not ${instead}`;
}

type Move = State | "open" | "close" | "done";
type State = "value" | "first item" | "first key" | "key" | "colon" | "after item" | "after field" | "end";

const WANTED: Readonly<Record<State, string>> = {
  value: "a value",
  "first item": "a value or ]",
  "first key": 'a key in "quotes" or }',
  key: 'a key in "quotes"',
  colon: "a colon",
  "after item": "a comma or ]",
  "after field": "a comma or }",
  end: "nothing more",
};

/** What a token leads to; brackets open and close, and what follows then depends on what is around them. */
const VALUES = { "{": "open", "[": "open", string: "done", scalar: "done" } as const;
const MOVES: Readonly<Record<State, Readonly<Record<string, Move>>>> = {
  value: VALUES,
  "first item": { ...VALUES, "]": "close" },
  "first key": { string: "colon", "}": "close" },
  key: { string: "colon" },
  colon: { ":": "value" },
  "after item": { ",": "value", "]": "close" },
  "after field": { ",": "key", "}": "close" },
  end: {},
};
const OPENED: Readonly<Record<string, State>> = { "{": "first key", "[": "first item" };
const AFTER: Readonly<Record<string, State>> = { "{": "after field", "[": "after item" };

const TOKEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no string of JSON has them
  /([{}[\],:])|("(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;
const SPACE = /[ \t\n\r]*/y;

/** The first fault of `text`; none if it is JSON. */
export function faultIn(text: string): Fault | undefined {
  const open: string[] = [];
  let state: State = "value";
  let offset = 0;
  for (;;) {
    offset += matchAt(SPACE, text, offset)?.[0].length ?? 0;
    if (offset === text.length && state === "end") return undefined;
    const token = matchAt(TOKEN, text, offset);
    const name = token?.[1] ?? (token?.[2] ? "string" : "scalar");
    const moves = MOVES[state];
    const move = token && Object.hasOwn(moves, name) ? moves[name] : undefined;
    if (!token || !move) return { ...placeOf(text, offset), wanted: WANTED[state] };
    offset += token[0].length;
    state = stateAfter(move, name, open);
  }
}

function placeOf(text: string, offset: number): Pick<Fault, "line" | "column" | "found"> {
  const before = text.slice(0, offset).split("\n");
  const found = text.slice(offset, offset + FOUND_CHARS).split("\n", 1)[0] ?? "";
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, found };
}

/** `open` holds the brackets that are open, and changes with them. */
function stateAfter(move: Move, name: string, open: string[]): State {
  if (move === "open") open.push(name);
  if (move === "close") open.pop();
  if (move === "open") return OPENED[name] ?? "end";
  if (move === "close" || move === "done") return AFTER[open.at(-1) ?? ""] ?? "end";
  return move;
}

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}
