import { Slices } from "./pause";

/** Who takes longer than this holds nobody up any more. */
const PATIENCE_MS = 10_000;

/** Work that is done one piece after the other. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  readonly #slices = new Slices();

  take<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(this.#slices.next).then(task);
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    this.#last = Promise.race([ended, this.#last.then(() => within(PATIENCE_MS, ended))]);
    return result;
  }
}

/** Waits for so long; `ended` makes the waiting pointless. */
function within(ms: number, ended: Promise<unknown>): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    ended.then(() => clearTimeout(timer));
  });
}
