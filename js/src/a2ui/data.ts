/** The data of a surface, and who is to hear of which change. */

import { at, equal, type Pointer, readAt, withValue } from "./json";

export interface Watcher {
  /** Something that it read is another now. */
  touched(): void;
}

/** A place in the data that somebody watches, or on the way to one. */
export interface Place {
  readonly above: Place | undefined;
  readonly key: string;
  // Made when they are needed: there is a place for every leaf of a form or table.
  below?: Map<string, Place>;
  watchers?: Set<Watcher>;
  /** Watch which rows there are, each told apart by the field given: not what is in them. */
  rowWatchers?: Map<Watcher, string | undefined>;
}

/** A write costs its own path, what is watched below it and the values that differ: not the number of watchers. */
export class DataModel {
  #value: unknown = {};
  readonly #top: Place = { above: undefined, key: "" };

  /** `hasLists` says whether what is made on the way to a number is a list. */
  constructor(readonly hasLists: () => boolean) {}

  get value(): unknown {
    return this.#value;
  }

  get(pointer: Pointer): unknown {
    return readAt(this.#value, pointer);
  }

  /** `undefined` deletes. Raises where nothing can be put; then nothing changed. */
  set(pointer: Pointer, value: unknown): void {
    let before = this.#value;
    let after = withValue(before, pointer, value, this.hasLists());
    this.#value = after;
    // Deleting what is not there may still have made what it is not in.
    if (value !== undefined && equal(readAt(before, pointer), value)) return;
    let here: Place | undefined = this.#top;
    for (const [depth, key] of pointer.entries()) {
      touchAbove(here, before, after, pointer.slice(depth));
      here = here.below?.get(key);
      if (!here) return;
      before = at(before, key);
      after = at(after, key);
    }
    touchBelow(here, before, after);
  }

  /** Hear of every change at `pointer`, in it or of what it is in. */
  watch(pointer: Pointer, watcher: Watcher): Place {
    const here = this.#place(pointer);
    here.watchers ??= new Set();
    here.watchers.add(watcher);
    return here;
  }

  /** Hear which rows there are at `pointer`. */
  watchRows(pointer: Pointer, watcher: Watcher, field: string | undefined): Place {
    const here = this.#place(pointer);
    here.rowWatchers ??= new Map();
    here.rowWatchers.set(watcher, field);
    return here;
  }

  #place(pointer: Pointer): Place {
    let here = this.#top;
    for (const key of pointer) {
      here.below ??= new Map();
      let next = here.below.get(key);
      if (!next) {
        next = { above: here, key };
        here.below.set(key, next);
      }
      here = next;
    }
    return here;
  }
}

/** Leave a place, and take away what nobody watches any more. */
export function leave(here: Place, watcher: Watcher): void {
  here.watchers?.delete(watcher);
  here.rowWatchers?.delete(watcher);
  let empty: Place | undefined = here;
  while (empty?.above && !empty.below?.size && !empty.watchers?.size && !empty.rowWatchers?.size) {
    empty.above.below?.delete(empty.key);
    empty = empty.above;
  }
}

/** `pointer` leads from here to what was written. */
function touchAbove(here: Place, before: unknown, after: unknown, pointer: Pointer): void {
  for (const watcher of here.watchers ?? []) watcher.touched();
  const isLonger = !Array.isArray(before) || before.length !== (after as unknown[]).length;
  for (const [watcher, field] of here.rowWatchers ?? []) {
    if (isLonger || pointer.length === 1 || (pointer.length === 2 && pointer[1] === field)) watcher.touched();
  }
}

function touchBelow(here: Place, before: unknown, after: unknown): void {
  if (Object.is(before, after)) return;
  if (here.watchers?.size && !equal(before, after)) for (const watcher of here.watchers) watcher.touched();
  for (const [watcher, field] of here.rowWatchers ?? [])
    if (rowsDiffer(before, after, field)) watcher.touched();
  for (const [key, below] of here.below ?? []) touchBelow(below, at(before, key), at(after, key));
}

function rowsDiffer(before: unknown, after: unknown, field: string | undefined): boolean {
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return true;
  // Rows that had nothing to tell them apart may have it now.
  if (field === undefined) return rowField(after) !== undefined;
  return after.some((row, i) => at(row, field) !== at(before[i], field));
}

const ROW_FIELDS = ["id", "key", "uuid", "name"];

/** The field by which the rows of a list can be told apart: a text or number, another one in every row. */
export function rowField(rows: readonly unknown[]): string | undefined {
  return rows.length ? ROW_FIELDS.find((field) => isUnique(rows.map((row) => at(row, field)))) : undefined;
}

function isUnique(values: readonly unknown[]): boolean {
  const isScalar = (value: unknown) => typeof value === "string" || typeof value === "number";
  return values.every(isScalar) && new Set(values).size === values.length;
}
