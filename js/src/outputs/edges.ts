import { setAttribute } from "../dom";

/** Marks on `frame` at which sides `scroller` holds more than is seen. */
export class Edges {
  readonly #scroller: HTMLElement;
  readonly #frame: HTMLElement;
  readonly #observer =
    typeof ResizeObserver === "function" ? new ResizeObserver(() => this.update()) : undefined;

  constructor(scroller: HTMLElement, frame: HTMLElement) {
    this.#scroller = scroller;
    this.#frame = frame;
    scroller.addEventListener("scroll", () => this.update(), { passive: true });
    this.#observer?.observe(scroller);
  }

  update(): void {
    const { scrollLeft, scrollWidth, clientWidth } = this.#scroller;
    const passed = Math.abs(scrollLeft); // from the right, where words are written so
    setAttribute(this.#frame, "data-before", passed > 1);
    setAttribute(this.#frame, "data-behind", passed + clientWidth < scrollWidth - 1);
  }

  destroy(): void {
    this.#observer?.disconnect();
  }
}
