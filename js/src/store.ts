/** The conversation as far as this page knows it: one store for each model, however many views show it. */

import { Emitter } from "./emitter";
import {
  type ActiveState,
  type Envelope,
  isOver,
  type LaneName,
  type Part,
  type PartOf,
  type Run,
  verdict,
} from "./envelope";
import { emptySnapshot, fold, type Message, type Snapshot } from "./fold";

const STRUCTURE = new Set(["message.start", "message.remove", "message.move"]);

/** What changed since a view last looked. Per token it costs one set-add. */
export class Changes {
  /** A snapshot replaced everything: patch it all, by key. */
  all = false;
  /** Messages came, went or moved. */
  order = false;
  runs = false;
  readonly lanes = new Map<string, Set<LaneName>>();

  get isEmpty(): boolean {
    return !(this.all || this.order || this.runs || this.lanes.size);
  }

  /** Nothing that a status line could speak of: the many changes of a stream are such. */
  get areWordsOnly(): boolean {
    const isStatus = (names: Set<LaneName>) => names.has("status");
    return !(this.all || this.order || this.runs || [...this.lanes.values()].some(isStatus));
  }

  note({ kind, message_id, lane }: Envelope): void {
    if (message_id === null) this.runs = true;
    else if (STRUCTURE.has(kind)) this.order = true;
    else if (lane) this.#touch(message_id).add(lane);
  }

  merge(other: Changes): void {
    this.all ||= other.all;
    this.order ||= other.order;
    this.runs ||= other.runs;
    for (const [id, names] of other.lanes) {
      const mine = this.#touch(id);
      for (const name of names) mine.add(name);
    }
  }

  #touch(id: string): Set<LaneName> {
    const names = this.lanes.get(id) ?? new Set();
    this.lanes.set(id, names);
    return names;
  }
}

export class Store {
  snapshot: Snapshot = emptySnapshot();
  /** What this page submitted and the kernel has not yet taken up. */
  pending: Message[] = [];
  /** How many envelopes came twice. */
  dropped = 0;
  /** Something is missing: only a snapshot helps. */
  hasGap = false;
  readonly changed = new Emitter<Changes>();

  /** Something was submitted, and no run has taken it up yet. */
  #expectsRun = false;
  #clock = { kernel: 0, page: 0 };

  /** Fold in what follows, count what is old, stop at a gap. */
  receive(envelopes: Envelope[]): void {
    const changes = new Changes();
    const before = this.snapshot.seq;
    for (const envelope of envelopes) {
      const order = this.#judge(envelope);
      if (order === "drop") this.dropped += 1;
      else this.hasGap = order === "gap"; // what follows without a gap closes it
      if (order === "gap") break;
      if (order === "apply") this.#apply(envelope, changes);
    }
    if (this.snapshot.seq > before) this.changed.emit(changes);
  }

  /** Take a snapshot if this page has less, or has a gap, or followed another stream. */
  take(snapshot: Snapshot): void {
    const { stream, seq } = this.snapshot;
    const isNewer = snapshot.seq > seq || (this.hasGap && snapshot.seq === seq);
    if (snapshot.stream === stream && !isNewer) return;
    this.snapshot = snapshot;
    this.hasGap = false;
    const known = new Set(snapshot.messages.map(({ nonce }) => nonce));
    this.pending = this.pending.filter(({ nonce }) => !known.has(nonce));
    this.#expectsRun = this.pending.length > 0;
    this.#emit({ all: true });
  }

  /** Nothing is other than it was, but a lane of this name is to be drawn anew. */
  touch(lane: LaneName): void {
    const changes = new Changes();
    for (const { id, lanes } of this.snapshot.messages)
      if (lanes[lane]) changes.lanes.set(id, new Set([lane]));
    if (!changes.isEmpty) this.changed.emit(changes);
  }

  submit(text: string, nonce: string): void {
    const lanes: Message["lanes"] = { text: { parts: [{ key: "text", kind: "text", text }], sealed: true } };
    this.pending.push({ id: nonce, role: "user", corr: null, nonce, ts: this.now(), lanes });
    this.#expectsRun = true;
    this.#emit({ order: true, runs: true });
  }

  /** The kernel did not take `nonce`: forget the pending message and give its text back. */
  withdraw(nonce: string): string | undefined {
    const message = this.pending.find((message) => message.nonce === nonce);
    if (!message) return undefined;
    this.pending = this.pending.filter((other) => other !== message);
    this.#expectsRun = false;
    this.#emit({ order: true, runs: true });
    return textOf(message);
  }

  /** The kernel is gone, and its runs with it: nothing may look as if it still went on. */
  abandon(): void {
    for (const run of this.snapshot.runs) if (!isOver(run)) run.state = "aborted";
    this.#emit({ runs: true });
  }

  /** In screen order; what is pending comes last. */
  get messages(): Message[] {
    return [...this.snapshot.messages, ...this.pending];
  }

  get count(): number {
    return this.snapshot.messages.length + this.pending.length;
  }

  /** Searched from the end: what is asked for is nearly always one of the last. */
  find(id: string): Message | undefined {
    const isMeant = (message: Message) => message.id === id;
    return this.pending.find(isMeant) ?? this.snapshot.messages.findLast(isMeant);
  }

  get activeRun(): Run | undefined {
    return this.snapshot.runs.findLast((run) => !isOver(run));
  }

  /** A run is on, or about to be. */
  get isBusy(): boolean {
    return this.activeRun !== undefined || this.#expectsRun;
  }

  get status(): ActiveState | "idle" {
    const run = this.activeRun;
    if (run) return run.state as ActiveState;
    if (this.#expectsRun) return "preparing";
    return this.snapshot.runs.at(-1)?.detail === "interrupt" ? "awaiting_input" : "idle";
  }

  /** How many messages stand above `message` in its chain of parents, counted up to `most`. */
  depthOf({ parent }: Message, most: number): number {
    if (parent === undefined || most === 0) return 0;
    const above = this.find(parent);
    return 1 + (above ? this.depthOf(above, most - 1) : 0);
  }

  /** Whether the run that writes `message` is still on; a message of no known run counts as if. */
  isLive({ corr }: Message): boolean {
    const run = this.snapshot.runs.findLast(({ run_id }) => run_id === corr);
    return !run || !isOver(run);
  }

  /** Epoch milliseconds by the kernel's clock, which need not agree with the page's. */
  now(): number {
    const { kernel, page } = this.#clock;
    return kernel ? kernel + performance.now() - page : Date.now();
  }

  #judge(envelope: Envelope): ReturnType<typeof verdict> {
    const { stream, seq } = this.snapshot;
    const isForeign = seq > 0 && envelope.stream !== stream;
    return isForeign ? "gap" : verdict(envelope, seq);
  }

  #apply(envelope: Envelope, changes: Changes): void {
    fold(this.snapshot, envelope);
    changes.note(envelope);
    this.#clock = { kernel: envelope.ts, page: performance.now() };
    if (envelope.kind === "run.update") this.#expectsRun = false;
    if (envelope.kind !== "message.start" || !this.pending.length) return;
    const { nonce } = envelope.payload;
    this.pending = this.pending.filter((message) => message.nonce !== nonce);
  }

  #emit(what: Partial<Pick<Changes, "all" | "order" | "runs">>): void {
    this.changed.emit(Object.assign(new Changes(), what));
  }
}

/** What a message says, without its outputs: of formatted text the source. */
export function textOf({ lanes }: Message): string {
  return (lanes.text?.parts ?? []).map((part) => (hasText(part) ? part.text : "")).join("");
}

export function hasText(part: Part): part is PartOf<"text"> | PartOf<"blocks"> {
  return part.kind === "text" || part.kind === "blocks";
}
