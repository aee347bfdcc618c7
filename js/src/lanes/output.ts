import { Disclosure } from "../disclosure";
import { h, setText } from "../dom";
import type { OutputValue, Part, PartOf } from "../envelope";
import { literal } from "../format";
import type { KeyedView } from "../keyed";
import { STRINGS } from "../strings";

/** A displayed object, as its plain text. */
export class OutputCard implements KeyedView<Part> {
  readonly #code = h("pre", { class: "code", dir: "ltr" });
  readonly element = h("div", { class: "card output" }, this.#code);

  apply(part: Part): void {
    setText(this.#code, plainText((part as PartOf<"output">).value));
  }
}

/** An activity of a type we do not draw: its type, and behind it its content. */
export class ActivityCard implements KeyedView<Part> {
  readonly #type = h("span", { class: "type" });
  readonly #code = h("pre", { class: "code", dir: "ltr" });
  readonly #fold = new Disclosure("quiet", (body) => body.append(this.#code), this.#type);
  readonly element = h("div", { class: "card activity-card" }, this.#fold.button, this.#fold.body);

  apply(part: Part): void {
    const { type, content } = (part as PartOf<"activity">).value;
    setText(this.#type, literal(type));
    setText(this.#code, literal(JSON.stringify(content, null, 2)));
  }
}

/** What the agent printed: nobody has to read it, so it is folded. */
export class PrintedCard implements KeyedView<Part> {
  readonly #code = h("pre", { class: "code", dir: "ltr" });
  readonly #fold = new Disclosure("quiet", (body) => body.append(this.#code), STRINGS.printed);
  readonly element = h("div", { class: "card printed" }, this.#fold.button, this.#fold.body);

  apply(part: Part): void {
    setText(this.#code, plainText((part as PartOf<"output">).value).trimEnd());
  }
}

function plainText({ data }: OutputValue): string {
  const text = data["text/plain"] ?? "";
  return literal(Array.isArray(text) ? text.join("") : String(text));
}
