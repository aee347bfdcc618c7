import { h } from "../../dom";
import { say } from "../part";
import { type Control, EntryField } from "./field";

const MOMENT = /T.*(?:Z|[+-]\d\d:?\d\d)$/i;
const PARTS = /^(\d{4,6}-\d\d-\d\d)?T?(\d\d:\d\d(?::\d\d)?)?/;

export class DateTimeInput extends EntryField {
  update(): void {
    const kind = this.#kind;
    this.show(kind, shownAs(kind, this.text("value")));
    for (const name of ["min", "max"]) say(this.control, name, shownAs(kind, this.text(name)));
  }

  /** What was a moment stays one. */
  protected override read(value: string): string {
    const isMoment = value && this.#kind === "datetime-local" && MOMENT.test(this.text("value"));
    return isMoment ? new Date(value).toISOString() : value;
  }

  protected make(type: string): [Control] {
    return [h("input", { type })];
  }

  get #kind(): string {
    if (!this.get("enableTime")) return "date";
    return this.get("enableDate") ? "datetime-local" : "time";
  }
}

/** ISO 8601 as the control takes it. A moment is shown in the reader's time; a day and an hour as they are written. */
function shownAs(kind: string, value: string): string {
  const isMoment = kind === "datetime-local" && MOMENT.test(value);
  const [, date = "", time] = PARTS.exec(isMoment ? localOf(value) : value) ?? [];
  if (kind === "date") return date;
  return kind === "time" ? (time ?? "") : date && `${date}T${time ?? "00:00"}`;
}

function localOf(moment: string): string {
  const date = new Date(moment);
  const local = date.getTime() - date.getTimezoneOffset() * 60_000;
  return Number.isNaN(local) ? "" : new Date(local).toISOString().slice(0, 16);
}
