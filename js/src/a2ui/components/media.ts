import { h } from "../../dom";
import { Media } from "../../nodes/media";
import { el, label, View } from "../part";

/** What is not part of the answer itself is fetched when the reader asks for it: the chat's own rule, and its own code. */
abstract class Medium extends View {
  abstract readonly t: "img" | "video" | "audio";
  #media!: Media;

  override start(): void {
    this.#media = new Media({ t: this.t });
    this.element.append(this.#media.dom);
  }

  protected show(more: Record<string, string>): void {
    this.#media.sync({ t: this.t, a: { src: this.text("url"), ...more } });
  }
}

export class Image extends Medium {
  readonly t = "img";
  readonly element = el("div", "image");

  update(): void {
    this.mark("variant", "fit");
    this.show({ alt: this.text("description") });
  }
}

export class Video extends Medium {
  readonly t = "video";
  readonly element = el("div", "video");

  update(): void {
    this.show({ poster: this.text("posterUrl") });
  }
}

export class AudioPlayer extends Medium {
  readonly t = "audio";
  readonly #label = el("div", "label");
  readonly element = h("div", { class: "a2-audio", role: "group" }, this.#label);

  update(): void {
    label(this.#label, this.name);
    this.show({});
  }

  override get name(): string {
    return this.text("description");
  }
}
