/** Whether a chat is light or dark: hosts say their theme in colours alone, and switch it while the page stands. */

import type { Scheme } from "./drawer";
import { frame } from "./scheduler";

const THEMED = ["class", "style", "data-theme", "data-jp-theme-light"];
const DARK = "(prefers-color-scheme: dark)";

/** Of the colour of its words: light words stand on dark paper. */
export function schemeOf(element: Element): Scheme {
  const { color } = getComputedStyle(element);
  if (!color.startsWith("rgb")) return matchMedia(DARK).matches ? "dark" : "light";
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return red + green + blue > 3 * 127 ? "dark" : "light";
}

/** Calls `changed` when the theme above `element`, which is in the document, may be another one; at most once a frame. */
export function watchScheme(element: Element, changed: () => void, signal: AbortSignal): void {
  const root = element.closest(".chat") ?? element;
  const watch = watches.get(root) ?? new Watch(root);
  watches.set(root, watch);
  watch.add(changed, signal);
}

const watches = new WeakMap<Element, Watch>();

/** One for each chat, as long as anybody listens. */
class Watch {
  readonly #root: Element;
  readonly #listeners = new Set<() => void>();
  readonly #observer = new MutationObserver(() => this.#note());
  #dark: MediaQueryList | undefined;

  constructor(root: Element) {
    this.#root = root;
  }

  add(listener: () => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    if (!this.#listeners.size) this.#begin();
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#remove(listener), { once: true });
  }

  #begin(): void {
    for (const each of [document.documentElement, document.body, this.#root])
      this.#observer.observe(each, { attributes: true, attributeFilter: THEMED });
    this.#dark = matchMedia(DARK);
    this.#dark.addEventListener("change", this.#note);
  }

  #remove(listener: () => void): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size) return;
    this.#observer.disconnect();
    this.#dark?.removeEventListener("change", this.#note);
  }

  readonly #note = (): void => frame.read(this.#tell);

  readonly #tell = (): void => {
    for (const listener of [...this.#listeners]) listener();
  };
}
