/** What others draw: it stands in the light document, and a slot in the row shows it. */

import { h } from "../dom";
import { frame } from "../scheduler";
import type { Slots } from "../slots";

/** A widget of the host's own library, which is attached by its class. */
export interface Lumino {
  constructor: unknown;
  dispose(): void;
  processMessage?(message: object): void;
}

/** What the class of every such widget has. */
interface LuminoClass {
  attach(widget: Lumino, place: HTMLElement): void;
  readonly ResizeMessage?: { readonly UnknownSize?: object };
}

let opened = 0;

/** A place of one view that somebody else fills. */
export class Foreign {
  readonly #name = `agui-${++opened}`;
  readonly element = h("slot", { name: this.#name });
  readonly #slots: Slots;
  readonly #place: HTMLElement;
  #sizes: ResizeObserver | undefined;

  constructor(slots: Slots) {
    this.#slots = slots;
    this.#place = slots.open(this.#name);
  }

  attach(widget: Lumino): void {
    const { ResizeMessage } = widget.constructor as LuminoClass;
    (widget.constructor as LuminoClass).attach(widget, this.#place);
    const resized = ResizeMessage?.UnknownSize;
    if (resized) this.#follow(() => widget.processMessage?.(resized));
  }

  /** Nobody else says it: the host tells what stands in its own panels. Of the height nothing: that is what is drawn. */
  #follow(tell: () => void): void {
    let known = 0;
    const see = ([entry]: readonly ResizeObserverEntry[]) => {
      const width = entry?.contentRect.width ?? 0;
      if (!width || width === known) return;
      if (known) frame.write(tell);
      known = width;
    };
    this.#sizes = new ResizeObserver(see);
    this.#sizes.observe(this.#place);
  }

  /** Lumino takes nothing out of a place that is not in the document: a view whose cell is gone is put back for that moment. */
  close(dispose: () => void): void {
    this.#sizes?.disconnect();
    if (!this.#place.isConnected) document.body.append(this.#place);
    try {
      dispose();
    } finally {
      this.#slots.close(this.#name);
      this.#place.remove();
    }
  }
}
