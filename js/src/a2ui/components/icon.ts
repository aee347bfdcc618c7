import { shown } from "../functions";
import { glyph, ownGlyph, wordsOf } from "../icons";
import { isObject } from "../json";
import { el, say, View } from "../part";
import { Button } from "./button";

export class Icon extends View {
  readonly element = el("span", "icon");
  #shown: string | undefined;

  update(): void {
    const name = this.get("name");
    const key = shown(name);
    const { accessibility } = this.node.props;
    const isNamed = this.name || (isObject(accessibility) && accessibility.label);
    say(this.element, "role", isNamed && "img");
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.replaceChildren((isObject(name) && ownGlyph(name.svgPath)) || glyph(key));
  }

  /** Beside its words an icon says nothing new; alone in a button it is all there is to say. */
  override get name(): string {
    return this.parent instanceof Button ? wordsOf(this.text("name")) : "";
  }
}
