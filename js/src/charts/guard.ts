/**
 * A chart's expressions, kept to its data.
 *
 * The interpreter generates no code, but its expressions start from events and from the items on the canvas, and from there lead
 * by members to the page. So each syntax tree is rewritten before it is interpreted: members are read by `member`, results of
 * functions go through `checked`, and neither gives a function or an object that is not plain.
 */

import * as vega from "vega";
import { expressionInterpreter as interpreter } from "vega-interpreter";
import { count } from "../format";
import { checkedFormat } from "./bounds";
import { Budget } from "./budget";
import { type Ast, rewrite } from "./rewrite";
import { WORDS } from "./words";

/** What may be read of an event. */
const EVENT_FIELDS = new Set([
  ...["shiftKey", "ctrlKey", "altKey", "metaKey", "button", "buttons", "key", "type", "pointerType"],
  ...["clientX", "clientY", "offsetX", "offsetY", "pageX", "pageY", "deltaX", "deltaY", "deltaMode"],
]);

/** Vega's types leave them out. */
const { Item, GroupItem, Bounds } = vega as unknown as Record<string, { prototype: object }>;

const PLAIN: ReadonlySet<unknown> = new Set([
  ...[null, Object.prototype, Array.prototype, Date.prototype],
  ...[Item, GroupItem, Bounds].map((kind) => kind?.prototype),
]);

const MAX_NUMBERS = 10_000;
const MAX_CHARS = 10_000;

function checked(value: unknown): unknown {
  if (typeof value === "function") return undefined;
  if (typeof value !== "object" || value === null) return value;
  return PLAIN.has(Object.getPrototypeOf(value)) || ArrayBuffer.isView(value) ? value : undefined;
}

function member(owner: unknown, name: unknown): unknown {
  if (owner === undefined || owner === null) return undefined;
  const key = String(name);
  const isOffered = Object.hasOwn(Object(owner), key) || (owner instanceof Event && EVENT_FIELDS.has(key));
  return isOffered ? checked((owner as Record<string, unknown>)[key]) : undefined;
}

/** As the original, within bounds. */
function sequence(start: number, stop?: number, step = 1): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (!(length <= MAX_NUMBERS)) throw new Error(WORDS.tooMany("sequence()", count(MAX_NUMBERS)));
  return Array.from({ length }, (_, n) => from + n * step);
}

function pad(text: unknown, length: number, character = " ", align = "right"): string {
  const words = String(text);
  const missing = Math.min(length, MAX_CHARS) - words.length;
  const fill = (n: number) => String(character).slice(0, 1).repeat(Math.max(0, n));
  if (align === "left") return fill(missing) + words;
  if (align === "center") return fill(Math.floor(missing / 2)) + words + fill(Math.ceil(missing / 2));
  return words + fill(missing);
}

const refused = (name: string) => () => {
  throw new Error(WORDS.noFunction(name));
};

type Closure = (...args: unknown[]) => unknown;
type Functions = Readonly<Record<string, Closure>>;

/** Those of an expression: the interpreter's, and what takes the place of some. */
function offered(functions: Functions, budget: Budget): object {
  return Object.assign(Object.create(functions), {
    ...{ member, sequence, pad },
    checked: (value: unknown) => budget.take(checked(value)),
    format(this: unknown, value: unknown, format: unknown) {
      return functions.format?.call(this, value, checkedFormat(format));
    },
    ...Object.fromEntries(REFUSED.map((name) => [name, refused(name)])),
  });
}

const REFUSED = ["timeSequence", "utcSequence", "modify", "setdata"];

type Context = { functions: Functions };
type Parsed = { ast: Ast };
type Encoding = { channels: Record<string, Parsed> };

/** What `View` takes as `expr`. */
export function guardedInterpreter(maxMs?: number) {
  const budget = new Budget(maxMs);
  const timed =
    (closure: Closure): Closure =>
    (...args) => {
      budget.spend();
      return closure(...args);
    };
  const within = ({ functions }: Context) => ({ functions: offered(functions, budget) });
  const parsed = ({ ast }: Parsed) => ({ ast: rewrite(ast) });
  const one =
    (interpret: (context: unknown, expression: unknown) => Closure) =>
    (context: Context, expression: Parsed) =>
      timed(interpret(within(context), parsed(expression)));
  return {
    operator: one(interpreter.operator),
    parameter: one(interpreter.parameter),
    event: one(interpreter.event),
    handler: one(interpreter.handler),
    encode: (context: Context, encode: Encoding) => {
      const channels = Object.entries(encode.channels).map(([name, each]) => [name, parsed(each)]);
      return timed(
        interpreter.encode(within(context), { ...encode, channels: Object.fromEntries(channels) }),
      );
    },
  };
}
