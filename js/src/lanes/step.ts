import { h, setAttribute, setHidden, setText } from "../dom";
import type { Part, PartOf } from "../envelope";
import { literal } from "../format";
import { icon } from "../icons";
import type { KeyedView } from "../keyed";
import { STRINGS } from "../strings";
import { MARKS } from "./tool-row";

/** How far somebody is. */
interface Step {
  message: string;
  step: number;
  total?: number;
  source?: string;
  state: "running" | "done" | "cancelled";
}

/** A row as a tool has it: it moves, and is never another one. The bar shows what the words say. */
export class StepRow implements KeyedView<Part> {
  readonly #mark = h("span", { class: "mark", role: "img" });
  readonly #name = h("span", { class: "name" });
  readonly #words = h("span", { class: "words", dir: "auto" });
  readonly #fill = h("i");
  readonly #bar = h("span", { class: "bar" }, this.#fill);
  readonly #count = h("span", { class: "time" });
  readonly #row = h(
    "div",
    { class: "row" },
    h(
      "div",
      { class: "line" },
      this.#mark,
      this.#name,
      h("span", { class: "says" }, this.#words, this.#bar),
      this.#count,
    ),
  );
  readonly element = h("div", { class: "group step" }, this.#row);
  #state = "";

  apply(part: Part): void {
    const { message, step, total, source, state } = (part as PartOf<"activity">).value.content as Step;
    setText(this.#name, literal(source ?? ""));
    setText(this.#words, literal(message));
    setText(this.#count, total ? STRINGS.stepOf(step, total) : String(step));
    setHidden(this.#bar, !total || state !== "running");
    if (total) this.#fill.style.transform = `scaleX(${Math.min(1, step / total)})`;
    this.#show(state);
  }

  #show(state: Step["state"]): void {
    if (state === this.#state) return;
    this.#state = state;
    setAttribute(this.#row, "data-state", state);
    setAttribute(this.#mark, "aria-label", STRINGS.toolState[state]);
    this.#mark.replaceChildren(icon(...MARKS[state]));
  }
}
