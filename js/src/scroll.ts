import { h, setAttribute, setHidden } from "./dom";
import { icon } from "./icons";
import { frame } from "./scheduler";
import { STRINGS } from "./strings";

const NEAR_PX = 24;
const KEYS_UP = new Set(["PageUp", "ArrowUp", "Home"]);
const OPENERS = "[aria-expanded], .more, summary";
const CAN_ANCHOR = CSS.supports?.("overflow-anchor", "auto") ?? false;

/**
 * Keeps the end of the log in view until the reader goes up.
 *
 * The browser does it: the pin is the only scroll anchor, so what grows above it moves the scroller, with no script and no
 * layout of its own. Only from a scroller that has not scrolled yet, and where there is no anchoring, `settle` does.
 */
export class Scroll {
  readonly scroller: HTMLElement;
  readonly jump = h(
    "button",
    { type: "button", class: "jump", "data-jump": true, hidden: true },
    icon("down"),
  );
  readonly #reachedTop: () => void;
  #isStuck = true;
  #top = 0;

  constructor(log: HTMLElement, reachedTop: () => void) {
    this.#reachedTop = reachedTop;
    // Not reachable by Tab; focusable, or a click on the text would focus the notebook's cell.
    this.scroller = h(
      "div",
      { class: "scroller", tabindex: "-1", "data-stuck": true },
      log,
      h("div", { class: "pin" }),
    );
    this.scroller.addEventListener("scroll", this.#onScroll, { passive: true });
    this.scroller.addEventListener("wheel", ({ deltaY }) => deltaY < 0 && this.#release(), { passive: true });
    this.scroller.addEventListener("touchmove", this.#release, { passive: true });
    this.scroller.addEventListener("keydown", ({ key }) => KEYS_UP.has(key) && this.#release());
    this.scroller.addEventListener("click", this.#holdStill, { capture: true });
    this.jump.addEventListener("click", () => {
      this.toEnd();
      this.scroller.focus({ preventScroll: true }); // the button goes away
    });
    // A change of the scroller itself, such as its padding in a narrow cell, is not made up for by an anchor.
    new ResizeObserver(() => frame.read(this.#settleResized)).observe(this.scroller);
    this.#label(false);
  }

  /** Something was written: measure once, after all writes of this frame. */
  grew(): void {
    if (!this.#isStuck) this.#label(true);
    else frame.read(this.#settle);
  }

  get isStuck(): boolean {
    return this.#isStuck;
  }

  /**
   * `write` puts something above `element`, which stays where the reader sees it.
   *
   * At its top no scroller is anchored, and in some browsers none is: so it is measured, and set before anything is painted.
   */
  keep(element: Element | null, write: () => void): void {
    if (this.#isStuck || !element) {
      write();
      frame.read(this.#settle);
      return;
    }
    const before = element.getBoundingClientRect().top;
    write();
    this.scroller.scrollTop += element.getBoundingClientRect().top - before;
    this.#top = this.scroller.scrollTop;
  }

  toEnd(): void {
    this.#stick(true);
    frame.read(this.#scrollToEnd);
  }

  #scrollToEnd = (): void => {
    this.scroller.scrollTop = 1e9;
  };

  #settle = (): void => {
    const isKeptByPin = CAN_ANCHOR && this.scroller.scrollTop > 0;
    if (this.#isStuck && !isKeptByPin) this.#scrollToEnd();
  };

  #settleResized = (): void => {
    if (this.#isStuck) this.#scrollToEnd();
  };

  /** What the reader opens grows downwards: its line stays under the pointer, also at the end of the log. */
  #holdStill = ({ target }: Event): void => {
    if (!this.#isStuck || !(target as Element).closest(OPENERS)) return;
    this.#stick(false);
    frame.read(() => this.#isNear() && this.#stick(true));
  };

  #isNear(): boolean {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight <= NEAR_PX;
  }

  /** By direction: shrinking text also lowers `scrollTop`, at the bottom, and must not count as going up. */
  #onScroll = (): void => {
    const { scrollTop } = this.scroller;
    const isNear = this.#isNear();
    if (scrollTop > this.#top && isNear) this.#stick(true);
    else if (scrollTop < this.#top && !isNear) this.#stick(false);
    if (scrollTop < this.#top && scrollTop < NEAR_PX && !this.#isStuck) this.#reachedTop();
    this.#top = scrollTop;
  };

  #release = (): void => {
    if (this.#top > 0) this.#stick(false);
  };

  #stick(isStuck: boolean): void {
    if (isStuck === this.#isStuck) return;
    this.#isStuck = isStuck;
    setAttribute(this.scroller, "data-stuck", isStuck);
    setHidden(this.jump, isStuck);
    this.#label(false);
  }

  #label(isUnread: boolean): void {
    setAttribute(this.jump, "data-unread", isUnread);
    setAttribute(this.jump, "aria-label", isUnread ? STRINGS.jumpUnread : STRINGS.jump);
  }
}
