import { setAttribute, setHidden, setText } from "../../dom";
import { A2UI_STRINGS } from "../../strings";
import { isAction, isNode } from "../node";
import { button, el, newId, type Outcome, say, View } from "../part";

const SENT_MS = 2000;

/** While a check fails it does nothing but say why; it keeps its place in the order of keys, so that it can be asked. */
export class Button extends View {
  readonly #button = button("button");
  readonly #why = el("p", "errors");
  readonly element = el("div", "act", this.#button, this.#why);
  #timer: ReturnType<typeof setTimeout> | undefined;
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
      if (isAction(action)) this.#tell(this.scene.press(() => action.run()));
      return;
    }
    this.#explain();
  }

  #tell(outcome: Outcome): void {
    const { sent, notSent } = A2UI_STRINGS;
    setText(this.#why, outcome === "refused" ? notSent : "");
    setHidden(this.#why, outcome !== "refused");
    clearTimeout(this.#timer);
    setAttribute(this.#button, "data-sent", outcome === "sent");
    if (outcome === "refused") this.#explain();
    if (outcome !== "sent") return;
    this.scene.say(sent);
    this.#timer = setTimeout(() => setAttribute(this.#button, "data-sent", false), SENT_MS);
  }

  #explain(): void {
    setHidden(this.#why, false);
    this.scene.say(this.#why.textContent ?? "");
  }
}
