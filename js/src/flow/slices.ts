/** Much work without a long task: the page comes to its own between two slices. */

const SLICE_MS = 8;

export async function inSlices<T>(
  items: Iterable<T>,
  work: (item: T) => void,
  signal: AbortSignal,
): Promise<void> {
  let end = performance.now() + SLICE_MS;
  for (const item of items) {
    if (performance.now() > end) {
      await pause();
      signal.throwIfAborted();
      end = performance.now() + SLICE_MS;
    }
    work(item);
  }
}

function pause(): Promise<void> {
  return new Promise((go) => setTimeout(go));
}

const IDLE_MS = 300;

/** The page has nothing else to do, or has had for long enough. */
export function idle(): Promise<unknown> {
  if (!("requestIdleCallback" in globalThis)) return pause();
  return new Promise((go) => requestIdleCallback(go, { timeout: IDLE_MS }));
}
