/** Children of one element, kept by key: made once, moved if they must be, never rebuilt. */
export interface KeyedView<T> {
  readonly element: HTMLElement;
  apply(item: T): void;
  destroy?(): void;
}

/** The views themselves; where they stand is for who extends it. */
export class Views<T, V extends KeyedView<T> = KeyedView<T>> {
  readonly views = new Map<string, V>();
  protected readonly keyOf: (item: T) => string;
  readonly #make: (item: T) => V;

  constructor(keyOf: (item: T) => string, make: (item: T) => V) {
    this.keyOf = keyOf;
    this.#make = make;
  }

  /** The view of `from` shows `to` from now on. */
  rename(from: string, to: string): boolean {
    const view = this.views.get(from);
    if (!view || this.views.has(to)) return false;
    this.views.delete(from);
    this.views.set(to, view);
    return true;
  }

  protected viewOf(item: T): V {
    const key = this.keyOf(item);
    const view = this.views.get(key) ?? this.#make(item);
    this.views.set(key, view);
    return view;
  }

  protected removeAllBut(kept: ReadonlySet<string>): void {
    for (const [key, view] of this.views) {
      if (kept.has(key)) continue;
      view.destroy?.();
      view.element.remove();
      this.views.delete(key);
    }
  }
}

export class Keyed<T, V extends KeyedView<T> = KeyedView<T>> extends Views<T, V> {
  readonly #container: HTMLElement;

  constructor(container: HTMLElement, keyOf: (item: T) => string, make: (item: T) => V) {
    super(keyOf, make);
    this.#container = container;
  }

  /** Exactly `items`, in their order, each as it is now. */
  sync(items: readonly T[]): void {
    this.arrange(items);
    for (const item of items) this.views.get(this.keyOf(item))?.apply(item);
  }

  /** Make what is new, remove what is gone, put the rest in order; what stays is not touched. */
  arrange(items: readonly T[]): void {
    this.removeAllBut(new Set(items.map(this.keyOf)));
    let cursor = this.#container.firstElementChild;
    for (const item of items) {
      const { element } = this.viewOf(item);
      if (element === cursor) cursor = cursor.nextElementSibling;
      else this.#container.insertBefore(element, cursor);
    }
  }

  destroy(): void {
    this.removeAllBut(new Set());
  }
}
