/** One animation frame for all views: every write, then every read, so layout runs at most once. */
class Frame {
  #writes = new Set<() => void>();
  #reads = new Set<() => void>();
  #isRequested = false;
  #isRunning = false;

  /** Run `task` once in the next frame, however often it is asked for. */
  write(task: () => void): void {
    this.#writes.add(task);
    this.#request();
  }

  /** Run `task` after all writes of the frame: it may measure, and then correct a scroll position. */
  read(task: () => void): void {
    this.#reads.add(task);
    this.#request();
  }

  #request(): void {
    if (this.#isRequested || this.#isRunning) return;
    this.#isRequested = true;
    requestAnimationFrame(this.#run);
  }

  /** What its tasks ask to read is read in this frame: another one is asked for only if something is left. */
  #run = (): void => {
    this.#isRequested = false;
    this.#isRunning = true;
    const writes = this.#writes;
    this.#writes = new Set();
    for (const task of writes) guard(task);
    const reads = this.#reads; // taken only now
    this.#reads = new Set();
    for (const task of reads) guard(task);
    this.#isRunning = false;
    if (this.#writes.size || this.#reads.size) this.#request();
  };
}

/** One view's fault must not cost the others their frame. */
function guard(task: () => void): void {
  try {
    task();
  } catch (error) {
    console.error(error);
  }
}

export const frame = new Frame();

/** Calls its tasks once a second, in a frame, while there are any. */
export class Ticker {
  readonly #tasks = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  add(task: () => void): void {
    this.#tasks.add(task);
    this.resume();
  }

  delete(task: () => void): void {
    this.#tasks.delete(task);
    if (!this.#tasks.size) this.pause();
  }

  pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  resume(): void {
    if (this.#tasks.size) this.#timer ??= setInterval(() => frame.write(this.#tick), 1000);
  }

  #tick = (): void => {
    for (const task of [...this.#tasks]) task();
  };
}
