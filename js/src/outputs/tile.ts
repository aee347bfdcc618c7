import { h, setAttribute } from "../dom";
import { icon } from "../icons";
import { forgetSight, watchSight } from "../nodes/sight";
import { MEDIA_STRINGS, STRINGS } from "../strings";
import { type Address, addressOf } from "./address";
import type { Place, Shape } from "./masonry";
import { filled, type MediaItem } from "./media-items";
import type { Size } from "./picture-head";

/** Of width to height: what is flatter or narrower is cut in its tile, and seen whole when it is opened. */
const FLATTEST = 3;
const NARROWEST = 0.5;
/** Of what shows no picture, and of one whose size is not known. */
const PLAIN = 4 / 3;
const SQUARE = 1;
/** Between its own shape and that of its place, before there is room beside it. */
const TOLERANCE = 0.02;

/** What a tile asks of its gallery. */
export interface TileHost {
  open(item: MediaItem, opener: HTMLElement): void;
  /** The reader wants what is elsewhere; it is not asked about again. */
  load(href: string): void;
  isLoaded(href: string): boolean;
  /** The content of what the kernel holds back. */
  fetch(item: MediaItem): Promise<unknown>;
  /** Its size is known only now, or is another than was said. */
  measured(): void;
}

/** One picture of a gallery. It has its place from the start, and its pixels while it is near the reader's sight. */
export class Tile {
  readonly element = h("figure", { class: "tile" });
  item: MediaItem;
  readonly #host: TileHost;
  #image: HTMLImageElement | undefined;
  #address: Address | undefined;
  #hasFailed = false;
  #isAsked = false;
  #isSeen = false;
  /** Of the place that it has. */
  #ratio = SQUARE;

  constructor(item: MediaItem, host: TileHost) {
    this.item = item;
    this.#host = host;
    this.#draw();
    if (!watchSight(this.element, this.#see)) this.#see(true);
  }

  /** It can be seen large. */
  get isShown(): boolean {
    return this.#image !== undefined && !this.#hasFailed && this.item.state !== "held";
  }

  get shape(): Shape {
    const { size, name } = this.item;
    return { ratio: this.#ratioOf(size), width: size?.width ?? 0, isNamed: name !== "" };
  }

  /** What it turns out to be later changes nothing of its place. */
  place({ column, span, share, px, widest }: Place): void {
    const { style } = this.element;
    this.#ratio = this.shape.ratio;
    style.setProperty("--area", `1 / ${column + 1} / auto / span ${span}`);
    style.setProperty("--above", `calc(${(100 * share).toFixed(3)}% + ${px.toFixed(2)}px)`);
    style.setProperty("--widest", widest ? `${widest}px` : "100%");
    style.setProperty("--ratio", this.#ratio.toFixed(4));
    setAttribute(this.element, "data-matted", false);
  }

  destroy(): void {
    forgetSight(this.element);
    this.#isSeen = false; // what it has asked for may still come
    this.#release();
  }

  get #isNone(): boolean {
    return this.item.state === "broken" || this.item.state === "absent";
  }

  get #isOffered(): boolean {
    const { state, remote } = this.item;
    return state === "elsewhere" && !this.#host.isLoaded(remote?.href ?? "");
  }

  #draw(): void {
    const body = this.#isNone ? this.#broken() : this.#isOffered ? this.#offer() : this.#picture();
    this.element.replaceChildren(body, ...this.#caption());
  }

  #caption(): Node[] {
    const { name } = this.item;
    return name ? [h("figcaption", { class: "tile-name" }, h("bdi", { title: name }, name))] : [];
  }

  #picture(): HTMLElement {
    const { name, alt } = this.item;
    const image = h("img", { alt: alt || name, referrerpolicy: "no-referrer", draggable: "false" });
    const button = h("button", { type: "button", class: "tile-body" }, image);
    setAttribute(button, "aria-label", MEDIA_STRINGS.open(alt || name));
    setAttribute(button, "aria-haspopup", "dialog");
    button.addEventListener("click", () => {
      if (this.isShown) this.#host.open(this.item, button);
    });
    image.addEventListener("load", () => this.#measure(image));
    image.addEventListener("error", () => this.#fail());
    this.#image = image;
    return button;
  }

  #see = (isSeen: boolean): void => {
    this.#isSeen = isSeen;
    if (!isSeen) this.#release();
    else if (this.item.state === "held") this.#ask();
    else this.#fill();
  };

  #fill(): void {
    if (this.#address || !this.#image || this.#hasFailed) return;
    this.#address = addressOf(this.item);
    this.#image.src = this.#address.href;
  }

  /** What is large comes when it is about to be seen, and then stays. */
  async #ask(): Promise<void> {
    if (this.#isAsked) return;
    this.#isAsked = true;
    try {
      this.item = filled(this.item, await this.#host.fetch(this.item));
    } catch {
      this.item = { ...this.item, state: "absent" };
    }
    this.#image = undefined;
    this.#draw();
    if (this.#isSeen) this.#fill();
  }

  /** Out of sight it keeps its room and gives its pixels back. What came from elsewhere stays: it is fetched once. */
  #release(): void {
    if (this.item.state === "elsewhere" && this.element.isConnected) return;
    this.#address?.close();
    this.#address = undefined;
    this.#image?.removeAttribute("src");
  }

  /** What was not known before, or was said wrongly. In a place of another shape it is shown whole. */
  #measure({ naturalWidth: width, naturalHeight: height }: HTMLImageElement): void {
    if (!width || !height) return;
    const size = { width, height };
    const isOther = Math.abs(this.#ratioOf(size) / this.#ratio - 1) > TOLERANCE;
    if (this.item.size && !isOther) return;
    this.item = { ...this.item, size };
    setAttribute(this.element, "data-matted", isOther);
    this.#host.measured();
  }

  /** An offer has words, for which a flat place has no room. */
  #ratioOf(size: Size | undefined): number {
    if (this.#isNone) return PLAIN;
    const ratio = size ? Math.min(FLATTEST, Math.max(NARROWEST, size.width / size.height)) : SQUARE;
    return this.#isOffered ? Math.min(SQUARE, ratio) : ratio;
  }

  #fail(): void {
    if (!this.#address) return; // it was given back
    this.#hasFailed = true;
    this.element.replaceChildren(this.#broken(), ...this.#caption());
  }

  #broken(): HTMLElement {
    const why = this.item.state === "absent" ? MEDIA_STRINGS.gone : MEDIA_STRINGS.broken;
    return h("div", { class: "tile-body tile-broken", role: "note" }, icon("picture"), why);
  }

  /** Nothing is fetched before the reader says so, who is told from where. */
  #offer(): HTMLElement {
    const { remote, alt, name } = this.item;
    const { href, host } = remote as URL;
    const button = h("button", { type: "button", class: "load" }, STRINGS.loadOnce);
    button.addEventListener("click", () => {
      this.#host.load(href);
      this.#draw();
      this.#fill();
      this.element.querySelector("button")?.focus({ preventScroll: true }); // the button is gone
    });
    const says = name ? [] : [h("span", { class: "tile-alt" }, alt || STRINGS.media.img)];
    const from = h("bdi", { class: "offer-host", title: href }, host);
    return h("div", { class: "tile-body tile-offer" }, icon("picture"), ...says, from, button);
  }
}
