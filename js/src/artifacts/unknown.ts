import { Disclosure } from "../disclosure";
import { h, setText } from "../dom";
import { literal } from "../format";
import type { Card } from "./card";
import { type Content, textOf } from "./content";
import { glyph } from "./icons";
import type { Words } from "./words";

const MAX_CHARS = 20_000;

/** An artifact of a kind that is not known here: it is seen that something is, and what. */
export class UnknownCard implements Card {
  readonly #label = h("span", { class: "artifact-label" });
  readonly #kind = h("b", { class: "artifact-name", dir: "auto" });
  readonly #code = h("pre", { class: "code", dir: "ltr" });
  readonly #words = h("span");
  readonly #fold = new Disclosure("quiet", (body) => body.append(this.#code), this.#words);
  readonly element = h(
    "div",
    { class: "artifact artifact-unknown", role: "group" },
    h("span", { class: "artifact-icon" }, glyph("unknown")),
    this.#label,
    this.#kind,
    h("div", { class: "artifact-more" }, this.#fold.button, this.#fold.body),
  );

  apply(content: Content, words: Words): void {
    setText(this.#label, words.unknown);
    setText(this.#kind, textOf(content, "kind") || "?");
    setText(this.#words, words.details);
    setText(this.#code, literal(JSON.stringify(content, null, 2).slice(0, MAX_CHARS)));
  }
}
