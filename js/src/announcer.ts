import { h } from "./dom";
import type { ErrorValue, Run } from "./envelope";
import type { Message } from "./fold";
import { type Store, textOf } from "./store";
import { STRINGS } from "./strings";

/** Tells a screen reader where a response begins and ends, never its tokens. Always mounted: a region that appears is not read. */
export class Announcer {
  readonly #polite = h("div", { role: "status", "aria-live": "polite" });
  readonly #assertive = h("div", { role: "alert", "aria-live": "assertive" });
  readonly element = h("div", { class: "unseen" }, this.#polite, this.#assertive);
  readonly #store: Store;
  #said = "";

  constructor(store: Store) {
    this.#store = store;
    this.#said = this.#state(); // what was so before this view came is no news
  }

  update(): void {
    const state = this.#state();
    if (state === this.#said) return;
    this.#said = state;
    const run = this.#store.snapshot.runs.at(-1);
    if (!run) return;
    this.#polite.textContent = this.#politeWord(run);
    this.#assertive.textContent = run.state === "error" ? this.#errorOf(run) : "";
  }

  /** What came of something the reader did. */
  say(text: string): void {
    this.#polite.textContent = text;
  }

  #state(): string {
    const run = this.#store.snapshot.runs.at(-1);
    const state =
      run && (run.state === "streaming" || run.state === "executing_tools" ? "preparing" : run.state);
    return run ? `${run.run_id} ${state}` : "";
  }

  #politeWord(run: Run): string {
    if (run.state === "finished" || run.state === "truncated")
      return STRINGS.announce.complete(this.#wordsOf(run));
    if (run.state === "aborted") return STRINGS.announce.stopped;
    if (run.state === "awaiting_input") return STRINGS.announce.needsYou;
    return run.state === "error" || run.state === "rejected" ? "" : STRINGS.announce.responding;
  }

  #wordsOf(run: Run): number {
    const said = this.#messagesOf(run).map(textOf).join(" ").trim();
    return said ? said.split(/\s+/).length : 0;
  }

  #errorOf(run: Run): string {
    const parts = this.#messagesOf(run).flatMap(({ lanes }) => lanes.errors?.parts ?? []);
    const last = parts.at(-1);
    return (last?.kind === "error" && (last.value as ErrorValue).message) || run.detail || STRINGS.error;
  }

  #messagesOf({ run_id }: Run): Message[] {
    return this.#store.snapshot.messages.filter(({ corr, role }) => corr === run_id && role !== "user");
  }
}
