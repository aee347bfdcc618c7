import { Disclosure } from "../disclosure";
import { h, setHidden, setText } from "../dom";
import { A2UI_STRINGS, STRINGS } from "../strings";
import { shown } from "./functions";
import { isObject, type Props } from "./json";
import { el } from "./part";

const MAX_ERROR = 20_000;

/** What is seen while a surface is being made, made again, or could not be made. */
export class StatusCard {
  readonly #says = h("p", { class: "a2-says", role: "status" });
  readonly #bones = el("div", "bones", el("i", "skeleton"), el("i", "skeleton"), el("i", "skeleton"));
  readonly #code = h("div", { class: "code" });
  readonly #why = new Disclosure("quiet", (body) => body.append(this.#code), STRINGS.details);
  readonly element = h("div", { class: "a2" }, this.#says, this.#bones, this.#why.button, this.#why.body);

  /** `content` of an activity that has no operations yet. */
  apply(content: unknown): void {
    const of = isObject(content) ? content : {};
    const isFailed = of.status === "failed";
    this.element.toggleAttribute("data-failed", isFailed);
    setText(this.#says, wordsOf(of));
    setHidden(this.#bones, isFailed);
    const errors = Array.isArray(of.errors) ? of.errors : [];
    const why = [of.error, ...errors].map((each) => shown(isObject(each) ? (each.message ?? each) : each));
    setText(this.#code, why.filter(Boolean).join("\n").slice(0, MAX_ERROR));
    setHidden(this.#why.button, !this.#code.textContent);
  }
}

function wordsOf({ status, progressTokens, attempt, maxAttempts }: Props): string {
  const { failed, retrying, building } = A2UI_STRINGS;
  if (status === "failed") return failed;
  if (status === "retrying") return retrying(shown(attempt), shown(maxAttempts));
  return building(shown(progressTokens));
}
