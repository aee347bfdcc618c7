import { h } from "../dom";
import type { Part } from "../envelope";
import type { Lane } from "../fold";
import { Keyed } from "../keyed";
import type { Context, LaneView } from "./lane";
import { isShown, keyOf, makePart } from "./parts";

/** What the agent says, and the objects it shows on the way. */
export class TextLane implements LaneView {
  readonly element = h("div", { class: "lane text", "data-live": true });
  readonly #parts: Keyed<Part>;

  constructor(context: Context) {
    this.#parts = new Keyed<Part>(this.element, keyOf, (part) => makePart(part, context));
  }

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
