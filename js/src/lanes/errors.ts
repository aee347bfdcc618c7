import { copyButton } from "../copy-button";
import { Disclosure } from "../disclosure";
import { h, setHidden, setText } from "../dom";
import type { ErrorValue, Part, PartOf } from "../envelope";
import type { Lane } from "../fold";
import { literal } from "../format";
import { Keyed, type KeyedView } from "../keyed";
import { STRINGS } from "../strings";
import type { Context, LaneView } from "./lane";

export class ErrorsLane implements LaneView {
  readonly element = h("div", { class: "lane errors" });
  readonly #cards: Keyed<Part>;

  constructor(context: Context) {
    this.#cards = new Keyed<Part>(
      this.element,
      ({ key }) => key,
      () => new ErrorCard(context),
    );
  }

  apply({ parts }: Lane): void {
    this.#cards.sync(parts.filter(({ kind }) => kind === "error"));
  }

  seal(): void {}

  destroy(): void {
    this.#cards.destroy();
  }
}

/** What happened, what was kept, one thing to do about it; the rest is folded. */
class ErrorCard implements KeyedView<Part> {
  readonly #message = h("b", { dir: "auto" });
  readonly #kept = h("span", { dir: "auto" });
  readonly #action = h("button", { type: "button", class: "action", hidden: true });
  readonly #detail = h("pre", { class: "code", dir: "ltr" });
  readonly #fold = new Disclosure("quiet", (body) => this.#mount(body), STRINGS.details);
  readonly element = h(
    "div",
    { class: "card error" },
    h("p", { class: "what" }, this.#message, " ", this.#kept),
    this.#action,
    h("div", { class: "why" }, this.#fold.button, this.#fold.body),
  );
  readonly #context: Context;
  #value: ErrorValue | undefined;

  constructor(context: Context) {
    this.#context = context;
    this.#action.addEventListener("click", () => context.act(this.#value?.recovery?.[0]?.action ?? ""));
  }

  apply(part: Part): void {
    const { message, kept = "", recovery, detail = "" } = (part as PartOf<"error">).value;
    this.#value = (part as PartOf<"error">).value;
    setText(this.#message, literal(message));
    setText(this.#kept, kept);
    setText(this.#action, recovery?.[0]?.label ?? "");
    setHidden(this.#action, !recovery?.length);
    setText(this.#detail, literal(detail));
    setHidden(this.#fold.button, !detail);
  }

  #mount(body: HTMLElement): void {
    const copied = () => ({ text: this.#detail.textContent ?? "" });
    body.append(this.#detail, copyButton(copied, this.#context.say, { className: "more" }));
  }
}
