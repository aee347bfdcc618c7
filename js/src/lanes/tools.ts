import { h, setAttribute, setHidden, setText } from "../dom";
import type { Part, ToolRow } from "../envelope";
import type { Lane } from "../fold";
import { duration } from "../format";
import { icon } from "../icons";
import { Keyed } from "../keyed";
import { STRINGS } from "../strings";
import type { Context, LaneView } from "./lane";
import { QuestionCard } from "./question";
import { isSettled, ToolRowView } from "./tool-row";

const ROWS_SHOWN = 3;

/**
 * The calls of one message: a summary and a row for each, and below them what the agent asks before it goes on.
 *
 * Only the reader folds the group, so nothing that is being read moves; but a long group that was already over when this view
 * came begins folded. A failed or waiting row stays in sight either way.
 */
export class ToolsLane implements LaneView {
  readonly #label = h("span", { class: "label" });
  readonly #failed = h("span", { class: "failed" });
  readonly #waiting = h("span", { class: "waiting" });
  readonly #time = h("span", { class: "time" });
  readonly #summary = h(
    "button",
    { type: "button", class: "summary", "aria-expanded": "true" },
    icon("chevron"),
    h("span", { class: "says" }, this.#label, this.#failed, this.#waiting),
    this.#time,
  );
  readonly #rows = h("div", { class: "rows" });
  readonly #group = h("div", { class: "group" }, this.#summary, this.#rows);
  readonly element = h("div", { class: "lane tools" });
  readonly #views: Keyed<ToolRow>;
  readonly #asked = h("div", { class: "asked" });
  readonly #questions = new Keyed<Part>(
    this.#asked,
    ({ key }) => key,
    () => new QuestionCard(),
  );
  #latest: ToolRow[] = [];
  #wasOpen = false;
  #isNew = true;
  #isSealed = false;

  constructor(context: Context) {
    this.#views = new Keyed<ToolRow>(
      this.#rows,
      ({ call_id }) => call_id,
      () => new ToolRowView(context),
    );
    this.#summary.addEventListener("click", () => this.#fold(!this.element.hasAttribute("data-folded")));
  }

  apply({ parts }: Lane): void {
    const told = parts.flatMap((part) => (part.kind === "tool" ? [part.value] : []));
    const rows = this.#isSealed ? told.map(asEnded) : told;
    const questions = parts.filter(({ kind }) => kind === "question");
    this.#questions.sync(questions);
    if (rows.length && !this.#group.parentElement) this.element.prepend(this.#group);
    if (!questions.length) this.#asked.remove();
    else if (!this.#asked.parentElement) this.element.append(this.#asked);
    this.#latest = rows;
    if (this.#isNew) this.#fold(rows.length > ROWS_SHOWN && rows.every(isSettled));
    else this.#write();
    this.#isNew = false;
    this.#summarise(rows);
  }

  seal(lane: Lane): void {
    this.#isSealed = true;
    this.apply(lane);
  }

  destroy(): void {
    this.#questions.destroy();
    this.#views.destroy();
  }

  #fold(isFolded: boolean): void {
    setAttribute(this.element, "data-folded", isFolded);
    setAttribute(this.#summary, "aria-expanded", String(!isFolded));
    this.#wasOpen ||= !isFolded;
    this.#write();
  }

  /** A row of a group that was never open has no element before it is in sight. */
  #write(): void {
    const isNeeded = (row: ToolRow) => this.#wasOpen || isInSight(row) || this.#views.views.has(row.call_id);
    this.#views.sync(this.#latest.filter(isNeeded));
  }

  #summarise(rows: ToolRow[]): void {
    const isOver = rows.every((row) => isSettled(row) || row.state === "waiting");
    const count = (state: ToolRow["state"]) => rows.filter((row) => row.state === state).length;
    setText(this.#label, (isOver ? STRINGS.ranTools : STRINGS.runningTools)(rows.length));
    tell(this.#failed, count("error"), STRINGS.failedTools);
    tell(this.#waiting, count("waiting"), STRINGS.waitingTools);
    setText(this.#time, isOver ? spanOf(rows) : "");
  }
}

/** A call whose run is over does not go on; one that waits for a human still may. */
function asEnded(row: ToolRow): ToolRow {
  return isSettled(row) || row.state === "waiting" ? row : { ...row, state: "cancelled" };
}

/** Also in a folded group. */
function isInSight({ state }: ToolRow): boolean {
  return state === "error" || state === "waiting";
}

function tell(element: HTMLElement, n: number, text: (n: number) => string): void {
  setText(element, n ? text(n) : "");
  setHidden(element, n === 0);
}

/** From the first start to the last end; parallel calls do not add up. */
function spanOf(rows: ToolRow[]): string {
  const timed = rows.filter((row) => row.started_ms != null && row.duration_ms != null);
  if (!timed.length) return "";
  const start = Math.min(...timed.map(({ started_ms = 0 }) => started_ms));
  const end = Math.max(...timed.map(({ started_ms = 0, duration_ms = 0 }) => started_ms + duration_ms));
  return duration(end - start);
}
