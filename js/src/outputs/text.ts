import { copyButton } from "../copy-button";
import { h, setText } from "../dom";
import { literal } from "../format";
import { OUTPUT_STRINGS } from "../strings";
import type { BodyView, Shown, Stage } from "./stage";
import { textOf } from "./stage";

/** Words, as they came. */
export class TextView implements BodyView {
  readonly label = OUTPUT_STRINGS.text;
  readonly element = h("pre", { class: "code", dir: "auto" });
  readonly tools: readonly HTMLElement[];

  constructor({ say }: Stage) {
    this.tools = [copyButton(() => ({ text: this.element.textContent ?? "" }), say)];
  }

  apply({ value }: Shown): void {
    setText(this.element, literal(textOf(value)));
  }
}
