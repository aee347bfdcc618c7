/** Work on many things, in slices. */

import { Slices } from "../pause";

export async function inSlices<T>(
  items: Iterable<T>,
  work: (item: T) => void,
  signal: AbortSignal,
): Promise<void> {
  const slices = new Slices();
  for (const item of items) {
    if (slices.isOver) {
      await slices.next();
      signal.throwIfAborted();
    }
    work(item);
  }
}
