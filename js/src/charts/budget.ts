/** What the expressions of a chart may take of the page. */

import { count } from "../format";
import { WORDS } from "./words";

const MAX_MS = 5_000;
const MAX_BYTES = 100_000_000;

/**
 * How long expressions may hold the page at a time, and how much they may make in that time: a dataflow cannot be
 * interrupted, but what it calls can end it.
 */
export class Budget {
  #until = 0;
  #bytes = 0;
  #isSpent = false;
  readonly #maxMs: number;

  constructor(maxMs = MAX_MS) {
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
