/** The drawn side of a block of code: its drawing, and what is to be pressed for it. */

import { h, setAttribute, setHidden, setText } from "../dom";
import type { Tool } from "../drawer";
import type { Rich } from "../rich";
import { STRINGS } from "../strings";
import { Drawing } from "./drawing";

export class Sketch {
  readonly #fence: HTMLElement;
  readonly #drawing: Drawing;
  readonly #turn = h("button", { type: "button", class: "tool" });
  readonly #buttons = h("span");
  /** In the head of the block. */
  readonly tools = h("span", { class: "sketch-tools", hidden: true }, this.#buttons, this.#turn);
  readonly #tell: (why: string) => void;
  #wantsSource = false;
  #tools: readonly Tool[] = [];

  /** `tell` takes why there is no drawing, and nothing when there is no reason any more. */
  constructor(fence: HTMLElement, rich: Rich, say: (text: string) => void, tell: (why: string) => void) {
    this.#fence = fence;
    this.#tell = tell;
    this.#drawing = new Drawing({ rich, say, changed: () => this.#update() });
    this.#turn.addEventListener("click", () => {
      this.#wantsSource = !this.#wantsSource;
      this.#update();
    });
  }

  /** Above the code. */
  get element(): HTMLElement {
    return this.#drawing.element;
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
    this.#tell(state === "failed" ? message : "");
    setHidden(this.#buttons, !isDrawn);
    this.#offer(tools);
  }

  /** The buttons stay the same ones while their drawing does: one of them may have the focus. */
  #offer(tools: readonly Tool[]): void {
    if (tools === this.#tools) return;
    this.#tools = tools;
    this.#buttons.replaceChildren(...tools.map(toolButton));
  }
}

function toolButton({ label, run }: Tool): HTMLElement {
  const button = h("button", { type: "button", class: "tool" }, label);
  button.addEventListener("click", run);
  return button;
}
