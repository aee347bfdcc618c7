/** A list of listeners, each of which leaves when its signal does. */
export class Emitter<T> {
  readonly #listeners = new Set<(value: T) => void>();

  add(listener: (value: T) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }

  emit(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
}
