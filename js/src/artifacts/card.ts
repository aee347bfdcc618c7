import { h, setAttribute, setHidden, setText } from "../dom";
import { STRINGS } from "../strings";
import type { Content } from "./content";
import { FACES, type Face } from "./faces";
import { type Glyph, glyph } from "./icons";
import type { Words } from "./words";

/** One artifact on screen: the same element while it is of the same kind. */
export interface Card {
  readonly element: HTMLElement;
  apply(content: Content, words: Words): void;
}

/** Icon, what it is, its name, and what else is known of it. */
export class FaceCard implements Card {
  readonly #icon = h("span", { class: "artifact-icon" });
  readonly #label = h("span", { class: "artifact-label", dir: "auto" });
  readonly #badge = h("span", { class: "artifact-badge", dir: "auto", hidden: true });
  readonly #name = h("b", { class: "artifact-name", dir: "auto" });
  readonly #note = h("span", { class: "artifact-note", dir: "auto" });
  readonly #meter = new Meter();
  readonly element = h(
    "div",
    { class: "artifact", role: "group" },
    this.#icon,
    h("span", { class: "artifact-head" }, this.#label, this.#badge),
    this.#name,
    this.#note,
    this.#meter.element,
  );
  #glyph: Glyph | undefined;

  apply(content: Content, words: Words): void {
    const kind = String(content.kind);
    const face = Object.hasOwn(FACES, kind) && FACES[kind]?.(content, words);
    if (face) this.#show(face, words);
  }

  #show({ icon, label, name, notes, badge = "", share }: Face, words: Words): void {
    if (icon !== this.#glyph) this.#icon.replaceChildren(glyph(icon));
    this.#glyph = icon;
    setAttribute(this.element, "aria-label", `${label}: ${name}`);
    setText(this.#label, label);
    setText(this.#badge, badge);
    setHidden(this.#badge, !badge);
    setText(this.#name, name);
    const note = notes.filter(Boolean).join(" · ");
    setText(this.#note, note);
    setHidden(this.#note, !note);
    this.#meter.show(share, words.posterior);
  }
}

/** A share as a bar with its percent. */
class Meter {
  readonly #fill = h("i");
  readonly #bar = h(
    "span",
    { class: "artifact-bar", role: "meter", "aria-valuemin": "0", "aria-valuemax": "1" },
    this.#fill,
  );
  readonly #text = h("span", { class: "artifact-percent", "aria-hidden": "true" });
  readonly element = h("span", { class: "artifact-meter", hidden: true }, this.#bar, this.#text);

  show(share: number | undefined, label: string): void {
    setHidden(this.element, share === undefined);
    if (share === undefined) return;
    const text = STRINGS.percent(share);
    this.#fill.style.transform = `scaleX(${share})`;
    setAttribute(this.#bar, "aria-label", label);
    setAttribute(this.#bar, "aria-valuenow", String(share));
    setAttribute(this.#bar, "aria-valuetext", text);
    setText(this.#text, text);
  }
}
