import { copyButton } from "../copy-button";
import { h, setHidden, setText } from "../dom";
import { count, literal } from "../format";
import { isSame } from "../nodes";
import { toCsv, toMarkdown } from "../nodes/table";
import { OUTPUT_STRINGS, STRINGS } from "../strings";
import { Grid, type Sort } from "./grid";
import { Pager } from "./pager";
import type { BodyView, Shown, Stage } from "./stage";
import { branchOf, type Row, rowsOf, tableOf } from "./table-value";

const FIRST: Sort[1] = "up";

/** A table of any length: its first rows came with it, the others are asked for as they are wanted. */
export class TableView implements BodyView {
  readonly label = STRINGS.table;
  readonly tools: readonly HTMLElement[];
  readonly #stage: Stage;
  readonly #grid = new Grid((column) => this.#toggleSort(column));
  readonly #pager = new Pager((start) => this.#ask(start, this.#wanted));
  readonly #note = h("p", { class: "out-note", role: "status", hidden: true });
  readonly element = h("div", { class: "out-table" }, this.#grid.element, this.#note, this.#pager.element);
  readonly #life = new AbortController();
  #value: unknown;
  #table = tableOf(undefined);
  #object: string | undefined;
  #caption = "";
  #rows: readonly Row[] = [];
  #start = 0;
  #total = 0;
  #sort: Sort | undefined;
  /** The order that was asked for last: who clicks again does not wait for a million rows to be in it. */
  #wanted: Sort | undefined;
  #asked = 0; // only the last question's answer is wanted

  constructor(stage: Stage) {
    this.#stage = stage;
    const copied = (write: typeof toCsv) => () => ({ text: write(branchOf(this.#table, this.#rows)) });
    this.tools = [
      copyButton(copied(toCsv), stage.say, { label: STRINGS.copyCsv }),
      copyButton(copied(toMarkdown), stage.say, { label: STRINGS.copyMarkdown }),
    ];
    stage.rich.linked.add(() => this.#draw(), this.#life.signal);
  }

  get extent(): string {
    const { width } = this.#table;
    return OUTPUT_STRINGS.shape(count(this.#total), count(width));
  }

  apply({ value, output }: Shown): void {
    this.#object = output.object;
    this.#caption = literal(output.name || output.type || this.label);
    if (!isSame(value, this.#value)) this.#begin(value);
    this.#draw(); // and the page that the reader turned to stays
  }

  #begin(value: unknown): void {
    this.#asked++;
    this.#value = value;
    this.#table = tableOf(value);
    this.#sort = undefined;
    this.#wanted = undefined;
    this.#take(0, this.#table.rows, this.#table.total);
  }

  destroy(): void {
    this.#asked++;
    this.#life.abort();
    this.#grid.destroy();
  }

  get #canAsk(): boolean {
    return this.#object !== undefined && this.#stage.rich.isLive;
  }

  #draw(): void {
    const { columns, width } = this.#table;
    this.#grid.name(this.#table, `${this.#caption}, ${this.extent}`, this.#sort, this.#canAsk);
    setHidden(this.#grid.element, !width);
    setHidden(this.#pager.element, !this.#canAsk || this.#total <= this.#table.rows.length);
    const isCut = !this.#canAsk && this.#rows.length < this.#total;
    const notes = [
      this.#total ? "" : OUTPUT_STRINGS.noRows,
      isCut
        ? OUTPUT_STRINGS.firstRows(
            count(this.#start + 1),
            count(this.#start + this.#rows.length),
            count(this.#total),
          )
        : "",
      columns.length < width ? OUTPUT_STRINGS.firstColumns(count(columns.length), count(width)) : "",
    ];
    this.#say(notes.filter(Boolean).join(" "));
  }

  #say(words: string): void {
    setText(this.#note, words);
    setHidden(this.#note, !words);
  }

  #take(start: number, rows: readonly Row[], total: number): void {
    this.#start = start;
    this.#rows = rows;
    this.#total = total;
    this.#grid.show(this.#table, rows);
    this.#pager.show(start, rows.length, total);
  }

  #toggleSort(column: number): void {
    const [by, way] = this.#wanted ?? [];
    if (by !== column) this.#ask(0, [column, FIRST]);
    else this.#ask(0, way === FIRST ? [column, "down"] : undefined);
  }

  /** What is shown stays, a little paler, until the answer is there. */
  async #ask(start: number, sort?: Sort): Promise<void> {
    if (!this.#canAsk) return;
    const turn = ++this.#asked;
    this.#wanted = sort;
    const question = { t: "rows", object: this.#object as string, start, count: this.#pager.size } as const;
    this.#grid.isBusy = true;
    this.#grid.keepHeight();
    try {
      const answer = await this.#stage.rich.request<{ rows: unknown; total: number }>(
        sort ? { ...question, sort } : question,
      );
      if (turn !== this.#asked) return;
      this.#sort = sort;
      this.#take(start, rowsOf(answer.rows), answer.total);
      this.#grid.toTop();
      this.#draw();
    } catch (error) {
      if (turn !== this.#asked) return;
      this.#wanted = this.#sort;
      this.#say(literal(String((error as Error).message)));
    } finally {
      if (turn === this.#asked) this.#grid.isBusy = false;
    }
  }
}
