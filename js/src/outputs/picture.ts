import { h, setAttribute, setHidden, setText } from "../dom";
import { literal } from "../format";
import { OUTPUT_STRINGS } from "../strings";
import { downloadButton } from "./download";
import { pictureOf } from "./media-types";
import { type BodyView, plainText, type Shown } from "./stage";

const MAX_ALT = 500;

/** A figure: as large as it is, within the room there is. */
export class PictureView implements BodyView {
  readonly label = OUTPUT_STRINGS.picture;
  readonly #image = h("img", { referrerpolicy: "no-referrer", draggable: "false" });
  readonly #broken = h("em", { hidden: true }, OUTPUT_STRINGS.broken);
  readonly element = h("div", { class: "out-picture" }, this.#image, this.#broken);
  readonly tools = [downloadButton(() => ({ href: this.#image.src, mime: this.#mime }))];
  #mime = "";

  constructor() {
    this.#image.addEventListener("error", () => this.#show(false));
    this.#image.addEventListener("load", () => this.#show(true));
  }

  apply({ mime, value, output }: Shown): void {
    this.#mime = mime;
    const address = pictureOf(mime, value);
    setAttribute(this.#image, "alt", literal(plainText(output).slice(0, MAX_ALT)));
    for (const [name, length] of sizeOf(output.metadata?.[mime])) setAttribute(this.#image, name, length);
    if (address && address !== this.#image.src) this.#image.src = address;
    this.#show(address !== undefined);
  }

  #show(isWhole: boolean): void {
    setHidden(this.#image, !isWhole);
    setHidden(this.#broken, isWhole);
    for (const tool of this.tools) setHidden(tool, !isWhole);
    if (!isWhole) setText(this.#broken, OUTPUT_STRINGS.broken);
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
