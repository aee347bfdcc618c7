import { h } from "../dom";
import { STRINGS } from "../strings";
import type { BodyView, Shown, Stage } from "./stage";

/** What a drawer makes a picture of: a chart, a flow, a series that grows. */
export class DrawnView implements BodyView {
  readonly label = STRINGS.outputs.chart;
  readonly #drawing: ReturnType<Stage["drawing"]>;
  readonly element: HTMLElement;

  constructor(stage: Stage) {
    this.#drawing = stage.drawing();
    this.element = h("div", { class: "out-drawn" }, this.#drawing.element);
  }

  apply({ mime, value }: Shown): void {
    this.#drawing.show(mime, JSON.stringify(value));
  }

  destroy(): void {
    this.#drawing.destroy();
  }
}
