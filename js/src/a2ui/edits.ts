/** What the user entered into the data of a surface, and the agent has not changed since. */

import type { DataModel } from "./data";
import { equal, type Pointer, pathOf, pointerOf } from "./json";

/** What the user entered where: `base` is what the agent had there. */
export interface Edit {
  readonly path: string;
  readonly value: unknown;
  readonly base: unknown;
  /** Of a component whose value is not in the data: the property; `path` is then its id and scope. */
  readonly prop?: string;
}

export class Edits {
  readonly #data: DataModel;
  readonly #made = new Map<string, Edit>();
  /** Where passwords were entered. */
  readonly #secrets = new Set<string>();
  /** To be entered again, when the surface is there. */
  #expected: Edit[] = [];

  constructor(data: DataModel) {
    this.#data = data;
  }

  /** To be kept: never what is meant to be seen by nobody. */
  made(): Edit[] {
    return [...this.#made.values()].filter(({ path }) => !this.#secrets.has(path));
  }

  /** Raises where nothing can be put. */
  make(pointer: Pointer, value: unknown, isSecret: boolean): void {
    const path = pathOf(pointer);
    if (isSecret) this.#secrets.add(path);
    const base = this.#made.get(path)?.base ?? this.#data.get(pointer);
    this.#data.set(pointer, value);
    this.#made.set(path, { path, value, base });
  }

  /** The agent wrote at `path`. */
  end(path: string): void {
    for (const edited of this.#made.keys()) {
      if (isWithin(edited, path) || isWithin(path, edited)) this.#made.delete(edited);
    }
  }

  /** All that was entered is to be entered again. */
  withdraw(): void {
    this.#expected.push(...this.#made.values());
    this.#made.clear();
  }

  expect(edits: readonly Edit[]): void {
    this.#expected.push(...edits);
  }

  /** Those to be entered again, once. */
  expected(): Edit[] {
    return this.#expected.splice(0);
  }

  /** Whether the agent's own value at `path` is what it was then. */
  isAt(path: string, base: unknown): boolean {
    return equal(this.#data.get(pointerOf(path)) ?? null, base ?? null);
  }
}

function isWithin(path: string, outer: string): boolean {
  return outer === "/" || path === outer || path.startsWith(`${outer}/`);
}
