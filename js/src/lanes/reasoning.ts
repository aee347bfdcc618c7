import { Disclosure } from "../disclosure";
import { h, setAttribute, setText } from "../dom";
import type { Part } from "../envelope";
import type { Lane } from "../fold";
import { wholeSeconds } from "../format";
import { Keyed } from "../keyed";
import { STRINGS } from "../strings";
import type { Context, LaneView } from "./lane";
import { isShown, keyOf, makePart } from "./parts";

const CHOICE = "reasoning";

/** What the agent thinks: one line, the text behind it. Draws the thinking lane as well. */
export class ReasoningLane implements LaneView {
  readonly #label = h("span", { class: "label" }, STRINGS.thinking);
  readonly #text = h("div", { class: "thoughts" });
  readonly #parts: Keyed<Part>;
  readonly #fold = new Disclosure("quiet", (body) => body.append(this.#text), this.#label);
  readonly element = h(
    "div",
    { class: "lane reasoning", "data-live": true },
    this.#fold.button,
    this.#fold.body,
  );
  #latest: Part[] = [];

  constructor(context: Context) {
    this.#parts = new Keyed<Part>(this.#text, keyOf, (part) => makePart(part, context));
    this.#fold.toggle(context.choices.get(CHOICE) ?? false);
    this.#fold.button.addEventListener("click", () => {
      context.choices.set(CHOICE, this.#fold.isOpen);
      this.#write();
    });
  }

  apply({ parts }: Lane): void {
    this.#latest = parts.filter(isShown);
    this.#write();
  }

  seal({ duration_ms }: Lane): void {
    setAttribute(this.element, "data-live", false);
    setText(this.#label, duration_ms == null ? STRINGS.thought : thoughtFor(duration_ms));
    if (!this.#latest.length) this.element.replaceChildren();
  }

  destroy(): void {
    this.#parts.destroy();
  }

  /** Text behind a closed line costs nothing but its string. */
  #write(): void {
    if (this.#fold.isOpen) this.#parts.sync(this.#latest);
  }
}

function thoughtFor(ms: number): string {
  return ms < 1000 ? STRINGS.thoughtBriefly : STRINGS.thoughtFor(wholeSeconds(ms));
}
