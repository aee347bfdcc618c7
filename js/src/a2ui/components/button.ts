import { setHidden, setText } from "../../dom";
import { isAction, isNode } from "../node";
import { button, el, newId, say, View } from "../part";

/** While a check fails it does nothing but say why; it keeps its place in the order of keys, so that it can be asked. */
export class Button extends View {
  readonly #button = button("button");
  readonly #why = el("p", "errors");
  readonly element = el("div", "act", this.#button, this.#why);
  readonly #children = this.holds(this.#button);
  readonly #words = this.#button.appendChild(document.createTextNode(""));

  override get target(): HTMLElement {
    return this.#button;
  }

  override start(): void {
    this.#why.id = newId();
    this.#why.hidden = true;
    this.#button.onclick = () => this.#press();
  }

  update(): void {
    this.mark("variant");
    const child = this.get("child");
    this.#children.sync([child]);
    // In some catalogs it has words of its own.
    setText(this.#words, isNode(child) ? "" : this.text("title") || this.text("label"));
    const failed = this.node.failures.filter(({ severity }) => severity === "error");
    say(this.#button, "aria-disabled", failed.length > 0);
    say(this.#button, "aria-describedby", failed.length > 0 && this.#why.id);
    setText(this.#why, failed.map(({ message }) => message).join("\n"));
    if (!failed.length) setHidden(this.#why, true);
  }

  #press(): void {
    const action = this.get("action");
    if (!this.#button.hasAttribute("aria-disabled")) {
      if (isAction(action)) action.run();
      return;
    }
    setHidden(this.#why, false);
    this.scene.say(this.#why.textContent ?? "");
  }
}
