import { h, setAttribute, setText } from "../dom";
import { Media } from "../nodes/media";
import { STRINGS } from "../strings";
import type { Card } from "./card";
import { type Content, countOf, textOf } from "./content";
import type { Words } from "./words";

/** A part of a page as a picture: a remote one is fetched when the reader asks for it, and not before. */
export class CropCard implements Card {
  readonly #media = new Media({ t: "img" });
  readonly #label = h("span", { class: "artifact-label" });
  readonly #name = h("b", { class: "artifact-name", dir: "auto" });
  readonly #page = h("span", { class: "artifact-note" });
  readonly element = h(
    "div",
    { class: "artifact artifact-crop", role: "group" },
    this.#media.dom,
    h("span", { class: "artifact-caption" }, this.#label, this.#name, this.#page),
  );

  apply(content: Content, words: Words): void {
    const name = textOf(content, "doc_id");
    const page = countOf(content, "page");
    const alt = textOf(content, ...words.alts) || words.crop(name);
    this.#media.words = words;
    this.#media.sync({ t: "img", a: { src: content.src, alt } });
    setAttribute(this.element, "aria-label", `${words.picture}: ${name}`);
    setText(this.#label, words.picture);
    setText(this.#name, name);
    setText(this.#page, page === undefined ? "" : STRINGS.page(page));
  }
}
