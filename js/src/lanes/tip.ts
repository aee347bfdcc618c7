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
    const frame = message.closest<HTMLElement>(".scroller") ?? message; // a message cuts off what reaches out of it
    frame.append(this.element);
    setHidden(this.element, false);
    this.#place(mark, message, frame);
  }

  hide(): void {
    setHidden(this.element, true);
  }

  /** Above the number if there is room for it in the chat, else below; never wider than the message. */
  #place(mark: HTMLElement, message: HTMLElement, frame: HTMLElement): void {
    const at = mark.getBoundingClientRect();
    const within = message.getBoundingClientRect();
    const { left: x, top: y } = frame.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const isAbove = at.top - height - GAP >= y;
    const left = Math.min(at.left + at.width / 2 - width / 2, within.right - width);
    const top = isAbove ? at.top - height - GAP : at.bottom + GAP;
    this.element.style.left = `${Math.max(left, within.left) - x}px`;
    this.element.style.top = `${top - y + frame.scrollTop}px`;
  }
}
