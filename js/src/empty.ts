import { h, setHidden, setText } from "./dom";
import { STRINGS } from "./strings";

/** What is there before the first message: a greeting, and perhaps a way to begin. */
export class Empty {
  readonly #hint = h("p", { class: "hint" });
  readonly #starters = h("div", { class: "starters" });
  readonly element = h(
    "div",
    { class: "empty" },
    h("p", { class: "greeting" }, STRINGS.greeting),
    this.#hint,
    this.#starters,
  );
  readonly #start: (text: string) => void;

  constructor(start: (text: string) => void) {
    this.#start = start;
  }

  setStarters(starters: readonly string[]): void {
    setText(this.#hint, starters.length ? "" : STRINGS.emptyHint);
    this.#starters.replaceChildren(...starters.map((text) => this.#button(text)));
  }

  show(isShown: boolean): void {
    setHidden(this.element, !isShown);
  }

  #button(text: string): HTMLButtonElement {
    const button = h("button", { type: "button", class: "starter", dir: "auto" }, text);
    button.addEventListener("click", () => this.#start(text));
    return button;
  }
}
