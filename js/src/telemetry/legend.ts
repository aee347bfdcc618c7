/** The series of a chart: which colour is which, what each is worth, and whether it is drawn. */

import { h, setAttribute, setText } from "../dom";
import { type Data, lastOf, valueText } from "./data";

export class Legend {
  readonly element = h("div", { class: "telemetry-legend" });
  readonly #toggled: (series: number) => void;
  #values: HTMLElement[] = [];

  constructor(toggled: (series: number) => void) {
    this.#toggled = toggled;
  }

  /** Begin anew with these series. */
  name({ series }: Data, colours: readonly string[], isHidden: (series: number) => boolean): void {
    this.#values = series.map(() => h("span", { class: "series-value" }));
    const rows = series.map(({ name }, at) => {
      const mark = h("span", { class: "series-mark" });
      mark.style.backgroundColor = colours[at] ?? "";
      const value = this.#values[at] as HTMLElement;
      const pressed = { type: "button", class: "series", "aria-pressed": String(!isHidden(at)) };
      const button = h("button", pressed, mark, h("span", { class: "series-name" }, name), value);
      button.addEventListener("click", () => {
        this.#toggled(at);
        setAttribute(button, "aria-pressed", String(!isHidden(at)));
      });
      return button;
    });
    this.element.replaceChildren(...rows);
  }

  /** What each series was worth at last, or by a row. */
  tell({ series, columns }: Data, row?: number | null): void {
    this.#values.forEach((element, at) => {
      const column = columns[at + 1] ?? [];
      const until = typeof row === "number" ? column.slice(0, row + 1) : column;
      setText(element, valueText(lastOf(until), series[at]?.unit));
    });
  }
}
