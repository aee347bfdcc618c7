import { setAttribute } from "../../dom";
import { A2UI_STRINGS } from "../../strings";
import { glyph } from "../icons";
import { button, el, newId, View } from "../part";

/** What opens it, and what is then seen alone. The browser gives the focus back when it closes. */
export class Modal extends View {
  readonly #close = button("close", glyph("close"));
  readonly #trigger = el("div", "trigger");
  readonly #content = el("div", "column");
  readonly #dialog = el("dialog", "dialog", this.#close, this.#content);
  readonly element = el("div", "modal", this.#trigger, this.#dialog);
  readonly #opener = this.holds(this.#trigger);
  readonly #inside = this.holds(this.#content);

  override get target(): HTMLElement {
    return this.#dialog;
  }

  override start(): void {
    const [trigger, dialog] = [this.#trigger, this.#dialog];
    trigger.id = newId();
    setAttribute(dialog, "aria-labelledby", trigger.id);
    setAttribute(this.#close, "aria-label", A2UI_STRINGS.close);
    const open = (event: Event) => {
      event.preventDefault();
      event.stopPropagation(); // instead of what the trigger would do
      if (!dialog.open) dialog.showModal();
    };
    trigger.addEventListener("click", open, { capture: true });
    trigger.onkeydown = (event) => {
      if (event.target === trigger && (event.key === "Enter" || event.key === " ")) open(event);
    };
    this.#close.onclick = () => dialog.close();
    dialog.onclick = ({ target }) => {
      if (target === dialog) dialog.close(); // what lies behind it
    };
    dialog.onkeydown = (event) => {
      if (event.key === "Escape") event.stopPropagation(); // it closes this, and stops no run
    };
  }

  update(): void {
    this.#opener.sync([this.get("trigger")]);
    this.#inside.sync([this.get("content")]);
    const own = this.#trigger.querySelector("button");
    if (!own) {
      setAttribute(this.#trigger, "role", "button");
      setAttribute(this.#trigger, "tabindex", "0");
    }
    setAttribute(own ?? this.#trigger, "aria-haspopup", "dialog");
  }
}
