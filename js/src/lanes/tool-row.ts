import { h, setAttribute, setHidden, setText } from "../dom";
import type { ToolRow, ToolState } from "../envelope";
import { argumentLabel, duration, firstLine, literal, wholeSeconds } from "../format";
import { type IconName, icon } from "../icons";
import type { KeyedView } from "../keyed";
import { isRich } from "../outputs/stage";
import { STRINGS } from "../strings";
import type { Context } from "./lane";
import { Output } from "./output";
import { ToolBody } from "./tool-body";

const MARKS: Record<ToolState, IconName[]> = {
  queued: ["ring"],
  running: ["ring", "arc"],
  waiting: ["hourglass"],
  done: ["check"],
  error: ["cross"],
  cancelled: ["dash"],
};

const OUTCOME_CHARS = 200;

/** Nothing more will happen to it. */
export function isSettled({ state }: ToolRow): boolean {
  return state === "done" || state === "error" || state === "cancelled";
}

/**
 * One call: its line, what it gave if that is more than words, and a body that is made when it is first opened.
 *
 * A figure is seen without being asked for; the reader folds it with the rest. The same element for its whole life.
 */
export class ToolRowView implements KeyedView<ToolRow> {
  readonly #mark = h("span", { class: "mark", role: "img" });
  readonly #name = h("span", { class: "name" });
  readonly #arguments = h("span", { class: "arguments", dir: "auto" });
  readonly #outcome = h("span", { class: "outcome", dir: "auto" });
  readonly #fill = h("i");
  readonly #bar = h("span", { class: "bar", hidden: true }, this.#fill);
  readonly #time = h("span", { class: "time" });
  readonly #line = h(
    "button",
    { type: "button", class: "line", "aria-expanded": "false" },
    this.#mark,
    this.#name,
    h("span", { class: "says" }, h("span", { class: "words" }, this.#arguments, this.#outcome), this.#bar),
    this.#time,
  );
  readonly element = h("div", { class: "row" }, this.#line);
  readonly #context: Context;
  #row: ToolRow | undefined;
  #state: ToolState | undefined;
  #args: string | undefined;
  #body: ToolBody | undefined;
  #output: Output | undefined;
  /** What the reader decided. */
  #choice: boolean | undefined;

  constructor(context: Context) {
    this.#context = context;
    this.#line.addEventListener("click", () => this.#toggle());
  }

  apply(row: ToolRow): void {
    this.#row = row;
    setAttribute(this.element, "data-call", row.call_id);
    setText(this.#name, literal(row.name ?? ""));
    this.#showState(row.state ?? "queued");
    this.#showWords(row);
    this.#showProgress(row);
    this.#showTime();
    this.#showOutput(row);
    if (this.#body?.isOpen) this.#body.apply(row);
  }

  destroy(): void {
    this.#output?.destroy();
    this.#context.ticker.delete(this.#showTime);
  }

  #showState(said: ToolState): void {
    const state = Object.hasOwn(MARKS, said) ? said : "queued";
    if (state === this.#state) return;
    this.#state = state;
    setAttribute(this.element, "data-state", state);
    setAttribute(this.#mark, "aria-label", STRINGS.toolState[state]);
    this.#mark.replaceChildren(icon(...MARKS[state]));
    if (state === "running") this.#context.ticker.add(this.#showTime);
    else this.#context.ticker.delete(this.#showTime);
  }

  #showWords(row: ToolRow): void {
    const { args } = row;
    if (args !== this.#args) setText(this.#arguments, argumentLabel(args ?? ""));
    this.#args = args;
    setText(this.#outcome, literal(firstLine(outcomeOf(row)).slice(0, OUTCOME_CHARS)));
  }

  #showProgress({ progress, state }: ToolRow): void {
    setHidden(this.#bar, progress == null || state !== "running");
    if (progress != null) this.#fill.style.transform = `scaleX(${Math.min(1, Math.max(0, progress))})`;
  }

  #showTime = (): void => {
    const { started_ms, duration_ms, state } = this.#row ?? {};
    const elapsed =
      started_ms == null || state !== "running" ? undefined : this.#context.store.now() - started_ms;
    const isWorthIt = elapsed !== undefined && elapsed >= 1000;
    setText(this.#time, duration_ms != null ? duration(duration_ms) : isWorthIt ? wholeSeconds(elapsed) : "");
  };

  #showOutput({ output }: ToolRow): void {
    if (!output || !isRich(output)) return;
    if (!this.#output) {
      this.#output = new Output(this.#context);
      this.#line.after(this.#output.element);
      this.#unfold();
    }
    this.#output.show(output);
  }

  get #isOpen(): boolean {
    return this.#choice ?? this.#output !== undefined;
  }

  #toggle(): void {
    this.#choice = !this.#isOpen;
    if (!this.#body) {
      this.#body = new ToolBody();
      this.element.append(this.#body.element);
    }
    this.#unfold();
    if (this.#choice && this.#row) this.#body.apply(this.#row);
  }

  #unfold(): void {
    setAttribute(this.#line, "aria-expanded", String(this.#isOpen));
    if (this.#output) setHidden(this.#output.element, !this.#isOpen);
    if (this.#body) setHidden(this.#body.element, !this.#choice);
  }
}

/** The most telling thing known about a call. */
function outcomeOf({ error, summary, result, progress, state }: ToolRow): string {
  if (error || summary) return error || summary || "";
  if (state === "running" && progress != null) return STRINGS.percent(progress);
  return (state === "done" && result) || "";
}
