import { h, setAttribute, setText } from "../dom";
import type { Card } from "./card";
import { type Content, textOf } from "./content";
import { glyph } from "./icons";
import { WORDS, type Words } from "./words";

/** Somewhere to go: the button asks the kernel, and where it leads is for who listens there. Nothing opens here. */
export class OfferCard implements Card {
  readonly #label = h("span", { dir: "auto" });
  readonly #button = h("button", { type: "button", class: "artifact-go" }, this.#label, glyph("arrow"));
  readonly #target = h("span", { class: "artifact-target", dir: "ltr" });
  readonly #said = h("span", { class: "artifact-note", role: "status" });
  readonly element = h("div", { class: "artifact-offer" }, this.#button, this.#target, this.#said);
  #content: Content = {};
  #words = WORDS.en;

  /** `go` is false if nobody is there to take it. */
  constructor(go: (target: string) => boolean) {
    this.#button.addEventListener("click", () => {
      const isSent = go(String(this.#content.target));
      setText(this.#said, isSent ? this.#words.sent : this.#words.notSent);
    });
  }

  apply(content: Content, words: Words): void {
    const target = textOf(content, "target");
    if (target !== textOf(this.#content, "target")) setText(this.#said, "");
    this.#content = content;
    this.#words = words;
    setText(this.#label, textOf(content, ...words.labels) || `${words.offer} ${target}`);
    setText(this.#target, target);
    setAttribute(this.#target, "title", target);
  }
}
