/** How long one after the other may go on before the page has a frame. */
const SLICE_MS = 8;
/** Who takes longer than this holds nobody up any more. */
const PATIENCE_MS = 10_000;

/** Work that is done one piece after the other. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #since = Number.NEGATIVE_INFINITY;

  take<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(this.#breathe).then(task);
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    this.#last = Promise.race([ended, this.#last.then(() => pause(PATIENCE_MS, ended))]);
    return result;
  }

  readonly #breathe = async (): Promise<void> => {
    if (performance.now() - this.#since < SLICE_MS) return;
    await pause(0);
    this.#since = performance.now();
  };
}

/** Waits; `ended` makes the waiting pointless. */
function pause(ms: number, ended?: Promise<unknown>): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    ended?.then(() => clearTimeout(timer));
  });
}
