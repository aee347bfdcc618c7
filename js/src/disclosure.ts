import { h, setAttribute, setHidden } from "./dom";
import { icon } from "./icons";

/** A line that opens: a button, and a body that is made when it is first needed. */
export class Disclosure {
  readonly button: HTMLButtonElement;
  readonly body = h("div", { class: "disclosed", hidden: true });
  readonly #mount: (body: HTMLElement) => void;
  #isMounted = false;

  constructor(className: string, mount: (body: HTMLElement) => void, ...label: (Node | string)[]) {
    this.#mount = mount;
    this.button = h(
      "button",
      { type: "button", class: className, "aria-expanded": "false" },
      icon("chevron"),
      ...label,
    );
    this.button.addEventListener("click", () => this.toggle(!this.isOpen));
  }

  get isOpen(): boolean {
    return this.button.getAttribute("aria-expanded") === "true";
  }

  toggle(isOpen: boolean): void {
    if (isOpen && !this.#isMounted) {
      this.#isMounted = true;
      this.#mount(this.body);
    }
    setAttribute(this.button, "aria-expanded", String(isOpen));
    setHidden(this.body, !isOpen);
  }
}
