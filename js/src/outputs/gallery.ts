import { h, setHidden, setText } from "../dom";
import { MEDIA_STRINGS } from "../strings";
import { lightbox } from "./lightbox";
import type { MediaItem } from "./media-items";
import { Tile, type TileHost } from "./tile";

const AT_ONCE = 24;

/**
 * Pictures in rows that are as wide as the room, each as wide as its shape wants.
 *
 * The rows are the style sheet's work, by what is known of each picture before it is decoded: nothing moves when it comes.
 */
export class Gallery {
  readonly #rows = h("div", { class: "gallery-rows" });
  readonly #more = h("button", { type: "button", class: "more", hidden: true });
  readonly element = h("div", { class: "gallery" }, this.#rows, this.#more);
  readonly #loaded: Set<string>;
  readonly #fetch: TileHost["fetch"];
  readonly #items: MediaItem[];
  #isWhole = false;
  readonly #tiles: Tile[] = [];

  /** `loaded` are addresses that the reader has asked for; it is added to. */
  constructor(items: readonly MediaItem[], loaded: Set<string>, fetch: TileHost["fetch"]) {
    this.#items = [...items];
    this.#fetch = fetch;
    this.#loaded = loaded;
    this.#more.addEventListener("click", () => {
      const next = this.#tiles.length;
      this.#isWhole = true;
      this.add([]);
      this.#tiles[next]?.element.querySelector("button")?.focus({ preventScroll: true }); // the button is gone
    });
    this.add([]);
  }

  /** Those that are here stay as they are. */
  add(items: readonly MediaItem[]): void {
    this.#items.push(...items);
    this.element.toggleAttribute("data-single", this.#items.length === 1);
    this.#grow(this.#isWhole ? this.#items.length : AT_ONCE);
  }

  destroy(): void {
    for (const tile of this.#tiles) tile.destroy();
  }

  #grow(count: number): void {
    for (const item of this.#items.slice(this.#tiles.length, count)) {
      const tile = new Tile(item, {
        open: (shown, opener) => this.#open(shown, opener),
        load: (href) => this.#loaded.add(href),
        isLoaded: (href) => this.#loaded.has(href),
        fetch: (held) => this.#fetch(held),
      });
      this.#tiles.push(tile);
      this.#rows.append(tile.element);
    }
    setText(this.#more, MEDIA_STRINGS.showAll(this.#items.length));
    setHidden(this.#more, this.#tiles.length === this.#items.length);
  }

  /** Among those that can be seen now, and those that have no tile yet. */
  #open(item: MediaItem, opener: HTMLElement): void {
    const hidden = this.#items.slice(this.#tiles.length).filter(({ state }) => state !== "elsewhere");
    const items = [...this.#tiles.filter(({ isShown }) => isShown).map((tile) => tile.item), ...hidden];
    lightbox(items, items.indexOf(item), opener);
  }
}
