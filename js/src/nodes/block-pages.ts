import { h } from "../dom";

/** Measured: a browser's work for a frame grows with the blocks that may scroll; with these it is with their pages. */
const PAGE_BLOCKS = 16;

/**
 * Where the blocks of an answer stand: a few in each page, so that what is out of sight is skipped a page at a time (by the style
 * sheet). A block never moves from one page to another.
 */
export class BlockPages {
  readonly #root: Element;

  constructor(root: Element) {
    this.#root = root;
  }

  /** Put `block` before the block `next`, or at the end. */
  insert(block: ChildNode, next: ChildNode | null): void {
    if (next?.previousSibling) next.before(block);
    else this.#pageFor(block, next?.parentElement ?? null).append(block);
  }

  /** The page that ends before `next` if it has room, else a new one; footnotes come last and have one of their own. */
  #pageFor(block: ChildNode, next: Element | null): Element {
    const page = next ? next.previousElementSibling : this.#root.lastElementChild;
    const isLast = block instanceof Element && block.classList.contains("footnotes");
    if (page && page.childNodes.length < PAGE_BLOCKS && !isLast) return page;
    return this.#root.insertBefore(h("div", { class: "block-page" }), next);
  }

  /** Take `block` away, and its page if nothing else is in it. */
  remove(block: ChildNode): void {
    const page = block.parentElement;
    block.remove();
    if (page && !page.hasChildNodes()) page.remove();
  }
}
