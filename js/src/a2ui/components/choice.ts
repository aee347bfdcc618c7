import { h, setHidden, setText } from "../../dom";
import { A2UI_STRINGS } from "../../strings";
import { shown } from "../functions";
import { isObject } from "../json";
import { arrange, el, label } from "../part";
import { Field } from "./field";

interface Option {
  readonly input: HTMLInputElement;
  readonly words: HTMLElement;
  readonly element: HTMLElement;
}

/** One of several, or several: as boxes or as chips, with a filter where there are many. */
export class ChoicePicker extends Field {
  readonly #legend = el("legend", "label");
  readonly #filter = el("input", "input");
  readonly #list = el("div", "options");
  readonly #none = h("p", { class: "a2-note", role: "status" });
  readonly element = el("fieldset", "field", this.#legend, this.#filter, this.#list, this.#none, this.errors);
  #options = new Map<string, Option>();

  override start(): void {
    super.start();
    this.#filter.type = "search";
    this.#filter.placeholder = this.#filter.ariaLabel = A2UI_STRINGS.filter;
    this.#filter.oninput = () => this.#find();
  }

  update(): void {
    label(this.#legend, this.text("label"));
    this.mark("displayStyle");
    const isSingle = this.get("variant") !== "multipleSelection";
    const chosen = this.#chosen;
    const isFull =
      !isSingle && chosen.length >= this.number("maxAllowedSelections", Number.POSITIVE_INFINITY);
    const before = this.#options;
    this.#options = new Map();
    for (const option of this.list("options").filter(isObject)) {
      const value = shown(option.value);
      const made = before.get(value) ?? this.#make(value);
      const { input } = made;
      this.#options.set(value, made);
      before.delete(value);
      setText(made.words, shown(option.label) || value);
      input.type = isSingle ? "radio" : "checkbox";
      input.checked = chosen.includes(value);
      input.disabled = isFull && !input.checked;
    }
    for (const { element } of before.values()) element.remove();
    arrange(
      this.#list,
      [...this.#options.values()].map(({ element }) => element),
    );
    this.#find();
    this.showFailures();
  }

  get #chosen(): string[] {
    const value = this.get("value");
    return (Array.isArray(value) ? value : [value]).map(shown).filter(Boolean);
  }

  #make(value: string): Option {
    const input = h("input", { name: this.id, value });
    const words = h("span");
    input.onchange = () => {
      const others = input.type === "radio" ? [] : this.#chosen.filter((each) => each !== value);
      this.write("value", input.checked ? [...others, value] : others);
      this.touch();
    };
    return { input, words, element: el("label", "option", input, words) };
  }

  #find(): void {
    const isOffered = this.get("filterable") === true;
    const sought = isOffered ? this.#filter.value.trim().toLowerCase() : "";
    let found = 0;
    setHidden(this.#filter, !isOffered);
    for (const { element, words } of this.#options.values()) {
      const isFound = (words.textContent ?? "").toLowerCase().includes(sought);
      setHidden(element, !isFound);
      if (isFound) found++;
    }
    setText(this.#none, sought && !found ? A2UI_STRINGS.noneFound : "");
  }
}
