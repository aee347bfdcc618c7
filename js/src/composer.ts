import { isReadOnly, type Link } from "./connection";
import { h, setAttribute, setHidden, setText } from "./dom";
import type { Draft } from "./draft";
import { icon } from "./icons";
import { frame } from "./scheduler";
import { STRINGS } from "./strings";

const STOPPING_LABEL_MS = 300;

export interface ComposerActions {
  /** Whether the text was taken. */
  submit(text: string): boolean;
  stop(): void;
  /** What the user said last. */
  recall(): string;
}

/** Where the user writes. Send becomes Stop in its place, from the submit until the run is over. */
export class Composer {
  readonly textarea = h("textarea", { rows: "1", "data-composer": true, enterkeyhint: "send", dir: "auto" });
  readonly #button = h("button", { type: "button", class: "round" }, icon("up"), icon("square"));
  readonly #grow = h("div", { class: "grow" }, this.textarea);
  readonly #note = h("div", { class: "note", hidden: true });
  readonly #field = h("div", { class: "field" }, this.#grow, this.#button);
  readonly element = h("div", { class: "composer" }, this.#note, this.#field);

  readonly #actions: ComposerActions;
  readonly #draft: Draft;
  #isBusy = false;
  #isReadOnly = false;
  #isStopping = false;
  #stopTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(actions: ComposerActions, draft: Draft) {
    this.#actions = actions;
    this.#draft = draft;
    this.textarea.addEventListener("input", () => this.#changed());
    this.textarea.addEventListener("keydown", this.#onKey);
    this.#button.addEventListener("click", () => (this.#isBusy ? this.stop() : this.#submit()));
    this.#field.addEventListener("pointerdown", this.#focusByFrame);
    this.#showAction();
  }

  setPlaceholder(text: string): void {
    this.textarea.placeholder = text;
    setAttribute(this.textarea, "aria-label", text);
  }

  setBusy(isBusy: boolean): void {
    if (isBusy === this.#isBusy) return;
    this.#isBusy = isBusy;
    this.#endStopping();
    if (this.#note.getAttribute("role") !== "alert") this.#tell("");
    this.#showAction();
  }

  setLink(link: Link): void {
    if (isReadOnly(link) === this.#isReadOnly) return;
    this.#isReadOnly = isReadOnly(link);
    this.textarea.readOnly = this.#isReadOnly;
    setAttribute(this.element, "data-readonly", this.#isReadOnly);
    this.#showAction();
  }

  /** What was kept for `stream`, unless something was typed meanwhile. */
  openDraft(stream: string): void {
    const kept = this.#draft.open(stream);
    if (this.textarea.value) this.#draft.save(this.textarea.value);
    else if (kept) this.#write(kept);
  }

  /** `text` was not taken: it comes back, before what was typed since. */
  restore(text: string, reason: string): void {
    const typed = this.textarea.value;
    this.#write(typed ? `${text}\n${typed}` : text);
    this.refuse(reason);
  }

  refuse(reason: string): void {
    this.#tell(reason, "alert");
  }

  stop(): void {
    if (!this.#isBusy) return;
    this.#actions.stop();
    this.focus();
    this.#stopTimer ??= setTimeout(() => frame.write(this.#showStopping), STOPPING_LABEL_MS);
  }

  focus(): void {
    this.textarea.focus({ preventScroll: true });
  }

  #submit(): void {
    const text = this.textarea.value.trim();
    this.focus();
    if (!text || this.#isReadOnly || !this.#actions.submit(text)) return;
    this.#write("");
  }

  #onKey = (event: KeyboardEvent): void => {
    if (event.isComposing || event.keyCode === 229) return; // an input method is at work: its Enter is not ours
    const isPlainEnter = event.key === "Enter" && !event.shiftKey && !event.altKey;
    if (isPlainEnter) {
      event.preventDefault();
      if (this.#isBusy) this.#tell(STRINGS.hintBusy);
      else this.#submit();
    } else if (event.key === "ArrowUp" && !this.textarea.value) {
      event.preventDefault();
      this.#write(this.#actions.recall());
    }
  };

  /** The frame around the text belongs to it. */
  #focusByFrame = (event: PointerEvent): void => {
    if (event.target !== this.#field && event.target !== this.#grow) return;
    event.preventDefault();
    this.focus();
  };

  #write(text: string): void {
    this.textarea.value = text;
    this.#changed();
  }

  /** The mirror gives the field its height: nothing is measured. */
  #changed(): void {
    const { value } = this.textarea;
    setAttribute(this.#grow, "data-value", value);
    this.#draft.save(value);
    if (!this.#isBusy) this.#tell("");
    this.#showAction();
  }

  #tell(text: string, role = "note"): void {
    setAttribute(this.#note, "role", role);
    setText(this.#note, text);
    setHidden(this.#note, !text);
  }

  #showAction(): void {
    const stopLabel = this.#isStopping ? STRINGS.stopping : STRINGS.stop;
    const label = this.#isBusy ? stopLabel : STRINGS.send;
    setAttribute(this.#button, "data-action", this.#isBusy ? "stop" : "send");
    setAttribute(this.#button, "aria-label", label);
    setAttribute(this.#button, "title", label);
    setAttribute(this.#button, "data-stopping", this.#isStopping);
    const isIdle = !this.#isBusy && (this.#isReadOnly || !this.textarea.value.trim());
    setAttribute(this.#button, "aria-disabled", String(isIdle)); // never `disabled`: it would drop the focus
  }

  #showStopping = (): void => {
    if (this.#stopTimer === undefined) return;
    this.#isStopping = true;
    this.#tell(STRINGS.stopping);
    this.#showAction();
  };

  #endStopping(): void {
    clearTimeout(this.#stopTimer);
    this.#stopTimer = undefined;
    this.#isStopping = false;
  }
}
