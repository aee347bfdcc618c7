import { Disclosure } from "../disclosure";
import { h, setAttribute, setHidden, setText } from "../dom";
import type { CitationValue, Part, PartOf } from "../envelope";
import type { KeyedView } from "../keyed";
import { linkTo, ownerOf } from "../nodes/allow";
import { dressLink } from "../nodes/marks";
import { STRINGS } from "../strings";

const LIT_MS = 1600;

/** What a source is called: its title, else whom its address belongs to. */
export function nameOf({ title, url, snippet }: CitationValue): string {
  return title || hostOf(url) || snippet || "";
}

/** The true host: by the address, not by what is said about it. */
export function hostOf(url: unknown): string {
  const address = linkTo(url);
  return address ? ownerOf(address) : "";
}

/** One source: number, title, host, and behind them the passage. */
export class SourceRow implements KeyedView<Part> {
  readonly #number = h("span", { class: "number", "aria-hidden": "true" });
  readonly #title = h("a", { class: "title", dir: "auto" });
  readonly #host = h("span", { class: "host", dir: "ltr" });
  readonly #page = h("span", { class: "page" });
  readonly #passage = h("p", { class: "passage", dir: "auto" });
  readonly #fold = new Disclosure("unfold", (body) => body.append(this.#passage));
  readonly element = h(
    "li",
    { class: "source", tabindex: "-1" },
    h("div", { class: "says" }, this.#number, this.#title, this.#host, this.#page, this.#fold.button),
    this.#fold.body,
  );
  value: CitationValue = { index: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;

  apply(part: Part): void {
    const { value } = part as PartOf<"citation">;
    this.value = value;
    const name = nameOf(value);
    setAttribute(this.element, "value", String(value.index));
    setText(this.#number, String(value.index));
    setText(this.#title, name);
    dressLink(this.#title, { t: "a", a: { href: value.url } });
    setText(this.#host, value.title ? hostOf(value.url) : "");
    setText(this.#page, pageOf(value));
    setText(this.#passage, value.snippet ?? "");
    setHidden(this.#fold.button, !value.snippet || value.snippet === name);
    setAttribute(this.#fold.button, "aria-label", STRINGS.passage(name));
  }

  destroy(): void {
    clearTimeout(this.#timer);
  }

  /** Show the reader where the number has led. */
  light(): void {
    clearTimeout(this.#timer);
    setAttribute(this.element, "data-lit", true);
    this.#timer = setTimeout(() => setAttribute(this.element, "data-lit", false), LIT_MS);
  }
}

function pageOf({ location }: CitationValue): string {
  const page = location?.page ?? (location?.type === "documentPage" ? location.start : undefined);
  return page ? STRINGS.page(page) : "";
}
