/** The drawn side of a block of code: its drawing, why there is none, and what is to be pressed for it. */

import { h, setAttribute, setHidden, setText } from "../dom";
import type { Tool } from "../drawer";
import { literal } from "../format";
import type { Rich } from "../rich";
import { STRINGS } from "../strings";
import { Drawing } from "./drawing";

/** A block in one of these languages is drawn as another kind. */
const KINDS: Readonly<Record<string, string>> = { math: "math-display" };

/** What a block in `language` is drawn as, if anybody draws it. */
export function kindOfLanguage(language: string, rich: Rich | undefined): string | undefined {
  const name = language.toLowerCase();
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : name;
  return rich?.drawer(kind as string) ? kind : undefined;
}

export class Sketch {
  readonly #fence: HTMLElement;
  readonly #drawing: Drawing;
  readonly #why = h("p", { class: "why", role: "note", hidden: true });
  readonly #turn = h("button", { type: "button", class: "tool" });
  /** In the head of the block. */
  readonly tools = h("span", { class: "sketch-tools", hidden: true });
  /** Above its code. */
  readonly element: HTMLElement;
  #wantsSource = false;
  #tools: readonly Tool[] = [];

  constructor(fence: HTMLElement, rich: Rich, say: (text: string) => void) {
    this.#fence = fence;
    this.#drawing = new Drawing({ rich, say, changed: () => this.#update() });
    this.element = h("div", { class: "sketch" }, this.#why, this.#drawing.element);
    this.tools.append(this.#turn);
    this.#turn.addEventListener("click", () => {
      this.#wantsSource = !this.#wantsSource;
      this.#update();
    });
  }

  show(kind: string, text: string): void {
    this.#drawing.show(kind, text);
  }

  destroy(): void {
    this.#drawing.destroy();
    this.tools.remove();
    this.element.remove();
    setAttribute(this.#fence, "data-drawn", false);
  }

  #update(): void {
    const { state, message, tools } = this.#drawing;
    const isDrawn = state === "drawn" && !this.#wantsSource;
    setAttribute(this.#fence, "data-drawn", isDrawn);
    setHidden(this.tools, state !== "drawn");
    setText(this.#turn, isDrawn ? STRINGS.drawing.showSource : STRINGS.drawing.show);
    setHidden(this.#why, state !== "failed");
    setText(this.#why, state === "failed" ? STRINGS.drawing.failed(literal(message)) : "");
    this.#offer(isDrawn ? tools : []);
  }

  /** The buttons stay the same ones while their drawing does: one of them may have the focus. */
  #offer(tools: readonly Tool[]): void {
    if (tools === this.#tools) return;
    this.#tools = tools;
    this.tools.replaceChildren(...tools.map(toolButton), this.#turn);
  }
}

function toolButton({ label, run }: Tool): HTMLElement {
  const button = h("button", { type: "button", class: "tool" }, label);
  button.addEventListener("click", run);
  return button;
}
