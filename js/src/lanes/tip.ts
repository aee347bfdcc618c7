import { h, setHidden, setText } from "../dom";
import type { CitationValue } from "../envelope";
import { hostOf, nameOf } from "./source-row";

const GAP = 6;

/** What a number in the text stands for, beside it while it is pointed at. The ear hears it as the number's name. */
export class Tip {
  readonly #title = h("b", { dir: "auto" });
  readonly #host = h("span", { class: "host", dir: "ltr" });
  readonly #passage = h("span", { class: "passage", dir: "auto" });
  readonly element = h(
    "div",
    { class: "tip", "aria-hidden": "true", hidden: true },
    this.#title,
    this.#host,
    this.#passage,
  );

  show(mark: HTMLElement, message: HTMLElement, value: CitationValue): void {
    const name = nameOf(value);
    setText(this.#title, name);
    setText(this.#host, value.title ? hostOf(value.url) : "");
    setText(this.#passage, value.snippet && value.snippet !== name ? value.snippet : "");
    message.append(this.element);
    setHidden(this.element, false);
    this.#place(mark, message);
  }

  hide(): void {
    setHidden(this.element, true);
  }

  /** Above the number if there is room for it in the chat, else below; never wider than the message. */
  #place(mark: HTMLElement, message: HTMLElement): void {
    const at = mark.getBoundingClientRect();
    const within = message.getBoundingClientRect();
    const top = message.closest(".scroller")?.getBoundingClientRect().top ?? 0;
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const isAbove = at.top - height - GAP >= top;
    const left = Math.min(at.left + at.width / 2 - width / 2, within.right - width);
    this.element.style.left = `${Math.max(left, within.left) - within.left}px`;
    this.element.style.top = `${(isAbove ? at.top - height - GAP : at.bottom + GAP) - within.top}px`;
  }
}
