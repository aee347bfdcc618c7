/** Who is to hear of something. What one of them raises reaches the page's error handler, and not the others. */
export class Listeners {
  readonly #all = new Set<() => void>();

  /** Gives the way to leave. */
  add(listener: () => void): () => void {
    const own = () => listener(); // the same function may listen twice
    this.#all.add(own);
    return () => this.#all.delete(own);
  }

  tell(): void {
    for (const listener of [...this.#all]) {
      try {
        listener();
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  clear(): void {
    this.#all.clear();
  }
}
