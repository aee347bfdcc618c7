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
import { WORDS } from "./words";

interface Ast {
  type: string;
  [field: string]: unknown;
}

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

// -- rewriting -------------------------------------------------------------------------------------

const call = (name: string, ...args: unknown[]): Ast => ({
  type: "CallExpression",
  callee: { type: "Identifier", name },
  arguments: args,
});

type Rewrite = (ast: Ast) => Ast;

const REWRITES: Readonly<Record<string, Rewrite>> = {
  MemberExpression: ({ object, property, computed }) => {
    const { name } = property as Ast;
    return call("member", rewrite(object), computed ? rewrite(property) : { type: "Literal", value: name });
  },
  CallExpression: (ast) => {
    const { name } = ast.callee as Ast;
    if (name === "regexp" || name === "test") throw new Error(WORDS.noRegexp);
    return call("checked", { ...ast, arguments: (ast.arguments as Ast[]).map(rewrite) });
  },
  BinaryExpression: (ast) => call("checked", rewriteFields(ast)), // it may join texts
  ArrayExpression: (ast) => call("checked", rewriteFields(ast)),
  Literal: (ast) => {
    if (ast.regex) throw new Error(WORDS.noRegexp);
    return ast;
  },
  Property: (ast) => ({ ...ast, value: rewrite(ast.value) }), // its key is a name
  Identifier: (ast) => {
    if (String(ast.name) in Object.prototype) throw new Error(WORDS.noFunction(String(ast.name)));
    return ast;
  },
};

function rewrite(value: unknown): Ast {
  const ast = value as Ast;
  return (REWRITES[ast.type] ?? rewriteFields)(ast);
}

function rewriteFields(ast: Ast): Ast {
  const fields = Object.entries(ast).map(([name, field]) => [name, rewriteField(field)]);
  return Object.fromEntries(fields) as Ast;
}

function rewriteField(field: unknown): unknown {
  if (Array.isArray(field)) return field.map(rewriteField);
  return typeof field === "object" && field !== null && "type" in field ? rewrite(field) : field;
}

// -- time and room ---------------------------------------------------------------------------------

const MAX_MS = 5_000;
const MAX_BYTES = 100_000_000;

/**
 * How long expressions may hold the page at a time, and how much they may make in that time: a dataflow cannot be
 * interrupted, but what it calls can end it.
 */
class Budget {
  #until = 0;
  #bytes = 0;
  #isSpent = false;
  readonly #maxMs: number;

  constructor(maxMs: number) {
    this.#maxMs = maxMs;
  }

  spend(): void {
    if (!this.#isSpent) this.#begin();
    if (performance.now() > this.#until) throw new Error(WORDS.tooSlow);
  }

  /** What a part of an expression has made, if there is room for it. */
  take<T>(made: T): T {
    this.spend();
    this.#bytes += typeof made === "string" ? made.length : Array.isArray(made) ? 8 * made.length : 0;
    if (this.#bytes > MAX_BYTES) throw new Error(WORDS.tooMany("an expression", count(MAX_BYTES)));
    return made;
  }

  #begin(): void {
    this.#isSpent = true;
    this.#bytes = 0;
    this.#until = performance.now() + this.#maxMs;
    setTimeout(() => {
      this.#isSpent = false; // the page had its turn
    });
  }
}

// -- the interpreter -------------------------------------------------------------------------------

type Context = { functions: Functions };
type Parsed = { ast: Ast };
type Encoding = { channels: Record<string, Parsed> };

/** What `View` takes as `expr`. */
export function guardedInterpreter(maxMs = MAX_MS) {
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
