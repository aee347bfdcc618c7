import { h } from "../dom";
import { frame } from "../scheduler";

/** Measured: what a word costs grows with the text of its block, and starts anew in the next one. */
const BLOCK_CHARS = 2048;
/** A paragraph this long is cut at a space: its one short line is better than a page that grows slow. */
const PARAGRAPH_CHARS = 8192;
/** Measured: laying out 400 KB at once takes over 100 ms; this much stays far below a frame's patience. */
const FRAME_CHARS = 32_768;

/**
 * Plain text that grows at its end.
 *
 * It is cut at a newline into blocks, which are sealed (`contain: content`) and never touched again. The newline stays at the
 * end of its block, where `pre-wrap` shows nothing of it: `textContent` is the text.
 */
export class LiveText {
  readonly element: HTMLElement;
  #text = "";
  #shown = "";
  #block: HTMLElement | undefined;
  #blockChars = 0;
  #node: Text | undefined;

  constructor(className = "prose") {
    this.element = h("div", { class: className });
  }

  /** Show `text`: append what is new, begin again only if what is shown is no longer its beginning. */
  apply(text: string): void {
    this.#text = text;
    if (text.slice(0, this.#shown.length) !== this.#shown) this.#clear();
    this.#grow();
  }

  /** Append the next piece; what is too much for one frame goes on in the following ones. */
  #grow = (): void => {
    const end = Math.min(this.#text.length, this.#shown.length + FRAME_CHARS);
    if (end > this.#shown.length) this.#append(this.#text.slice(this.#shown.length, end));
    this.#shown = this.#text.slice(0, end);
    if (end < this.#text.length) frame.write(this.#grow);
  };

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
