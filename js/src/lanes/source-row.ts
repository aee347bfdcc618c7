import { Disclosure } from "../disclosure";
import { h, setAttribute, setHidden, setText } from "../dom";
import type { CitationValue, Part, PartOf } from "../envelope";
import type { KeyedView } from "../keyed";
import { type Language, LOCAL } from "../locale";
import { linkTo, ownerOf } from "../nodes/allow";
import { dressLink } from "../nodes/marks";
import { Media } from "../nodes/media";
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

/** One source: number, title, host, place, and behind them the passage and its picture. */
export class SourceRow implements KeyedView<Part> {
  readonly #number = h("span", { class: "number", "aria-hidden": "true" });
  readonly #title = h("a", { class: "title", dir: "auto" });
  readonly #host = h("span", { class: "host", dir: "ltr" });
  readonly #page = h("span", { class: "page" });
  readonly #passage = h("div", { class: "passage", dir: "auto" });
  readonly #crop = new Media({ t: "img" });
  readonly #fold = new Disclosure("unfold", (body) => body.append(this.#passage, this.#crop.dom));
  readonly element = h(
    "li",
    { class: "source", tabindex: "-1" },
    h("div", { class: "says" }, this.#number, this.#title, this.#host, this.#page, this.#fold.button),
    this.#fold.body,
  );
  value: CitationValue = { index: 0 };
  readonly #language: () => Language;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(language: () => Language) {
    this.#language = language;
  }

  apply(part: Part): void {
    const { value } = part as PartOf<"citation">;
    this.value = value;
    const name = nameOf(value);
    setAttribute(this.element, "value", String(value.index));
    setText(this.#number, String(value.index));
    setText(this.#title, name);
    dressLink(this.#title, { t: "a", a: { href: value.url } });
    setText(this.#host, value.title ? hostOf(value.url) : "");
    setText(this.#page, placeOf(value, this.#language()));
    setAttribute(this.#page, "title", boxOf(value));
    setText(this.#passage, value.snippet ?? "");
    this.#crop.words = LOCAL[this.#language()];
    this.#crop.sync({ t: "img", a: this.#pictureOf(value, name) });
    setHidden(this.#fold.button, !value.crop && (!value.snippet || value.snippet === name));
    setAttribute(this.#fold.button, "aria-label", LOCAL[this.#language()].passage(name));
  }

  destroy(): void {
    clearTimeout(this.#timer);
  }

  #pictureOf({ crop }: CitationValue, name: string): Record<string, unknown> {
    return crop ? { src: crop.src, alt: crop[`alt_${this.#language()}`] ?? name } : {};
  }

  /** Show the reader where the number has led. */
  light(): void {
    clearTimeout(this.#timer);
    setAttribute(this.element, "data-lit", true);
    this.#timer = setTimeout(() => setAttribute(this.element, "data-lit", false), LIT_MS);
  }
}

/** The page, and that it is a part of it. */
function placeOf(value: CitationValue, language: Language): string {
  const { location, classification } = value;
  const page = location?.page ?? (location?.type === "documentPage" ? location.start : undefined);
  const box = boxOf(value) && LOCAL[language].box;
  return [page && STRINGS.page(page), box, classification].filter(Boolean).join(" · ");
}

function boxOf({ location }: CitationValue): string {
  const box = Object.entries(location?.bbox ?? {});
  return box.map((pair) => pair.join(" ")).join(", ");
}
