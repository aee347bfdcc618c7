import { h } from "../dom";
import type { Part, PartOf } from "../envelope";
import type { Lane } from "../fold";
import { Keyed, type KeyedView } from "../keyed";
import type { LaneView } from "./lane";
import { LiveText } from "./live-text";
import { ActivityCard, OutputCard } from "./output";

/** What the agent says, and the objects it shows on the way. */
export class TextLane implements LaneView {
  readonly element = h("div", { class: "lane text", "data-live": true });
  readonly #parts = new Keyed<Part>(this.element, ({ kind, key }) => `${kind}:${key}`, makePart);

  apply(lane: Lane): void {
    this.#parts.sync(lane.parts.filter(isShown));
  }

  /** Takes the caret away. */
  seal(): void {
    this.element.removeAttribute("data-live");
  }

  destroy(): void {
    this.#parts.destroy();
  }
}

class TextPart implements KeyedView<Part> {
  readonly #text = new LiveText();
  readonly element = this.#text.element;

  apply(part: Part): void {
    this.#text.apply((part as PartOf<"text">).text);
  }
}

const PARTS: Partial<Record<Part["kind"], new () => KeyedView<Part>>> = {
  text: TextPart,
  output: OutputCard,
  activity: ActivityCard,
};

function isShown(part: Part): boolean {
  return part.kind in PARTS && !(part.kind === "text" && part.text === "");
}

function makePart({ kind }: Part): KeyedView<Part> {
  return new (PARTS[kind] ?? TextPart)();
}
