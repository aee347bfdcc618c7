/** What others draw: it stands in the light document, and a slot in the row shows it. */

import { h } from "../dom";
import type { Slots } from "../slots";

/** A widget of the host's own library, which is attached by its class. */
export interface Lumino {
  constructor: unknown;
  dispose(): void;
}

let opened = 0;

/** A place of one view that somebody else fills. */
export class Foreign {
  readonly #name = `agui-${++opened}`;
  readonly element = h("slot", { name: this.#name });
  readonly #slots: Slots;
  readonly #place: HTMLElement;

  constructor(slots: Slots) {
    this.#slots = slots;
    this.#place = slots.open(this.#name);
  }

  attach(widget: Lumino): void {
    (widget.constructor as { attach(widget: Lumino, place: HTMLElement): void }).attach(widget, this.#place);
  }

  /** Lumino takes nothing out of a place that is not in the document: a view whose cell is gone is put back for that moment. */
  close(dispose: () => void): void {
    if (!this.#place.isConnected) document.body.append(this.#place);
    try {
      dispose();
    } finally {
      this.#slots.close(this.#name);
      this.#place.remove();
    }
  }
}
