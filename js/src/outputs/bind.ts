import { copy } from "../clipboard";
import { h, setHidden, setText } from "../dom";
import type { OutputValue } from "../envelope";
import { literal } from "../format";
import { OUTPUT_STRINGS, STRINGS } from "../strings";
import type { Stage } from "./stage";

/** Gives the object a name in the notebook, and copies the name: the next cell goes on from there. */
export class BindButton {
  readonly #stage: Stage;
  readonly #life = new AbortController();
  readonly element = h("button", { type: "button", class: "tool" });
  readonly note = h("p", { class: "out-note", role: "status", hidden: true });
  #object: string | undefined;
  #name: string | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.element.addEventListener("click", () => this.#bind());
    stage.rich.linked.add(() => this.#draw(), this.#life.signal);
  }

  apply({ object }: OutputValue): void {
    if (object !== this.#object) this.#name = undefined;
    this.#object = object;
    this.#draw();
  }

  destroy(): void {
    this.#life.abort();
  }

  #draw(): void {
    setHidden(this.element, this.#object === undefined || !this.#stage.rich.isLive);
    const label = this.#name === undefined ? OUTPUT_STRINGS.toVariable : OUTPUT_STRINGS.bound(this.#name);
    setText(this.element, label);
    this.element.title = this.#name === undefined ? OUTPUT_STRINGS.toVariableHint : STRINGS.copy;
  }

  async #bind(): Promise<void> {
    if (this.#object === undefined) return;
    try {
      this.#name ??= literal(await this.#nameFor(this.#object));
    } catch (error) {
      this.#say(literal(String((error as Error).message)));
      return;
    }
    this.#say("");
    this.#draw();
    const isCopied = await copy({ text: this.#name }, this.element);
    this.#stage.say(isCopied ? OUTPUT_STRINGS.nameCopied(this.#name) : OUTPUT_STRINGS.bound(this.#name));
  }

  async #nameFor(object: string): Promise<string> {
    const { name } = await this.#stage.rich.request<{ name: string }>({ t: "bind", object });
    return name;
  }

  #say(words: string): void {
    setText(this.note, words);
    setHidden(this.note, !words);
  }
}
