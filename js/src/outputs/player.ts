import { h, setAttribute, setHidden, setText } from "../dom";
import { literal } from "../format";
import { OUTPUT_STRINGS, STRINGS } from "../strings";
import { downloadButton } from "./download";
import { fileOf } from "./media-types";
import { type BodyView, plainText, type Shown } from "./stage";

const MAX_NAME = 200;

/** A sound or a film; it plays when the reader says so. */
export class PlayerView implements BodyView {
  readonly element = h("div", { class: "out-player" });
  readonly tools = [downloadButton(() => ({ href: this.#address ?? "", mime: this.#mime }))];
  #mime = "";
  #value: unknown;
  #address: string | undefined;

  get label(): string {
    return this.#isFilm ? STRINGS.media.video : STRINGS.media.audio;
  }

  get #isFilm(): boolean {
    return this.#mime.startsWith("video/");
  }

  apply({ mime, value, output }: Shown): void {
    if (value === this.#value && mime === this.#mime) return;
    this.#forget();
    this.#mime = mime;
    this.#value = value;
    this.#address = fileOf(mime, value);
    const name = literal(plainText(output).slice(0, MAX_NAME));
    this.element.replaceChildren(this.#address ? this.#player(this.#address, name) : this.#broken());
    for (const tool of this.tools) setHidden(tool, !this.#address);
  }

  destroy(): void {
    this.#forget();
  }

  #player(address: string, name: string): HTMLElement {
    const player = h(this.#isFilm ? "video" : "audio", { controls: true, preload: "metadata" });
    setAttribute(player, "aria-label", name || this.label);
    player.addEventListener("error", () => this.element.replaceChildren(this.#broken()));
    player.src = address;
    return player;
  }

  #broken(): HTMLElement {
    const broken = h("em");
    setText(broken, OUTPUT_STRINGS.broken);
    return broken;
  }

  #forget(): void {
    if (this.#address) URL.revokeObjectURL(this.#address);
    this.#address = undefined;
  }
}
