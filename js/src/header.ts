import type { Link } from "./connection";
import { h, setAttribute, setText } from "./dom";
import type { Store } from "./store";
import { STRINGS } from "./strings";

/** Who speaks, and what it is doing. */
export class Header {
  readonly #title = h("b", { class: "title", dir: "auto" });
  readonly #word = h("span", { class: "word" });
  readonly #dot = h("span", { class: "dot" });
  readonly element = h("header", { class: "head" }, this.#dot, this.#title, this.#word);

  setTitle(title: string): void {
    setText(this.#title, title);
  }

  update(link: Link, status: Store["status"]): void {
    setAttribute(this.#dot, "data-is", link === "live" ? status : link);
    setText(this.#word, link === "live" ? STRINGS.status[status] : STRINGS.link[link]);
  }
}
