import { h, setAttribute } from "../dom";
import { Media } from "../nodes/media";
import { MEDIA_STRINGS } from "../strings";
import { fileChip } from "./file-chip";
import { Gallery } from "./gallery";
import { type MediaItem, mediaItems } from "./media-items";
import { PlayerView } from "./player";
import type { BodyView, Shown, Stage } from "./stage";

type Fetch = (item: MediaItem) => Promise<unknown>;

interface Piece {
  readonly element: HTMLElement;
  destroy?(): void;
}

/** Pictures as a gallery; under it films, sounds and documents, in their order. */
export class MediaView implements BodyView {
  /** How many there are says what they are. */
  readonly label = "";
  readonly element = h("div", { class: "media-items" });
  readonly #loaded = new Set<string>();
  readonly #fetch: Fetch;
  #value: unknown;
  #said: readonly unknown[] = [];
  #gallery: Gallery | undefined;
  #items: MediaItem[] = [];
  #pieces: Piece[] = [];

  constructor(stage: Stage) {
    this.#fetch = async ({ object = "", mime }) =>
      (await stage.rich.request<{ data: unknown }>({ t: "output", object, mime })).data;
  }

  get extent(): string {
    const { length } = this.#items;
    return this.#items.every(isPicture) ? MEDIA_STRINGS.images(length) : MEDIA_STRINGS.files(length);
  }

  apply({ value }: Shown): void {
    if (value === this.#value) return;
    this.#value = value;
    const { items } = (value ?? {}) as { items?: unknown };
    const before = this.#said;
    this.#said = Array.isArray(items) ? items : [];
    if (!this.#grows(before)) this.#draw();
  }

  destroy(): void {
    for (const piece of this.#pieces) piece.destroy?.();
    this.#pieces = [];
    this.#gallery = undefined;
  }

  /** A gallery that only got more pictures keeps those it has: what was decoded, and where the reader is. */
  #grows(before: readonly unknown[]): boolean {
    if (!this.#gallery || !before.every((said, at) => said === this.#said[at])) return false;
    const added = mediaItems({ items: this.#said.slice(before.length) });
    if (!added.every(isPicture)) return false;
    this.#items.push(...added);
    this.#gallery.add(added);
    return true;
  }

  #draw(): void {
    this.destroy();
    this.#items = mediaItems(this.#value);
    const pictures = this.#items.filter(isPicture);
    const others = this.#items.filter((item) => !isPicture(item));
    if (pictures.length) this.#gallery = new Gallery(pictures, this.#loaded, this.#fetch);
    this.#pieces = [
      ...(this.#gallery ? [this.#gallery] : []),
      ...others.map((item) => pieceOf(item, this.#fetch)),
    ];
    this.element.replaceChildren(...this.#pieces.map(({ element }) => element));
    // Also when more come: the line that says how many there are would push down what is here.
    setAttribute(this.element, "data-single", this.#items.length === 1);
  }
}

function isPicture({ type }: MediaItem): boolean {
  return type === "image";
}

function pieceOf(item: MediaItem, fetch: Fetch): Piece {
  const isPlayed = item.type === "audio" || item.type === "video";
  if (isPlayed && item.state === "here") return player(item);
  return isPlayed && item.state === "elsewhere" ? remotePlayer(item) : { element: fileChip(item, fetch) };
}

function player(item: MediaItem): Piece {
  const view = new PlayerView();
  const name = item.name || item.alt;
  view.apply({ mime: item.mime, value: item.content, output: { data: { "text/plain": name } } });
  return { element: named(item, view.element), destroy: () => view.destroy() };
}

/** Asked about as in an answer's own words. */
function remotePlayer(item: MediaItem): Piece {
  const node = { t: item.type, a: { src: item.remote?.href, alt: item.name || item.alt } };
  const view = new Media(node);
  view.sync(node);
  return { element: named({ ...item, name: "" }, view.dom) };
}

function named({ name, type }: MediaItem, played: HTMLElement): HTMLElement {
  const caption = name ? [h("figcaption", { class: "tile-name" }, h("bdi", { title: name }, name))] : [];
  return h("figure", { class: `played played-${type}` }, played, ...caption);
}
