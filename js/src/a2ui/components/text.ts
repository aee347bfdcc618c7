import { h } from "../../dom";
import { rewrite, Tree } from "../../nodes/view";
import { el, View } from "../part";
import { blocks, inline, isPlain } from "../text";

export class Text extends View {
  readonly element = el("div", "text");
  // Most texts are a few plain words, of which there may be thousands: for those no tree is made.
  #words: { readonly node: globalThis.Text; readonly block: HTMLElement } | undefined;
  #tree: Tree | undefined;
  #shown = "";
  #variant = "";

  override start(): void {
    this.element.classList.add("nodes");
  }

  update(): void {
    const variant = this.text("variant");
    const text = this.text("text");
    if (this.#shown === text && this.#variant === variant) return;
    this.mark("variant");
    const isHeading = /^h[1-5]$/.test(variant);
    if (!isHeading && isPlain(text)) this.#say(text);
    else this.#draw(isHeading ? [{ t: variant, c: inline(text.replace(/^#{1,6}\s+/, "")) }] : blocks(text));
    this.#shown = text;
    this.#variant = variant;
  }

  #say(text: string): void {
    if (this.#words) {
      rewrite(this.#words.node, this.#shown, text);
      return;
    }
    this.#tree?.sync([]);
    const node = document.createTextNode(text);
    const block = h("div", { class: "block-page" }, h("p", { dir: "auto" }, node));
    this.#words = { node, block };
    this.element.append(block);
  }

  #draw(nodes: Parameters<Tree["sync"]>[0]): void {
    this.#words?.block.remove();
    this.#words = undefined;
    this.#tree ??= new Tree(this.element, this.scene.say);
    this.#tree.sync(nodes);
  }

  override destroy(): void {
    super.destroy();
    this.#tree?.destroy();
  }
}
