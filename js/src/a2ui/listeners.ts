/** Who is to hear of something. What one of them raises reaches the page's error handler, and not the others. */
export class Listeners {
  /** Another array after every change: who listens may come and go while they are told. */
  #all: readonly (() => void)[] = [];

  /** Gives the way to leave. */
  add(listener: () => void): () => void {
    const own = () => listener(); // the same function may listen twice
    this.#all = [...this.#all, own];
    return () => {
      this.#all = this.#all.filter((one) => one !== own);
    };
  }

  tell(): void {
    for (const listener of this.#all) {
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
    this.#all = [];
  }
}
