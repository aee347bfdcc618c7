import { h, setHidden, setText } from "../dom";
import { frame } from "../scheduler";
import { MEDIA_STRINGS } from "../strings";
import { lightbox } from "./lightbox";
import { columnsOf, Masonry } from "./masonry";
import type { MediaItem } from "./media-items";
import { Tile, type TileHost } from "./tile";

const AT_ONCE = 24;

/**
 * Pictures in columns, each as high as its shape wants, in the order in which they are read and reached by keys.
 *
 * Each is put once, by what is known of it before it is decoded, and stays there: only another number of columns lays all
 * of them anew. Within one number the style sheet does what a change of the width asks for.
 */
export class Gallery {
  readonly #room = h("div", { class: "masonry" });
  readonly #more = h("button", { type: "button", class: "more", hidden: true });
  readonly element = h("div", { class: "gallery" }, this.#room, this.#more);
  readonly #loaded: Set<string>;
  readonly #fetch: TileHost["fetch"];
  readonly #items: MediaItem[];
  #isWhole = false;
  readonly #tiles: Tile[] = [];
  #width = 0;
  #masonry: Masonry | undefined;
  readonly #sizes = new ResizeObserver(([entry]) => this.#resize(entry?.contentRect.width ?? 0));

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
    this.#sizes.observe(this.element);
  }

  /** Those that are here stay as they are. */
  add(items: readonly MediaItem[]): void {
    this.#items.push(...items);
    this.#grow(this.#isWhole ? this.#items.length : AT_ONCE);
  }

  destroy(): void {
    this.#sizes.disconnect();
    for (const tile of this.#tiles) tile.destroy();
  }

  #grow(count: number): void {
    for (const item of this.#items.slice(this.#tiles.length, count)) {
      const tile = new Tile(item, {
        open: (shown, opener) => this.#open(shown, opener),
        load: (href) => this.#loaded.add(href),
        isLoaded: (href) => this.#loaded.has(href),
        fetch: (held) => this.#fetch(held),
        measured: () => this.#remeasure(),
      });
      this.#tiles.push(tile);
      this.#room.append(tile.element);
      this.#put(tile);
    }
    setText(this.#more, MEDIA_STRINGS.showAll(this.#items.length));
    setHidden(this.#more, this.#tiles.length === this.#items.length);
  }

  /**
   * Nothing is laid while it is not on screen, nor while sizes are told: what becomes higher then is told too late, and
   * complained of on the host's page.
   */
  #resize(width: number): void {
    if (!width) return;
    this.#width = width;
    if (columnsOf(width) !== this.#masonry?.count) frame.write(this.#lay);
  }

  /** One alone moves nobody. */
  #remeasure(): void {
    if (this.#masonry && this.#items.length === 1) this.#lay();
  }

  readonly #lay = (): void => {
    this.#masonry = new Masonry(this.#width);
    this.#room.style.setProperty("--columns", String(this.#masonry.count));
    for (const tile of this.#tiles) this.#put(tile);
  };

  #put(tile: Tile): void {
    if (this.#masonry) tile.place(this.#masonry.put(tile.shape, this.#items.length));
  }

  /** Among those that can be seen now, and those that have no tile yet. */
  #open(item: MediaItem, opener: HTMLElement): void {
    const hidden = this.#items.slice(this.#tiles.length).filter(({ state }) => state !== "elsewhere");
    const items = [...this.#tiles.filter(({ isShown }) => isShown).map((tile) => tile.item), ...hidden];
    lightbox(items, items.indexOf(item), opener);
  }
}
