import { h, setHidden, setText } from "../dom";
import { literal } from "../format";
import { Drawing } from "../nodes/drawing";
import { OUTPUT_STRINGS, STRINGS } from "../strings";
import type { BodyView, Shown, Stage } from "./stage";

/** What a drawer makes a picture of: a chart, a flow, a series that grows. Where it fails, what it was to be made of. */
export class DrawnView implements BodyView {
  readonly label = OUTPUT_STRINGS.chart;
  readonly tools = [h("span", { class: "out-tools" })];
  readonly #drawing: Drawing;
  readonly #why = h("p", { class: "out-note", role: "note", hidden: true });
  readonly #source = h("pre", { class: "code", dir: "ltr", hidden: true });
  readonly element: HTMLElement;
  #drawn: Drawing["tools"] = [];
  #text = "";

  constructor({ rich, say }: Stage) {
    this.#drawing = new Drawing({ rich, say, changed: () => this.#update() });
    this.element = h("div", { class: "out-drawn" }, this.#why, this.#drawing.element, this.#source);
  }

  apply({ mime, value }: Shown): void {
    this.#text = JSON.stringify(value) ?? "";
    this.#drawing.show(mime, this.#text);
  }

  destroy(): void {
    this.#drawing.destroy();
  }

  #update(): void {
    const { state, message, tools } = this.#drawing;
    const hasFailed = state === "failed";
    setHidden(this.#drawing.element, hasFailed);
    for (const each of [this.#why, this.#source]) setHidden(each, !hasFailed);
    setText(this.#why, hasFailed ? STRINGS.drawing.failed(literal(message)) : "");
    setText(this.#source, hasFailed ? literal(this.#text) : "");
    if (tools === this.#drawn) return; // the buttons stay the same ones: one of them may have the focus
    this.#drawn = tools;
    this.tools[0]?.replaceChildren(...tools.map(toolButton));
  }
}

function toolButton({ label, run }: Drawing["tools"][number]): HTMLElement {
  const button = h("button", { type: "button", class: "tool" }, label);
  button.addEventListener("click", run);
  return button;
}
