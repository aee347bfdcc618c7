import { h, setText } from "../dom";
import type { Part, PartOf } from "../envelope";
import { literal } from "../format";
import type { KeyedView } from "../keyed";
import { STRINGS } from "../strings";

/** What a run waits for a human to decide, and the line of Python that answers it. */
export class QuestionCard implements KeyedView<Part> {
  readonly #message = h("p", { class: "what", dir: "auto" });
  readonly #line = h("code", { class: "code", dir: "ltr" });
  readonly element = h(
    "div",
    { class: "card question", role: "group" },
    this.#message,
    h("p", { class: "hint" }, STRINGS.answerInPython),
    this.#line,
  );

  apply(part: Part): void {
    const { message, answer, id } = (part as PartOf<"question">).value;
    this.element.dataset.question = id;
    setText(this.#message, literal(message));
    setText(this.#line, literal(answer));
  }
}
