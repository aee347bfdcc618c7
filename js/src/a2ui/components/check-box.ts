import { h, setText } from "../../dom";
import { el } from "../part";
import { Field } from "./field";

export class CheckBox extends Field {
  readonly #box = h("input", { type: "checkbox" });
  readonly #words = h("span");
  readonly element = el("div", "field", el("label", "option", this.#box, this.#words), this.errors);

  override get target(): HTMLElement {
    return this.#box;
  }

  update(): void {
    setText(this.#words, this.text("label"));
    this.#box.checked = this.get("value") === true;
    this.#box.onchange = () => {
      this.write("value", this.#box.checked);
      this.touch();
    };
    this.showFailures();
  }
}
