import { h, setAttribute, setHidden, setText } from "./dom";
import type { Run, Status } from "./envelope";
import { literal, wholeSeconds } from "./format";
import type { Context } from "./lanes/lane";
import type { Changes } from "./store";
import { STRINGS } from "./strings";

const QUIET_MS = 900; // less than a turn of the ticker
const SHOW_TIME_MS = 3_000;
const STILL_MS = 10_000;
const SLOW_MS = 30_000;

/**
 * The live line: one element, always last, shown from the submit until the run is over.
 *
 * It stands where the footer of the last message will be, so that nothing moves when the one takes the other's place.
 */
export class Activity {
  readonly #label = h("span", { class: "label" });
  readonly #time = h("span", { class: "time" });
  readonly element = h(
    "div",
    { class: "activity", hidden: true },
    h("span", { class: "pulse" }),
    this.#label,
    this.#time,
  );
  readonly #context: Context;
  #busySince = 0;
  #changedAt = 0;
  #saysStill = false;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Something came, or began, or ended. */
  update(changes: Changes): void {
    const { isBusy } = this.#context.store;
    this.#changedAt = performance.now();
    if (isBusy === this.element.hidden) this.#turn(isBusy);
    else if (changes.areWordsOnly) setAttribute(this.element, "data-quiet", false);
    if (isBusy && (this.#saysStill || !changes.areWordsOnly)) this.#tick();
  }

  #turn(isBusy: boolean): void {
    this.#busySince = performance.now();
    setHidden(this.element, !isBusy);
    setAttribute(this.element, "data-quiet", isBusy);
    if (isBusy) this.#context.ticker.add(this.#tick);
    else this.#context.ticker.delete(this.#tick);
  }

  #tick = (): void => {
    const { store } = this.#context;
    const quietMs = performance.now() - this.#changedAt;
    if (quietMs > QUIET_MS) setAttribute(this.element, "data-quiet", true);
    const run = store.activeRun;
    const busyMs = run?.started_ms ? store.now() - run.started_ms : performance.now() - this.#busySince;
    const isStill = quietMs > STILL_MS && store.status !== "awaiting_input";
    this.#saysStill = isStill;
    const label = isStill ? this.#stillLabel(run, quietMs) : this.#plainLabel(run, quietMs);
    setText(this.#label, literal(label));
    setText(this.#time, !isStill && busyMs > SHOW_TIME_MS ? wholeSeconds(busyMs) : "");
  };

  #plainLabel(run: Run | undefined, quietMs: number): string {
    if (!run) return quietMs > SHOW_TIME_MS ? STRINGS.unanswered : STRINGS.activity.preparing;
    const status = this.#statusOf(run);
    const label =
      status?.label ?? STRINGS.activity[this.#context.store.status as keyof typeof STRINGS.activity];
    return status?.progress == null ? label : `${label}, ${STRINGS.percent(status.progress)}`;
  }

  #stillLabel(run: Run | undefined, quietMs: number): string {
    const still = STRINGS.stillWorking(this.#runningTool(run), wholeSeconds(quietMs));
    return quietMs > SLOW_MS ? `${still}. ${STRINGS.maybeSlow}` : still;
  }

  #statusOf(run: Run): Status | undefined {
    const { messages } = this.#context.store.snapshot;
    const ours = messages.filter(({ corr, parent }) => corr === run.run_id && !parent);
    return ours.findLast(({ lanes }) => lanes.status?.status)?.lanes.status?.status;
  }

  #runningTool(run: Run | undefined): string {
    const ours = this.#context.store.snapshot.messages.filter(({ corr }) => corr === run?.run_id);
    const parts = ours.flatMap(({ lanes }) => lanes.tools?.parts ?? []);
    const running = parts.findLast((part) => part.kind === "tool" && part.value.state === "running");
    return running?.kind === "tool" ? running.value.name : "";
  }
}
