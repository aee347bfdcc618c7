import { h, setAttribute, setHidden, setText } from "./dom";
import { icon } from "./icons";

export interface MenuItem {
  label(): string;
  /** What is asked before it is done, in place of the label. */
  sure?: string;
  act(): void;
}

/** A few things that can be done, behind one quiet button. */
export class Menu {
  readonly #button: HTMLButtonElement;
  readonly #list: HTMLElement;
  readonly element: HTMLElement;
  readonly #items: readonly MenuItem[];
  readonly #buttons: readonly HTMLButtonElement[];
  #asked: MenuItem | undefined;

  constructor(label: string, items: readonly MenuItem[]) {
    this.#items = items;
    this.#button = h(
      "button",
      { type: "button", class: "bare", title: label, "aria-label": label, "aria-haspopup": "menu" },
      icon("dots"),
    );
    this.#buttons = items.map((item) => this.#made(item));
    this.#list = h("div", { class: "menu", role: "menu", "aria-label": label }, ...this.#buttons);
    this.element = h("span", { class: "menu-place" }, this.#button, this.#list);
    this.#open(false);
    this.#button.addEventListener("click", () => this.#open(this.#list.hidden === true));
    this.element.addEventListener("keydown", this.#onKey);
    this.element.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.element.contains(relatedTarget as Node | null)) this.#open(false);
    });
  }

  #made(item: MenuItem): HTMLButtonElement {
    const button = h("button", { type: "button", role: "menuitem", tabindex: "-1" });
    button.addEventListener("click", () => {
      if (item.sure && this.#asked !== item) {
        this.#asked = item;
        setText(button, item.sure);
        return;
      }
      this.#button.focus({ preventScroll: true });
      this.#open(false);
      item.act();
    });
    return button;
  }

  #open(isOpen: boolean): void {
    setHidden(this.#list, !isOpen);
    setAttribute(this.#button, "aria-expanded", String(isOpen));
    this.#asked = undefined;
    for (const [at, item] of this.#items.entries()) setText(this.#buttons[at] as HTMLElement, item.label());
    if (isOpen) this.#buttons[0]?.focus({ preventScroll: true });
  }

  #onKey = (event: KeyboardEvent): void => {
    const { key } = event;
    if (this.#list.hidden && key !== "ArrowDown") return;
    const last = this.#buttons.length - 1;
    const at = this.#buttons.indexOf(event.target as HTMLButtonElement);
    const to = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at > 0 ? at - 1 : last, Home: 0, End: last }[
      key
    ];
    if (key === "Escape") this.#button.focus({ preventScroll: true });
    if (key === "Escape" || key === "Tab") this.#open(false);
    else if (this.#list.hidden) this.#open(true);
    else if (to !== undefined) this.#buttons[to]?.focus({ preventScroll: true });
    if (key === "Tab" || (to === undefined && key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation(); // Esc would stop the run
  };
}
