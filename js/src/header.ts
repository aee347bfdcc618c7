import type { Copied } from "./clipboard";
import { isReadOnly, type Link } from "./connection";
import { copyIcon } from "./copy-button";
import { h, setAttribute, setHidden, setText } from "./dom";
import { icon } from "./icons";
import type { Store } from "./store";
import { STRINGS } from "./strings";

/** Who speaks, what it is doing, and a way to take the whole conversation along. */
export class Header {
  readonly #title = h("b", { class: "title", dir: "auto" });
  readonly #word = h("span", { class: "word" });
  readonly #dot = h("span", { class: "dot" });
  readonly #copy: HTMLButtonElement;
  /** Its button, and below that, what a chunk shows. */
  readonly menu = h("span", { class: "more-place" });
  readonly element = h("header", { class: "head" }, this.#dot, this.#title, this.#word);

  constructor(read: () => Copied, say: (text: string) => void, openMenu: () => void) {
    this.#copy = copyIcon(read, say, STRINGS.copyConversation);
    this.#copy.classList.add("copy-all");
    const more = h("button", { type: "button", class: "bare" }, icon("dots"));
    for (const name of ["title", "aria-label"]) setAttribute(more, name, STRINGS.menu);
    setAttribute(more, "aria-haspopup", "menu");
    more.addEventListener("click", openMenu);
    this.menu.append(more);
    this.element.append(this.#copy, this.menu);
  }

  setTitle(title: string): void {
    setText(this.#title, title);
  }

  update(link: Link, status: Store["status"], hasMessages: boolean): void {
    setHidden(this.#copy, !hasMessages);
    setHidden(this.menu, !hasMessages || isReadOnly(link));
    setAttribute(this.#dot, "data-is", link === "live" ? status : link);
    setText(this.#word, link === "live" ? STRINGS.status[status] : STRINGS.link[link]);
  }
}
