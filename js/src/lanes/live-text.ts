import { h } from "../dom";

/** Measured: what a word costs grows with the text of its block, and starts anew in the next one. */
const BLOCK_CHARS = 2048;
/** A paragraph this long is cut at a space: its one short line is better than a page that grows slow. */
const PARAGRAPH_CHARS = 8192;

/**
 * Plain text that grows at its end.
 *
 * It is cut at a newline into blocks, which are sealed (`contain: content`) and never touched again. The newline stays at the
 * end of its block, where `pre-wrap` shows nothing of it: `textContent` is the text.
 */
export class LiveText {
  readonly element: HTMLElement;
  #shown = "";
  #block: HTMLElement | undefined;
  #blockChars = 0;
  #node: Text | undefined;

  constructor(className = "prose") {
    this.element = h("div", { class: className });
  }

  /** Show `text`: append what is new, begin again only if what is shown is no longer its beginning. */
  apply(text: string): void {
    if (text.slice(0, this.#shown.length) !== this.#shown) this.#clear();
    if (text.length > this.#shown.length) this.#append(text.slice(this.#shown.length));
    this.#shown = text;
  }

  #append(text: string): void {
    let rest = text;
    for (let end = this.#endOfBlock(rest); end > 0; end = this.#endOfBlock(rest)) {
      this.#write(rest.slice(0, end));
      this.#sealBlock();
      rest = rest.slice(end);
    }
    if (rest) this.#write(rest);
  }

  /** How much of `text` still belongs to the open block; 0 if the block stays open. However text is cut, blocks are the same. */
  #endOfBlock(text: string): number {
    const newline = text.indexOf("\n", Math.max(0, BLOCK_CHARS - this.#blockChars));
    const space = text.indexOf(" ", Math.max(0, PARAGRAPH_CHARS - this.#blockChars));
    return 1 + (newline < 0 || space < 0 ? Math.max(newline, space) : Math.min(newline, space));
  }

  #write(text: string): void {
    const block = this.#openBlock();
    this.#blockChars += text.length;
    if (this.#node) this.#node.appendData(text);
    else this.#node = block.appendChild(document.createTextNode(text));
  }

  #openBlock(): HTMLElement {
    this.#block ??= this.element.appendChild(h("div", { class: "block", dir: "auto" }));
    return this.#block;
  }

  #sealBlock(): void {
    this.#block?.classList.add("sealed");
    this.#block = undefined;
    this.#node = undefined;
    this.#blockChars = 0;
  }

  #clear(): void {
    this.#sealBlock();
    this.element.replaceChildren();
    this.#shown = "";
  }
}
