import { h } from "./dom";
import { type KeyedView, Views } from "./keyed";

export const PAGE_SIZE = 50;

/**
 * Keyed views in their order, fifty to a page: what the style sheet lets the browser skip in one go while it is out of sight.
 *
 * A view stays on its page for life unless it must move itself: pages hold fewer where something was removed, and more where
 * something came in between. New views at either end begin pages of their own.
 */
export class Pages<T, V extends KeyedView<T>> extends Views<T, V> {
  readonly element: HTMLElement;
  #order: string[] = [];

  constructor(element: HTMLElement, keyOf: (item: T) => string, make: (item: T) => V) {
    super(keyOf, make);
    this.element = element;
  }

  /** Make what is new, remove what is gone, move as few as possible; the rest is not touched. */
  arrange(items: readonly T[]): void {
    const keys = items.map(this.keyOf);
    this.removeAllBut(new Set(keys));
    this.#takeOutMoved(keys);
    let last: HTMLElement | undefined;
    for (const item of items) {
      const { element } = this.viewOf(item);
      if (!element.parentElement) this.#place(element, last);
      last = element;
    }
    this.#order = keys;
    this.#tidy();
  }

  override rename(from: string, to: string): boolean {
    const isRenamed = super.rename(from, to);
    if (isRenamed) this.#order[this.#order.indexOf(from)] = to;
    return isRenamed;
  }

  destroy(): void {
    this.arrange([]);
  }

  /** Those that stand in the right order among themselves stay; a selection in them would not outlive a move. */
  #takeOutMoved(keys: readonly string[]): void {
    const stood = new Map(this.#order.map((key, at) => [key, at]));
    const known = keys.filter((key) => this.views.has(key));
    const stay = rising(known.map((key) => stood.get(key) ?? 0));
    known.forEach((key, at) => {
      if (!stay.has(at)) this.views.get(key)?.element.remove();
    });
  }

  /** Behind `last`, or before everything. */
  #place(element: HTMLElement, last: HTMLElement | undefined): void {
    const page = last?.parentElement;
    if (!last || !page) this.element.prepend(newPage(element));
    else if (last.nextElementSibling) this.#squeeze(element, last, page);
    else if (page.childElementCount < PAGE_SIZE) page.append(element);
    else page.after(newPage(element));
  }

  /** Between two of a page; one that grew to twice its size gives the rest away. */
  #squeeze(element: HTMLElement, last: HTMLElement, page: HTMLElement): void {
    if (page.childElementCount >= 2 * PAGE_SIZE) {
      const rest = [...page.children];
      page.after(newPage(...rest.slice(rest.indexOf(last) + 1)));
    }
    last.after(element);
  }

  #tidy(): void {
    for (const page of [...this.element.children] as HTMLElement[]) {
      const count = String(page.childElementCount);
      if (count === "0") page.remove();
      else if (page.style.getPropertyValue("--count") !== count) page.style.setProperty("--count", count);
    }
  }
}

function newPage(...elements: Element[]): HTMLElement {
  const page = h("div", { class: "log-page" });
  page.append(...elements);
  return page;
}

/** The indexes of the longest row in `numbers` that only rises. */
export function rising(numbers: readonly number[]): Set<number> {
  const ends: number[] = []; // where the rows of each length end, with the least number possible
  const before: number[] = [];
  numbers.forEach((number, at) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[ends[middle] as number] as number) < number) low = middle + 1;
      else high = middle;
    }
    before[at] = ends[low - 1] ?? -1;
    ends[low] = at;
  });
  const row = new Set<number>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] as number) row.add(at);
  return row;
}
