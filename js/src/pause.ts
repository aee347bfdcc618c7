/** Ways to let the page come to its own. */

/** How long one after the other may go on before the page has a frame. */
const SLICE_MS = 8;
/** How long a page may have something else to do. */
const IDLE_MS = 300;

/** Behind what the page has to do now. */
export function pause(): Promise<void> {
  return new Promise((go) => setTimeout(go));
}

/** When the page has nothing else to do, or has had for long enough. */
export function idle(): Promise<unknown> {
  if (!("requestIdleCallback" in globalThis)) return pause();
  return new Promise((go) => requestIdleCallback(go, { timeout: IDLE_MS }));
}

/** Much work without a long task: between two pieces of it the page has its turn, if the first has taken its time. */
export class Slices {
  #end = performance.now() + SLICE_MS;

  get isOver(): boolean {
    return performance.now() > this.#end;
  }

  readonly next = async (): Promise<void> => {
    if (!this.isOver) return;
    await pause();
    this.#end = performance.now() + SLICE_MS;
  };
}
