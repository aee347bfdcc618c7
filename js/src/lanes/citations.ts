import { h, setAttribute, setHidden, setText } from "../dom";
import type { Part } from "../envelope";
import type { Lane } from "../fold";
import { Keyed } from "../keyed";
import { bringIntoSight, NAMED } from "../nodes/marks";
import { frame } from "../scheduler";
import { STRINGS } from "../strings";
import type { Context, LaneView } from "./lane";
import { nameOf, SourceRow } from "./source-row";
import { Tip } from "./tip";

/** As many as this are all shown; of more, the first few. */
const ALL = 5;
const FEW = 4;
const MARK = ".cite";

/** The sources of an answer, and what its numbers in the text say and do. */
export class CitationsLane implements LaneView {
  readonly element = h("div", { class: "lane citations" });
  readonly #list = h("ol", { class: "sources" });
  readonly #more = h("button", { type: "button", class: "quiet more", hidden: true });
  readonly #rows: Keyed<Part, SourceRow>;
  readonly #tip = new Tip();
  readonly #life = new AbortController();
  #message: HTMLElement | null = null;
  #isWhole = false;

  constructor({ language }: Context) {
    this.#rows = new Keyed<Part, SourceRow>(
      this.#list,
      ({ key }) => key,
      () => new SourceRow(language),
    );
    this.#more.addEventListener("click", () => this.#showAll());
  }

  apply({ parts }: Lane): void {
    const sources = parts.filter(({ kind }) => kind === "citation");
    if (!sources.length) this.element.replaceChildren();
    else if (!this.element.firstChild)
      this.element.append(h("h4", { class: "heading" }, STRINGS.sources), this.#list, this.#more);
    this.#rows.sync(sources);
    this.#limit(sources);
    this.#listen();
    frame.write(this.#name); // when the text of this frame stands, too
  }

  seal(): void {}

  destroy(): void {
    this.#life.abort();
    this.#tip.element.remove();
    this.#rows.destroy();
  }

  #limit(sources: Part[]): void {
    const hidden = this.#isWhole || sources.length <= ALL ? 0 : sources.length - FEW;
    sources.forEach(({ key }, at) => {
      const row = this.#rows.views.get(key);
      if (row) setHidden(row.element, at >= sources.length - hidden);
    });
    setText(this.#more, STRINGS.moreSources(hidden));
    setHidden(this.#more, hidden === 0);
  }

  #showAll(): void {
    const first = [...this.#rows.views.values()].find(({ element }) => element.hidden);
    this.#isWhole = true;
    for (const { element } of this.#rows.views.values()) setHidden(element, false);
    setHidden(this.#more, true);
    first?.element.focus({ preventScroll: true }); // the button is gone
  }

  /** The numbers come and go with the text: one listener on the message hears them all. */
  #listen(): void {
    if (this.#message) return;
    this.#message = this.element.closest<HTMLElement>(".message");
    const on = (type: string, heard: (mark: HTMLElement, event: Event) => void) =>
      this.#message?.addEventListener(type, (event) => this.#heard(event, heard), {
        signal: this.#life.signal,
      });
    on("click", (mark) => this.#goTo(mark));
    on("keydown", (mark, event) => this.#press(mark, event as KeyboardEvent));
    on("pointerover", (mark) => this.#tell(mark));
    on("focusin", (mark) => this.#tell(mark));
    on("pointerout", () => this.#tip.hide());
    on("focusout", () => this.#tip.hide());
    on(NAMED, (mark) => this.#nameMark(mark));
  }

  #heard(event: Event, heard: (mark: HTMLElement, event: Event) => void): void {
    const mark = (event.target as Element).closest<HTMLElement>(MARK);
    if (mark) heard(mark, event);
  }

  #press(mark: HTMLElement, event: KeyboardEvent): void {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault(); // a space would scroll
    this.#goTo(mark);
  }

  #rowOf(mark: HTMLElement): SourceRow | undefined {
    return this.#rows.views.get(mark.textContent ?? "");
  }

  #tell(mark: HTMLElement): void {
    const row = this.#rowOf(mark);
    if (row && this.#message) this.#tip.show(mark, this.#message, row.value);
  }

  #goTo(mark: HTMLElement): void {
    const row = this.#rowOf(mark);
    if (!row) return;
    this.#tip.hide();
    if (row.element.hidden) this.#showAll();
    bringIntoSight(row.element);
    row.light();
  }

  #name = (): void => {
    for (const mark of this.#message?.querySelectorAll<HTMLElement>(MARK) ?? []) this.#nameMark(mark);
  };

  #nameMark(mark: HTMLElement): void {
    const row = this.#rowOf(mark);
    if (row)
      setAttribute(mark, "aria-label", STRINGS.sourceNamed(String(row.value.index), nameOf(row.value)));
  }
}
