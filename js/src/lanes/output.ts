import { Disclosure } from "../disclosure";
import { h, setAttribute, setHidden, setText } from "../dom";
import type { OutputValue, Part, PartOf } from "../envelope";
import { literal } from "../format";
import type { KeyedView } from "../keyed";
import { Tree } from "../nodes/view";
import type { Card } from "../outputs/chunk";
import { isRich, plainText, type Stage } from "../outputs/stage";
import { STRINGS } from "../strings";
import type { Context } from "./lane";

/** An object of Python: shown by a chunk. Until that is there it has its room, and where it does not come its plain text. */
export class Output {
  readonly #context: Context;
  readonly #code = h("pre", { class: "code", dir: "ltr" });
  readonly #note = h("p", { class: "out-note", hidden: true }, STRINGS.outputNotLoaded);
  readonly element = h("div", { class: "card output" }, this.#note, this.#code);
  readonly #life = new AbortController();
  #value: OutputValue | undefined;
  #card: Card | undefined;
  #isSent = false;

  constructor(context: Context) {
    this.#context = context;
  }

  show(value: OutputValue): void {
    if (this.#value === value) return;
    this.#value = value;
    if (isRich(value)) this.#send();
    this.#draw();
  }

  destroy(): void {
    this.#life.abort();
    this.#card?.destroy();
  }

  /** For what shows it. */
  #send(): void {
    if (this.#isSent) return;
    this.#isSent = true;
    const { outputs } = this.#context.rich;
    outputs.changed.add(() => this.#draw(), this.#life.signal);
    if (!outputs.hasFailed) outputs.load();
  }

  #draw(): void {
    const { outputs } = this.#context.rich;
    const value = this.#value as OutputValue;
    if (isRich(value) && outputs.module) {
      this.#cardOf(outputs.module).apply(value);
      return;
    }
    const isAwaited = isRich(value) && !outputs.hasFailed;
    setAttribute(this.element, "data-awaited", isAwaited);
    this.element.style.minHeight = isAwaited ? `${roomFor(value)}px` : "";
    setHidden(this.#note, !isRich(value) || isAwaited);
    setText(this.#code, literal(plainText(value)));
  }

  #cardOf({ Card, css }: NonNullable<Context["rich"]["outputs"]["module"]>): Card {
    if (this.#card) return this.#card;
    this.#context.adopt(css);
    this.#card = new Card(stageOf(this.#context));
    this.element.removeAttribute("data-awaited");
    this.element.style.minHeight = "";
    this.element.replaceChildren(this.#card.element);
    return this.#card;
  }
}

const TABLE = "application/vnd.agui_widget.table+json";
const ROW_PX = 27;
const ROOM_PX = 160;

/** About as much as it will take: what follows does not jump when it is there. */
function roomFor({ data }: OutputValue): number {
  const { rows } = (data[TABLE] ?? {}) as { rows?: unknown };
  return Array.isArray(rows) ? ROW_PX * (rows.length + 3) : ROOM_PX;
}

function stageOf({ rich, slots, model, say }: Context): Stage {
  return {
    ...{ rich, slots, model, say },
    tree: (element) => new Tree(element, say, rich),
  };
}

/** A displayed object in the text. */
export class OutputCard implements KeyedView<Part> {
  readonly #output: Output;
  readonly element: HTMLElement;

  constructor(context: Context) {
    this.#output = new Output(context);
    this.element = this.#output.element;
  }

  apply(part: Part): void {
    this.#output.show((part as PartOf<"output">).value);
  }

  destroy(): void {
    this.#output.destroy();
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
    setText(this.#code, literal(plainText((part as PartOf<"output">).value)).trimEnd());
  }
}
