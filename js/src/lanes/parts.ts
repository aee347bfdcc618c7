import { h } from "../dom";
import type { Part, PartOf } from "../envelope";
import type { KeyedView } from "../keyed";
import type { Node } from "../nodes";
import { Tree } from "../nodes/view";
import { own } from "../own";
import { frame } from "../scheduler";
import type { Context } from "./lane";
import { FRAME_CHARS, LiveText } from "./live-text";
import { ActivityCard, OutputCard } from "./output";

/** Text as it came. */
class TextPart implements KeyedView<Part> {
  readonly #text = new LiveText();
  readonly element = this.#text.element;

  apply(part: Part): void {
    this.#text.apply((part as PartOf<"text">).text);
  }
}

/**
 * Formatted text.
 *
 * Every block but the last is `contain: content` (by the style sheet), so what grows at the end is laid out alone.
 */
class BlocksPart implements KeyedView<Part> {
  readonly element = h("div", { class: "nodes" });
  readonly #tree: Tree;
  #nodes: Node[] = [];
  #end: Element | undefined;

  constructor({ say, rich }: Context) {
    this.#tree = new Tree(this.element, say, rich);
  }

  apply(part: Part): void {
    this.#nodes = (part as PartOf<"blocks">).nodes;
    this.#draw();
  }

  destroy(): void {
    this.#nodes = []; // what is still to be drawn in a later frame is nothing
    this.#tree.destroy();
  }

  /** What is too much for one frame goes on in the following ones. */
  #draw = (): void => {
    const isWhole = this.#tree.sync(this.#nodes, FRAME_CHARS);
    this.#moveCaret();
    if (!isWhole) frame.write(this.#draw);
  };

  /** To where the next word will come; whether it is seen is for the style sheet. */
  #moveCaret(): void {
    const { end } = this.#tree;
    if (end === this.#end) return;
    this.#end?.removeAttribute("data-end");
    end?.setAttribute("data-end", "");
    this.#end = end;
  }
}

const PARTS: Partial<Record<Part["kind"], new (context: Context) => KeyedView<Part>>> = {
  text: TextPart,
  blocks: BlocksPart,
  output: OutputCard,
  activity: ActivityCard,
};

/** Whether a lane of words has something to show for `part`. */
export function isShown(part: Part): boolean {
  if (part.kind === "text") return part.text !== "";
  return part.kind === "blocks" ? part.nodes.length > 0 : own(PARTS, part.kind) !== undefined;
}

export function keyOf({ kind, key }: Part): string {
  return `${kind}:${key}`;
}

export function makePart({ kind }: Part, context: Context): KeyedView<Part> {
  return new (own(PARTS, kind) ?? TextPart)(context);
}
