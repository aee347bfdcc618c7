/** What all inputs share: a label, what is wrong with the value, and whose value it is. */

import { h, setAttribute, setHidden } from "../../dom";
import { A2UI_STRINGS } from "../../strings";
import { equal } from "../json";
import type { Failure } from "../node";
import { button, el, focusedAround, label, newId, say, View } from "../part";

export type Control = HTMLInputElement | HTMLTextAreaElement;

export abstract class Field extends View {
  readonly id = newId();
  readonly errors = h("div", { class: "a2-errors", id: `${this.id}-errors`, "aria-live": "polite" });
  #isTouched = false;
  #said: Failure[] = [];

  override start(): void {
    this.element.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.element.contains(relatedTarget as Node | null)) this.touch();
    });
  }

  override get name(): string {
    return this.text("label") ? "" : A2UI_STRINGS.unnamed;
  }

  /** What the browser finds wrong. */
  get complaint(): string {
    return "";
  }

  /** The reader has been here: from now on it is said what is wrong. */
  touch(): void {
    this.#isTouched = true;
    this.showFailures();
  }

  showFailures(): void {
    const { complaint: message } = this;
    const all = [...this.node.failures, ...(message ? [{ message, severity: "error" } as const] : [])];
    const shown = this.#isTouched ? all : [];
    const isWrong = shown.some(({ severity }) => severity === "error");
    say(this.target, "aria-invalid", isWrong);
    setAttribute(this.target, "aria-describedby", this.errors.id);
    if (equal(shown, this.#said)) return; // a live region says again what is written again
    this.#said = shown;
    this.errors.replaceChildren(
      ...shown.map(({ message, severity }) => h("p", { "data-severity": severity }, message)),
    );
  }
}

/**
 * A label above one control, whose value the user types and the agent writes.
 *
 * It is written only if it differs and no composition is under way. What the user is editing stays under the caret: if the
 * agent meant the very value that the user started from, the user's counts; if another, that one is shown on leaving.
 */
export abstract class EntryField extends Field {
  readonly #label = h("label", { class: "a2-label", for: this.id });
  readonly #mine = button("link", A2UI_STRINGS.useMine);
  readonly #told = el("p", "note", A2UI_STRINGS.replaced, " ", this.#mine);
  readonly #line = el("div", "line");
  readonly element = el("div", "field", this.#label, this.#line, this.errors, this.#told);
  control!: Control;
  #kind = "";
  /** What the user started from. */
  #base = "";
  #theirs: string | undefined;
  #isEditing = false;
  #isComposing = false;

  override get target(): HTMLElement {
    return this.control;
  }

  override get complaint(): string {
    return this.control.validationMessage;
  }

  /** Show `value` in a control of this `kind`. */
  protected show(kind: string, value: string): void {
    if (kind !== this.#kind) this.#use(kind);
    label(this.#label, this.text("label"));
    if (value === this.control.value) this.#base = this.#isEditing ? this.#base : value;
    else if (!this.#isEditing && !this.#isComposing) this.#put(value);
    else if (value !== this.#base) this.#theirs = value;
    this.showFailures();
  }

  /** The control, and what stands beside it. */
  protected abstract make(kind: string): [Control, ...HTMLElement[]];

  /** What the control's `value` means. */
  protected read(value: string): unknown {
    return value;
  }

  get #isFocused(): boolean {
    return focusedAround(this.control) === this.control;
  }

  #use(kind: string): void {
    this.#kind = kind;
    const [control, ...more] = this.make(kind);
    this.control = control;
    control.id = this.id;
    control.className = "a2-input";
    control.addEventListener("compositionstart", () => {
      this.#isComposing = true;
    });
    control.addEventListener("compositionend", () => {
      this.#isComposing = false;
      this.#input();
    });
    control.oninput = () => this.#input();
    control.onblur = () => this.#left();
    this.#line.replaceChildren(control, ...more);
    setHidden(this.#told, true);
  }

  #input(): void {
    if (this.#isComposing) return;
    this.#isEditing = this.#isFocused;
    this.#enter(this.control.value);
  }

  #enter(value: string): void {
    setHidden(this.#told, true);
    this.write("value", this.read(value));
  }

  #left(): void {
    if (!this.#isEditing) return;
    const mine = this.control.value;
    const theirs = this.#theirs ?? mine;
    this.#isEditing = this.#isComposing = false;
    this.#theirs = undefined;
    this.#put(theirs);
    this.#enter(theirs);
    if (theirs === mine) return;
    setHidden(this.#told, false);
    this.#mine.onclick = () => {
      this.#put(mine);
      this.control.focus();
      this.#enter(mine);
    };
  }

  #put(value: string): void {
    const { control } = this;
    const { selectionStart, selectionEnd } = control;
    this.#base = value;
    if (control.value === value) return;
    control.value = value;
    if (selectionStart !== null && this.#isFocused) control.setSelectionRange(selectionStart, selectionEnd);
  }
}
