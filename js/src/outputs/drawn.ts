import { h, setHidden, setText } from "../dom";
import { literal } from "../format";
import { Drawing } from "../nodes/drawing";
import { OUTPUT_STRINGS, STRINGS } from "../strings";
import { type BodyView, plainText, type Shown, type Stage } from "./stage";

const MAX_SOURCE = 4000;

/** What a drawer makes a picture of: a chart, a flow, a series that grows. Where it fails, the words there are for it. */
export class DrawnView implements BodyView {
  readonly label = OUTPUT_STRINGS.chart;
  readonly tools = [h("span", { class: "out-tools" })];
  readonly #drawing: Drawing;
  readonly #why = h("p", { class: "out-note", role: "note", hidden: true });
  readonly #code = h("pre", { class: "code", dir: "ltr", hidden: true });
  readonly element: HTMLElement;
  #drawn: Drawing["tools"] = [];
  #words = "";

  constructor({ rich, say }: Stage) {
    this.#drawing = new Drawing({ rich, say, changed: () => this.#update() });
    this.element = h("div", { class: "out-drawn" }, this.#why, this.#drawing.element, this.#code);
  }

  apply({ mime, value, output }: Shown): void {
    const source = JSON.stringify(value) ?? "";
    this.#words = literal(plainText(output) || source.slice(0, MAX_SOURCE));
    this.#drawing.show(mime, source);
    this.#update();
  }

  destroy(): void {
    this.#drawing.destroy();
  }

  #update(): void {
    const { state, message, tools } = this.#drawing;
    const hasFailed = state === "failed";
    setHidden(this.#drawing.element, hasFailed);
    for (const each of [this.#why, this.#code]) setHidden(each, !hasFailed);
    setText(this.#why, hasFailed ? STRINGS.drawing.failed(literal(message)) : "");
    setText(this.#code, hasFailed ? this.#words : "");
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
