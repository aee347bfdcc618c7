/** The language of `formatString`: text with `${…}` in it. */

/** A piece of a template: text, a literal, a path to read or a function to call. */
export type Part = string | number | boolean | { path: string } | Call;
export interface Call {
  readonly call: string;
  readonly args: Readonly<Record<string, Part>>;
}

const MAX_NESTING = 100;
const MAX_CACHED = 500;
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
const cache = new Map<string, readonly Part[]>();

/** The parts of `template`, in order. Raises where it does not follow the grammar. */
export function parseTemplate(template: string): readonly Part[] {
  const known = cache.get(template);
  if (known) return known;
  const parts = [...partsOf(template)];
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(template, parts);
  return parts;
}

function* partsOf(template: string): Generator<Part> {
  const text = new Scanner(template);
  while (!text.isAtEnd) {
    if (text.take("\\${")) yield "${";
    else if (text.take("${")) yield expression(text.block(), 1);
    else yield text.until(/\\?\$\{/g);
  }
}

function expression(source: string, depth: number): Part {
  const text = new Scanner(source.trim());
  const part = operand(text, depth);
  if (!text.isAtEnd) throw new Error(`Unexpected characters at end of expression: '${text.rest}'`);
  return part;
}

function operand(text: Scanner, depth: number): Part {
  if (depth > MAX_NESTING) throw new Error("Max recursion depth reached in parse");
  text.skip(/\s*/y);
  if (text.take("${")) return expression(text.block(), depth + 1);
  const quote = text.skip(/['"]/y);
  if (quote) return text.quoted(quote);
  const number = text.skip(/\d[\d.]*/y);
  if (number) return numberOf(number);
  const word = text.skip(/(?:true|false|null)(?![A-Za-z0-9_])/y);
  if (word) return word === "null" ? "" : word === "true";
  const name = text.skip(/@index|[A-Za-z0-9/._~-]*/y);
  text.skip(/\s*/y);
  if (text.take("(")) return { call: name, args: argumentsOf(text, name, depth) };
  return name && { path: name };
}

function argumentsOf(text: Scanner, call: string, depth: number): Record<string, Part> {
  const args: [string, Part][] = [];
  text.skip(/\s*/y);
  while (!text.isAtEnd && text.next !== ")") {
    const name = text.skip(/[A-Za-z0-9_]*/y);
    text.skip(/\s*/y);
    if (!text.take(":")) throw new Error(`Expected ':' after argument name '${name}' in function '${call}'`);
    args.push([name, operand(text, depth + 1)]);
    text.skip(/\s*,?\s*/y);
  }
  if (!text.take(")")) throw new Error(`Expected ')' after function arguments for '${call}'`);
  return Object.fromEntries(args);
}

function numberOf(text: string): number {
  if (!/^\d+\.?\d*$/.test(text)) throw new Error(`Invalid number literal: '${text}'`);
  return Number(text);
}

class Scanner {
  #at = 0;
  constructor(readonly text: string) {}

  get isAtEnd(): boolean {
    return this.#at >= this.text.length;
  }

  get next(): string | undefined {
    return this.text[this.#at];
  }

  get rest(): string {
    return this.text.slice(this.#at);
  }

  take(expected: string): boolean {
    const is = this.text.startsWith(expected, this.#at);
    if (is) this.#at += expected.length;
    return is;
  }

  /** What a sticky pattern matches here, passed over. */
  skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  /** What stands before the next match of a global pattern. */
  until(pattern: RegExp): string {
    const start = this.#at;
    pattern.lastIndex = start;
    this.#at = pattern.exec(this.text)?.index ?? this.text.length;
    return this.text.slice(start, this.#at);
  }

  /** What stands before the `}` of a `${` already taken; one in quotes does not end it. */
  block(): string {
    const start = this.#at;
    for (let open = 1; !this.isAtEnd; ) {
      const character = this.next;
      this.#at++;
      if (character === "'" || character === '"') this.quoted(character);
      else if (character === "{") open++;
      else if (character === "}" && --open === 0) return this.text.slice(start, this.#at - 1);
    }
    throw new Error("Unclosed interpolation: missing '}'");
  }

  /** The text in quotes, after the first of them. */
  quoted(quote: string): string {
    let value = "";
    while (!this.isAtEnd) {
      const character = this.text[this.#at++] as string;
      if (character === quote) break;
      if (character !== "\\") value += character;
      else {
        const escaped = this.text[this.#at++] ?? "";
        value += ESCAPES[escaped] ?? escaped;
      }
    }
    return value;
  }
}
