import { h, setAttribute, setHidden, setText } from "../dom";
import { literal } from "../format";
import { MEDIA_STRINGS, OUTPUT_STRINGS } from "../strings";
import { downloadButton } from "./download";
import { lightbox } from "./lightbox";
import { mediaItems } from "./media-items";
import { base64OfText, pictureOf } from "./media-types";
import { type BodyView, plainText, type Shown, textOf } from "./stage";

const MAX_ALT = 500;

/** A figure: as large as it is, within the room there is. */
export class PictureView implements BodyView {
  readonly label = OUTPUT_STRINGS.picture;
  readonly #image = h("img", { referrerpolicy: "no-referrer", draggable: "false" });
  readonly #broken = h("em", { hidden: true });
  readonly #open = h(
    "button",
    { type: "button", class: "out-enlarge", "aria-haspopup": "dialog" },
    this.#image,
  );
  readonly element = h("div", { class: "out-picture" }, this.#open, this.#broken);
  readonly tools = [downloadButton(() => ({ href: this.#image.src, mime: this.#mime }))];
  #mime = "";
  #value: unknown;
  #alt = "";

  constructor() {
    this.#open.addEventListener("click", () => this.#enlarge());
    this.#image.addEventListener("error", () => this.#show(false));
    this.#image.addEventListener("load", () => this.#show(true));
  }

  apply({ mime, value, output }: Shown): void {
    this.#mime = mime;
    this.#value = value;
    this.#alt = literal(plainText(output).slice(0, MAX_ALT));
    const address = pictureOf(mime, value);
    setAttribute(this.#image, "alt", this.#alt);
    setAttribute(this.#open, "aria-label", MEDIA_STRINGS.open(this.#alt));
    for (const [name, length] of sizeOf(output.metadata?.[mime])) setAttribute(this.#image, name, length);
    if (address && address !== this.#image.src) this.#image.src = address;
    this.#show(address !== undefined);
  }

  #show(isWhole: boolean): void {
    setHidden(this.#open, !isWhole);
    setHidden(this.#broken, isWhole);
    for (const tool of this.tools) setHidden(tool, !isWhole);
    setText(this.#broken, `${OUTPUT_STRINGS.broken} ${this.#alt}`);
  }

  #enlarge(): void {
    const [mime, value] = [this.#mime, textOf(this.#value)];
    const data = mime === "image/svg+xml" ? base64OfText(value) : value;
    const items = mediaItems({ items: [{ type: "image", mime, data, alt: this.#alt }] });
    if (items[0]?.state === "here") lightbox(items, 0, this.#open);
  }
}

/** In the pixels of the page: a figure for fine screens is half as large as it has pixels. */
function sizeOf(metadata: unknown): [string, string][] {
  const said = (typeof metadata === "object" && metadata) || {};
  return ["width", "height"].flatMap((name): [string, string][] => {
    const length = Math.round(Number((said as Record<string, unknown>)[name]));
    return length >= 1 && length <= 10_000 ? [[name, String(length)]] : [];
  });
}
