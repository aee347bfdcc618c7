import { h } from "../dom";
import { frame } from "../scheduler";

/** Measured: what a word costs grows with the text of its block, and starts anew in the next one. */
const BLOCK_CHARS = 2048;
/** A paragraph this long is cut at a space: its one short line is better than a page that grows slow. */
const PARAGRAPH_CHARS = 8192;
/** Measured: laying out 400 KB at once takes over 100 ms; this much stays far below a frame's patience. */
export const FRAME_CHARS = 32_768;

interface Block {
  readonly element: HTMLElement;
  readonly node: Text;
  /** Where it begins in the whole text. */
  readonly start: number;
}

interface Options {
  className?: string;
  dir?: "auto" | "ltr";
  /** Called after each change, with how much of what was shown before still stands where it stood. */
  changed?: (kept: number) => void;
}

/**
 * Plain text that grows at its end.
 *
 * It is cut at a newline into blocks, which are sealed (`contain: content`) and not touched again while the text only grows. The
 * newline stays at the end of its block, where `pre-wrap` shows nothing of it: `textContent` is the text.
 */
export class LiveText {
  readonly element: HTMLElement;
  readonly #dir: string;
  readonly #changed: (kept: number) => void;
  readonly #blocks: Block[] = [];
  #isOpen = false;
  #text = "";
  #shown = "";

  constructor({ className = "prose", dir = "auto", changed = () => {} }: Options = {}) {
    this.element = h("div", { class: className });
    this.#dir = dir;
    this.#changed = changed;
  }

  /** Show `text`: what is shown of it already stays, with what the reader selected in it. */
  apply(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    const kept = commonLength(this.#shown, text);
    if (kept < this.#shown.length) this.#cut(kept);
    this.#grow();
  }

  /** How much is on screen. */
  get length(): number {
    return this.#shown.length;
  }

  /** The element that ends the text. */
  get last(): HTMLElement | undefined {
    return this.#blocks.at(-1)?.element;
  }

  /** Where a stretch of the text is: one range for each block it reaches into. */
  rangesOf(start: number, end: number): StaticRange[] {
    const ranges: StaticRange[] = [];
    for (let at = this.#blockAt(start); at < this.#blocks.length; at++) {
      const { node, start: begin } = this.#blocks[at] as Block;
      if (begin >= end) break;
      const startOffset = Math.max(0, start - begin);
      const endOffset = Math.min(node.length, end - begin);
      ranges.push(new StaticRange({ startContainer: node, startOffset, endContainer: node, endOffset }));
    }
    return ranges;
  }

  /** The last block that begins at or before `offset`. */
  #blockAt(offset: number): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#blocks[middle] as Block).start <= offset) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  /** Append the next piece; what is too much for one frame goes on in the following ones. */
  #grow = (): void => {
    const kept = this.#shown.length;
    const end = Math.min(this.#text.length, kept + FRAME_CHARS);
    if (end > kept) this.#append(this.#text.slice(kept, end));
    this.#shown = this.#text.slice(0, end);
    this.#changed(kept);
    if (end < this.#text.length) frame.write(this.#grow);
  };

  #append(text: string): void {
    let rest = text;
    let start = this.#shown.length;
    for (let end = this.#endOfBlock(rest, start); end > 0; end = this.#endOfBlock(rest, start)) {
      this.#write(rest.slice(0, end), start);
      this.#seal(true);
      rest = rest.slice(end);
      start += end;
    }
    if (rest) this.#write(rest, start);
  }

  /** How much of `text` still belongs to the open block; 0 if the block stays open. However text is cut, blocks are the same. */
  #endOfBlock(text: string, start: number): number {
    const chars = this.#isOpen ? start - (this.#blocks.at(-1)?.start ?? 0) : 0;
    const newline = text.indexOf("\n", Math.max(0, BLOCK_CHARS - chars));
    const space = text.indexOf(" ", Math.max(0, PARAGRAPH_CHARS - chars));
    return 1 + (newline < 0 || space < 0 ? Math.max(newline, space) : Math.min(newline, space));
  }

  #write(text: string, start: number): void {
    if (this.#isOpen) this.#blocks.at(-1)?.node.appendData(text);
    else this.#open(text, start);
  }

  #open(text: string, start: number): void {
    const node = document.createTextNode(text);
    const element = this.element.appendChild(h("div", { class: "block", dir: this.#dir }, node));
    this.#blocks.push({ element, node, start });
    this.#isOpen = true;
  }

  #seal(isSealed: boolean): void {
    this.#blocks.at(-1)?.element.classList.toggle("sealed", isSealed);
    this.#isOpen = !isSealed;
  }

  /** The first `length` units stay: the block they end in is open again. */
  #cut(length: number): void {
    const isInside = (block: Block | undefined) => block && block.start >= length;
    while (isInside(this.#blocks.at(-1))) {
      this.#blocks.pop()?.element.remove();
      this.#isOpen = false; // the one before was sealed when this one began
    }
    this.#shown = this.#shown.slice(0, length);
    const last = this.#blocks.at(-1);
    const kept = length - (last?.start ?? 0);
    if (!last || kept >= last.node.length) return;
    last.node.deleteData(kept, last.node.length - kept);
    this.#seal(false);
  }
}

/** How many units two texts begin with in common. */
export function commonLength(one: string, other: string): number {
  if (other.startsWith(one)) return one.length;
  const most = Math.min(one.length, other.length);
  let length = 0;
  while (length < most && one.charCodeAt(length) === other.charCodeAt(length)) length++;
  return length;
}
