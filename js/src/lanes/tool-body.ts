import { h, setHidden, setText } from "../dom";
import type { ToolRow } from "../envelope";
import { literal, prettyJson } from "../format";
import { STRINGS } from "../strings";
import { LiveText } from "./live-text";

const PREVIEW_LINES = 12;
const PREVIEW_CHARS = 4000;

/** What a call was given and what came of it. */
export class ToolBody {
  readonly #arguments = new LiveText({ className: "code" });
  readonly #result = new Preview();
  readonly #error = new Preview();
  readonly #sections = {
    arguments: section(STRINGS.arguments, this.#arguments.element),
    result: section(STRINGS.result, this.#result.element),
    error: section(STRINGS.error, this.#error.element),
  };
  readonly element = h("div", { class: "body", hidden: true }, ...Object.values(this.#sections));

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  /** Arguments are shown as they are written, and in order once they are complete. */
  apply({ args = "", result = "", error = "", state }: ToolRow): void {
    this.#arguments.apply(literal(state === "queued" ? args : prettyJson(args)));
    this.#result.apply(literal(prettyJson(result)));
    this.#error.apply(literal(error));
    setHidden(this.#sections.arguments, !args);
    setHidden(this.#sections.result, !result);
    setHidden(this.#sections.error, !error);
  }
}

function section(label: string, content: HTMLElement): HTMLElement {
  return h("div", { class: "section" }, h("div", { class: "section-label" }, label), content);
}

/** The first lines of a text, and a button for the rest. */
class Preview {
  readonly #code = h("pre", { class: "code", dir: "auto" });
  readonly #more = h("button", { type: "button", class: "more", hidden: true });
  readonly element = h("div", { tabindex: "-1" }, this.#code, this.#more);
  #text = "";
  #isWhole = false;

  constructor() {
    this.#more.addEventListener("click", () => {
      this.#isWhole = true;
      this.#show();
      this.element.focus({ preventScroll: true }); // the button is gone
    });
  }

  apply(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    this.#show();
  }

  #show(): void {
    const lines = this.#text.split("\n");
    const preview = lines.slice(0, PREVIEW_LINES).join("\n").slice(0, PREVIEW_CHARS);
    const isCut = !this.#isWhole && preview.length < this.#text.length;
    setText(this.#code, isCut ? preview : this.#text);
    setText(this.#more, STRINGS.showAll(lines.length));
    setHidden(this.#more, !isCut);
  }
}
