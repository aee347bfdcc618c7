/** One chunk of one conversation: asked for when something first needs it, and again when a kernel answers after all. */

import { loadChunk, type Reference } from "./chunks";
import { type Connection, isReadOnly } from "./connection";
import { Emitter } from "./emitter";

export class Lazy<T> {
  module: T | undefined;
  hasFailed = false;
  /** It has come, or it has not, or it is asked for again. */
  readonly changed = new Emitter<void>();
  readonly #reference: Reference;
  readonly #connection: Connection;
  readonly #signal: AbortSignal;
  #isLoading = false;

  constructor(reference: Reference, connection: Connection, signal: AbortSignal) {
    this.#reference = reference;
    this.#connection = connection;
    this.#signal = signal;
    connection.linked.add((link) => {
      if (this.hasFailed && !isReadOnly(link)) this.load();
    }, signal);
    connection.chunks.add(({ name, bytes }) => {
      if (this.hasFailed && bytes && name === reference.name) this.load(async () => bytes); // a kernel that was busy answers late
    }, signal);
  }

  load(fetch = (name: string) => this.#connection.fetchChunk(name)): void {
    if (this.#isLoading || this.module || this.#signal.aborted) return;
    this.#isLoading = true;
    this.hasFailed = false;
    loadChunk<T>(this.#reference, fetch)
      .then((module) => {
        this.module = module;
      })
      .catch(() => {
        this.hasFailed = true;
      })
      .finally(() => {
        this.#isLoading = false;
        if (!this.#signal.aborted) this.changed.emit();
      });
    this.changed.emit();
  }
}
