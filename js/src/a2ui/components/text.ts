import { Tree } from "../../nodes/view";
import { el, View } from "../part";
import { blocks, inline } from "../text";

export class Text extends View {
  readonly element = el("div", "text");
  readonly #tree = new Tree(this.element, this.scene.say);
  #shown = "";

  override start(): void {
    this.element.classList.add("nodes");
  }

  update(): void {
    this.mark("variant");
    const variant = this.text("variant");
    const text = this.text("text");
    if (this.#shown === variant + text) return;
    this.#shown = variant + text;
    const isHeading = /^h[1-5]$/.test(variant);
    this.#tree.sync(isHeading ? [{ t: variant, c: inline(text.replace(/^#{1,6}\s+/, "")) }] : blocks(text));
  }

  override destroy(): void {
    super.destroy();
    this.#tree.destroy();
  }
}
