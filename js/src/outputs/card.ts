import { h, setHidden, setText } from "../dom";
import type { OutputValue } from "../envelope";
import { literal } from "../format";
import { frame } from "../scheduler";
import { schemeOf, watchScheme } from "../scheme";
import { Asked } from "./asked";
import { BindButton } from "./bind";
import type { BodyView, Stage } from "./stage";
import { type BodyClass, choose } from "./views";

const MAX_NAME = 80;

/** One output: a line that says what it is and what can be done with it, and below it the best view of it there is. */
export class Card {
  readonly #stage: Stage;
  readonly #name = h("span", { class: "out-type" });
  readonly #extent = h("span", { class: "out-extent" });
  readonly #tools = h("span", { class: "out-tools" });
  readonly #bind: BindButton;
  readonly #asked: Asked;
  readonly #head: HTMLElement;
  readonly #body = h("div", { class: "out-body" });
  readonly element: HTMLElement;
  readonly #life = new AbortController();
  #output: OutputValue | undefined;
  #fetched: Record<string, unknown> = {};
  #class: BodyClass | undefined;
  #view: BodyView | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#bind = new BindButton(stage);
    this.#asked = new Asked(stage, (mime, value) => this.#take(mime, value));
    this.#head = h("div", { class: "out-head" }, ...[this.#name, this.#extent, this.#tools]);
    this.element = h("div", { class: "out" }, this.#head, this.#bind.note, this.#asked.element, this.#body);
    frame.read(this.#follow);
  }

  apply(output: OutputValue): void {
    if (output.object !== this.#output?.object) this.#fetched = {};
    this.#output = output;
    this.#draw(output);
  }

  destroy(): void {
    this.#life.abort();
    this.#view?.destroy?.();
    this.#bind.destroy();
    this.#asked.destroy();
  }

  #take(mime: string, value: unknown): void {
    this.#fetched = { ...this.#fetched, [mime]: value };
    if (this.#output) this.#draw(this.#output);
  }

  #draw(output: OutputValue): void {
    const data = { ...output.data, ...this.#fetched };
    const choice = choose(Object.keys(data), this.#stage);
    this.#use(choice?.view);
    if (choice) this.#view?.apply({ mime: choice.mime, value: data[choice.mime], output });
    const best = choose([...Object.keys(data), ...Object.keys(output.withheld ?? {})], this.#stage);
    this.#asked.apply(output, best && !Object.hasOwn(data, best.mime) ? best.mime : undefined);
    this.#bind.apply(output);
    setText(this.#name, literal((output.type || this.#view?.label || "").slice(0, MAX_NAME)));
    setText(this.#extent, this.#view?.extent ?? "");
    setHidden(this.#head, isPlain(output));
  }

  /** What the browser draws in it itself, a player or a list, is as light or as dark as the chat. */
  readonly #follow = (): void => {
    if (!this.element.isConnected) return;
    const scheme = schemeOf(this.element);
    if (!this.element.style.colorScheme) watchScheme(this.element, this.#follow, this.#life.signal);
    if (this.element.style.colorScheme === scheme) return;
    this.element.style.colorScheme = scheme;
    this.#view?.recolour?.();
  };

  /** The view stays for as long as it is the right one. */
  #use(view: BodyClass | undefined): void {
    if (view === this.#class) return;
    this.#view?.destroy?.();
    this.#class = view;
    this.#view = view && new view(this.#stage);
    this.#body.replaceChildren(...(this.#view ? [this.#view.element] : []));
    this.#tools.replaceChildren(...(this.#view?.tools ?? []), this.#bind.element);
  }
}

/** Words of no object need no line that says what they are. */
function isPlain({ data, object, type, withheld }: OutputValue): boolean {
  return !object && !type && !withheld && Object.keys(data).every((mime) => mime === "text/plain");
}
