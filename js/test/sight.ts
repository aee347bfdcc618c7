/** An observer of who is in sight: everything, until a test says otherwise. Import it in `vi.hoisted`, before what looks. */
import { vi } from "vitest";

const tellers = new Set<() => void>();
let isSeen = true;

class Observer {
  readonly #targets = new Set<Element>();
  readonly #told: IntersectionObserverCallback;

  constructor(told: IntersectionObserverCallback) {
    this.#told = told;
    tellers.add(() => this.#tell([...this.#targets]));
  }

  observe(target: Element): void {
    this.#targets.add(target);
    setTimeout(() => this.#tell([target]));
  }

  unobserve(target: Element): void {
    this.#targets.delete(target);
  }

  disconnect(): void {
    this.#targets.clear();
  }

  #tell(targets: Element[]): void {
    const entries = targets.map((target) => ({ target, isIntersecting: isSeen }));
    if (entries.length) this.#told(entries as never, this as never);
  }
}
vi.stubGlobal("IntersectionObserver", Observer);

export function setSight(now: boolean): void {
  isSeen = now;
  for (const tell of tellers) tell();
}
