import { Disclosure } from "../disclosure";
import { h, setAttribute, setText } from "../dom";
import type { Lane } from "../fold";
import { wholeSeconds } from "../format";
import { STRINGS } from "../strings";
import type { Context, LaneView } from "./lane";
import { LiveText } from "./live-text";

const CHOICE = "reasoning";

/** What the agent thinks: one line, the text behind it. Draws the thinking lane as well. */
export class ReasoningLane implements LaneView {
  readonly #label = h("span", { class: "label" }, STRINGS.thinking);
  readonly #text = new LiveText();
  readonly #fold = new Disclosure("quiet", (body) => body.append(this.#text.element), this.#label);
  readonly element = h(
    "div",
    { class: "lane reasoning", "data-live": true },
    this.#fold.button,
    this.#fold.body,
  );
  #latest = "";

  constructor(context: Context) {
    this.#fold.toggle(context.choices.get(CHOICE) ?? false);
    this.#fold.button.addEventListener("click", () => {
      context.choices.set(CHOICE, this.#fold.isOpen);
      this.#write();
    });
  }

  apply({ parts }: Lane): void {
    this.#latest = parts.map((part) => (part.kind === "text" ? part.text : "")).join("\n\n");
    this.#write();
  }

  seal({ duration_ms }: Lane): void {
    setAttribute(this.element, "data-live", false);
    setText(this.#label, duration_ms == null ? STRINGS.thought : thoughtFor(duration_ms));
    if (!this.#latest) this.element.replaceChildren();
  }

  destroy(): void {}

  /** Text behind a closed line costs nothing but its string. */
  #write(): void {
    if (this.#fold.isOpen) this.#text.apply(this.#latest);
  }
}

function thoughtFor(ms: number): string {
  return ms < 1000 ? STRINGS.thoughtBriefly : STRINGS.thoughtFor(wholeSeconds(ms));
}
