import { h, setAttribute } from "../../dom";
import { el, label } from "../part";
import { Field } from "./field";

export class Slider extends Field {
  readonly #label = h("label", { for: this.id });
  readonly #value = h("output", { for: this.id });
  readonly #range = h("input", { type: "range", id: this.id });
  readonly element = el(
    "div",
    "field",
    el("div", "label", this.#label, this.#value),
    this.#range,
    this.errors,
  );

  override get target(): HTMLElement {
    return this.#range;
  }

  update(): void {
    const min = this.number("min", 0);
    const max = Math.max(this.number("max", 100), min);
    const value = this.number("value", min);
    const said = String(Number(value.toFixed(4)));
    const words = this.text("label");
    label(this.#label, words);
    label(this.#value, words && said);
    const bounds = { min, max, step: this.#step(max - min), "aria-valuetext": said };
    for (const [name, bound] of Object.entries(bounds)) setAttribute(this.#range, name, String(bound));
    if (this.#range.valueAsNumber !== value) this.#range.value = String(value);
    this.#range.oninput = () => this.write("value", Number(this.#range.value));
    this.showFailures();
  }

  /** Whole numbers where there are enough of them, else hundredths of the way. */
  #step(range: number): number {
    const steps = this.number("steps", 0);
    if (steps >= 1) return range / steps || 1;
    return range >= 10 ? 1 : range / 100 || 1;
  }
}
