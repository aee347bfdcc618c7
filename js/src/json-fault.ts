/** Where a text stops being JSON. Engines say it in words of their own, or not at all. Source: RFC 8259. */

import { UNFINISHED } from "./drawer";
import { literal } from "./format";

export interface Fault {
  /** From 1, as an editor counts. */
  readonly line: number;
  readonly column: number;
  /** What may stand there. */
  readonly wanted: string;
  /** How what stands there begins; nothing at the end. */
  readonly found: string;
  /** The text ends there, though it could go on. */
  readonly isCut: boolean;
}

const FOUND_CHARS = 12;

/** What is wrong with a text that is no JSON, and where, for who wrote it; a text that was cut has no fault but that. */
export function complaintAbout(text: string): Error {
  const { line, column, wanted, found, isCut } = faultIn(text) ?? faultAt(text, text.length, "end");
  if (isCut) return Object.assign(new Error("it was not finished"), { name: UNFINISHED });
  const what = `${wanted} should stand here, not «${literal(found)}»`;
  return new Error(`this is not JSON: line ${line}, column ${column}: ${what}`);
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
/** Nothing, or the beginning of a token. */
const CUT = /^(?:"(?:[^"\\\n]|\\.)*\\?|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|-?[\d.eE+-]*)$/;
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
    if (!token || !move) return faultAt(text, offset, state);
    offset += token[0].length;
    state = stateAfter(move, name, open);
  }
}

function faultAt(text: string, offset: number, state: State): Fault {
  const before = text.slice(0, offset).split("\n");
  const rest = text.slice(offset);
  return {
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    wanted: WANTED[state],
    found: rest.slice(0, FOUND_CHARS).split("\n", 1)[0] ?? "",
    isCut: state !== "end" && CUT.test(rest),
  };
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
