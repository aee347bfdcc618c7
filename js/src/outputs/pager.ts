import { h, setAttribute, setText } from "../dom";
import { count } from "../format";
import { icon } from "../icons";
import { OUTPUT_STRINGS } from "../strings";

const SIZES = [20, 50, 100, 200]; // the kernel gives at most 200 at once

/** Which rows are shown, and the ways to others. */
export class Pager {
  readonly #before = turner(OUTPUT_STRINGS.before, "before");
  readonly #behind = turner(OUTPUT_STRINGS.behind, "behind");
  readonly #says = h("span", { class: "out-range", "aria-live": "polite" });
  readonly #row = h("input", {
    ...{ type: "text", inputmode: "numeric", autocomplete: "off", class: "out-row" },
    ...{ "aria-label": OUTPUT_STRINGS.goToRow, placeholder: OUTPUT_STRINGS.row },
  });
  readonly #sizes = h(
    "select",
    { class: "out-sizes", "aria-label": OUTPUT_STRINGS.rowsAtOnce },
    ...SIZES.map((size) => h("option", { value: String(size) }, OUTPUT_STRINGS.rowsShown(size))),
  );
  readonly element = h(
    "div",
    { class: "out-pager", role: "group", "aria-label": OUTPUT_STRINGS.rows },
    ...[this.#before, this.#says, this.#behind, this.#row, this.#sizes],
  );
  readonly #turn: (start: number) => void;
  #start = 0;
  #total = 0;

  /** `turn` is asked for the rows from `start` on. */
  constructor(turn: (start: number) => void) {
    this.#turn = turn;
    this.#before.addEventListener("click", () => this.#go(this.#start - this.size));
    this.#behind.addEventListener("click", () => this.#go(this.#start + this.size));
    this.#row.addEventListener("change", () => this.#goToRow());
    this.#sizes.addEventListener("change", () => this.#go(this.#start));
  }

  get size(): number {
    return Number(this.#sizes.value) || (SIZES[0] as number);
  }

  show(start: number, shown: number, total: number): void {
    this.#start = start;
    this.#total = total;
    setText(
      this.#says,
      OUTPUT_STRINGS.range(count(shown ? start + 1 : 0), count(start + shown), count(total)),
    );
    disable(this.#before, start === 0);
    disable(this.#behind, start + shown >= total);
  }

  #go(start: number): void {
    const last = Math.max(0, Math.floor((this.#total - 1) / this.size) * this.size);
    this.#turn(Math.min(Math.max(0, Math.floor(start / this.size) * this.size), last));
  }

  #goToRow(): void {
    const row = Number(this.#row.value.replace(/[\s,_.]/g, ""));
    this.#row.value = "";
    if (Number.isSafeInteger(row) && row >= 1) this.#go(row - 1);
  }
}

function turner(label: string, way: string): HTMLButtonElement {
  const button = h("button", { type: "button", class: "bare out-turn", "data-way": way }, icon("chevron"));
  setAttribute(button, "aria-label", label);
  setAttribute(button, "title", label);
  return button;
}

/** Not `disabled`: that would throw away the focus of who turns pages by the keyboard. */
function disable(button: HTMLButtonElement, isDisabled: boolean): void {
  setAttribute(button, "aria-disabled", String(isDisabled));
}
