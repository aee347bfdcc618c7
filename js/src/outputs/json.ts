import { copyButton } from "../copy-button";
import { Disclosure } from "../disclosure";
import { h } from "../dom";
import { count, literal } from "../format";
import { isSame } from "../nodes";
import { OUTPUT_STRINGS } from "../strings";
import type { BodyView, Shown, Stage } from "./stage";

const AT_ONCE = 100;
const MAX_TEXT = 2000;

/** Structured data, folded: what is not opened is not built. */
export class JsonView implements BodyView {
  readonly label = OUTPUT_STRINGS.json;
  readonly element = h("div", { class: "json", dir: "ltr" });
  readonly tools: readonly HTMLElement[];
  #value: unknown;

  constructor({ say }: Stage) {
    this.tools = [copyButton(() => ({ text: JSON.stringify(this.#value, null, 2) ?? "" }), say)];
  }

  apply({ value }: Shown): void {
    if (this.element.hasChildNodes() && isSame(value, this.#value)) return; // what the reader opened stays open
    this.#value = value;
    this.element.replaceChildren(entry("", value, true));
  }
}

type Container = unknown[] | Record<string, unknown>;

function isContainer(value: unknown): value is Container {
  return typeof value === "object" && value !== null;
}

function entry(name: string, value: unknown, isOpen = false): HTMLElement {
  const key = h("span", { class: "json-key" }, literal(name));
  if (!isContainer(value) || !sizeOf(value)) return h("div", { class: "json-entry" }, key, leaf(value));
  const fold = new Disclosure("json-fold", (body) => fill(body, value), key, summary(value));
  if (isOpen) fold.toggle(true);
  return h("div", { class: "json-entry" }, fold.button, fold.body);
}

/** A hundred at a time: an array may have a million. */
function fill(body: HTMLElement, value: Container): void {
  const names = Array.isArray(value) ? undefined : Object.keys(value);
  const size = sizeOf(value);
  const more = h("button", { type: "button", class: "more" });
  let shown = 0;
  const grow = () => {
    const end = Math.min(size, shown + AT_ONCE);
    for (; shown < end; shown++) {
      const name = names ? (names[shown] as string) : String(shown);
      more.before(entry(name, (value as Record<string, unknown>)[name]));
    }
    more.textContent = OUTPUT_STRINGS.more(count(size - shown));
    if (shown === size) more.remove();
  };
  more.addEventListener("click", () => {
    const last = more.previousElementSibling;
    grow();
    if (!more.isConnected) (last?.nextElementSibling?.querySelector("button") as HTMLElement | null)?.focus();
  });
  body.append(more);
  grow();
}

function sizeOf(value: Container): number {
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

function summary(value: Container): HTMLElement {
  const size = sizeOf(value);
  const words = Array.isArray(value) ? OUTPUT_STRINGS.items : OUTPUT_STRINGS.members;
  return h("span", { class: "json-size" }, words(size, count(size)));
}

function leaf(value: unknown): HTMLElement {
  const kind = value === null ? "null" : typeof value;
  const text = isContainer(value) ? (Array.isArray(value) ? "[]" : "{}") : (JSON.stringify(value) ?? "");
  const shown = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return h("span", { class: "json-value", dir: "auto", "data-kind": kind }, literal(shown));
}
