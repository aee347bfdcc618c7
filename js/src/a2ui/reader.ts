/** What a value in a component stands for at one place: bindings read, functions called. */

import type { Part } from "./expression";
import { type Caller, Unready } from "./functions";
import { isObject, mapValues, type Pointer, type Props, pointerOf, pointerOf08, relative08 } from "./json";
import type { Surface } from "./surface";

/** Who is to hear when something that was read is another. */
export interface Tracker {
  reads(pointer: Pointer): void;
  waitsFor(answer: Answered): void;
}

/** A call that the agent answers. */
export interface Answered {
  readonly value: unknown;
  readonly watchers: Set<{ touched(): void }>;
}

/** Where relative paths start, and which row of a template it is in. */
export interface Scope {
  readonly pointer: Pointer;
  readonly row: number | undefined;
}

const MAX_CALLS = 20;
const LITERALS = ["literalString", "literalNumber", "literalBoolean", "literalArray"];
const NO_ROW = "@index function can only be evaluated inside a collection template iteration scope.";

export class Reader implements Caller {
  #calls = 0;

  constructor(
    readonly surface: Surface,
    readonly scope: Scope,
    /** The component, of which problems are said. */
    readonly of: string,
    readonly tracker?: Tracker,
    /** Only in what a user does may something happen outside. */
    readonly isActing = false,
  ) {}

  get locale(): string | undefined {
    return this.surface.hooks.locale;
  }

  value(raw: unknown): unknown {
    if (Array.isArray(raw)) return raw.map((item) => this.value(item));
    if (!isObject(raw)) return raw;
    if (this.surface.family === "0.8") return this.#value08(raw);
    const { path, call } = this.surface.spelling;
    if (typeof raw[path] === "string") return this.read(raw[path]);
    if (typeof raw[call] === "string") return this.#call(raw[call], raw);
    return path === "path" ? mapValues(raw, (item) => this.value(item)) : this.#literal(raw);
  }

  read(path: string): unknown {
    const pointer = this.#attempt(() => pointerIn(this.surface, path, this.scope.pointer));
    if (!pointer) return undefined;
    this.tracker?.reads(pointer);
    return this.surface.data.get(pointer);
  }

  part(part: Part): unknown {
    if (typeof part !== "object") return part;
    if ("path" in part) return this.read(part.path);
    return this.#nested(part.call, () =>
      this.invoke(
        part.call,
        mapValues(part.args, (arg) => this.part(arg as Part)),
      ),
    );
  }

  openUrl(url: string): void {
    this.surface.hooks.openUrl(url);
  }

  /** Call a function with arguments that are resolved. */
  invoke(name: string, args: Props, catalogId?: string): unknown {
    if (name === "@index") return this.#attempt(() => this.#index(args));
    const spec = this.surface.functionOf(name, catalogId);
    if (!spec?.run) return this.surface.askAgent(this, name, args, catalogId);
    const { run, requiresUserActivation } = spec;
    return this.#attempt(() => {
      if (requiresUserActivation && !this.isActing)
        throw new Error(`Function '${name}' runs only in an action.`);
      return run(args, this);
    });
  }

  #call(name: string, raw: Props): unknown {
    const catalogId = typeof raw.catalogId === "string" ? raw.catalogId : undefined;
    const given = isObject(raw.args) ? raw.args : {};
    return this.#nested(name, () =>
      this.invoke(
        name,
        mapValues(given, (arg) => this.value(arg)),
        catalogId,
      ),
    );
  }

  #nested(name: string, run: () => unknown): unknown {
    if (this.#calls >= MAX_CALLS) {
      this.surface.report(
        "EXPRESSION_ERROR",
        `Function '${name}' is nested over ${MAX_CALLS} deep.`,
        this.of,
      );
      return undefined;
    }
    this.#calls++;
    try {
      return run();
    } finally {
      this.#calls--;
    }
  }

  /** Where a function raises, there is no value. */
  #attempt<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof Unready))
        this.surface.report("EXPRESSION_ERROR", (error as Error).message, this.of);
      return undefined;
    }
  }

  #index({ offset = 0 }: Props): number {
    if (this.scope.row === undefined) throw new Error(NO_ROW);
    return this.scope.row + Number(offset);
  }

  /** Where bindings are marked, everything else is a literal, and `@@` stands for an `@` in it. */
  #literal(raw: Props): Props {
    const items = Object.entries(raw).map(([key, item]) => {
      if (/^@(?!@)/.test(key))
        this.surface.report("INVALID_RESERVED_KEY", `Unknown reserved key '${key}'`, this.of);
      return [key.replace(/^@@/, "@"), this.value(item)] as const;
    });
    return Object.fromEntries(items);
  }

  /** With both a path and a literal, the literal stands in until there is something at the path. */
  #value08(raw: Props): unknown {
    const literal = LITERALS.map((name) => raw[name]).find((value) => value !== undefined);
    if (typeof raw.path === "string") return this.read(raw.path) ?? literal;
    return literal === undefined ? mapValues(raw, (item) => this.value(item)) : literal;
  }
}

/** Where a binding leads. Raises for a forbidden key. */
export function pointerIn(surface: Surface, path: string, scope: Pointer): Pointer {
  if (surface.family !== "0.8") return pointerOf(path, scope);
  return pointerOf08(scope.length ? relative08(path) : path, scope);
}
