import { h } from "./dom";
import { keepKeysOf } from "./keys";

/**
 * Places of one view for what others draw: in the light document, where their styles reach and where they are not rebuilt with
 * their row. A `slot` of the same name says where in the chat each is seen.
 */
export class Slots {
  readonly #host: HTMLElement;
  readonly #places = new Map<string, HTMLElement>();

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  open(name: string): HTMLElement {
    const place = this.#places.get(name) ?? this.#place(name);
    if (place.parentElement !== this.#host) this.#host.append(place);
    return place;
  }

  close(name: string): void {
    this.#places.get(name)?.remove();
    this.#places.delete(name);
  }

  #place(name: string): HTMLElement {
    const place = h("div", { slot: name });
    keepKeysOf(place);
    this.#places.set(name, place);
    return place;
  }
}
