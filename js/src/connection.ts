/** The one wire between this page and the kernel: intents up, batches and snapshots down. */

import type { AnyModel } from "@anywidget/types";
import type { Bytes } from "./chunks";
import { Emitter } from "./emitter";
import type { Envelope } from "./envelope";
import type { Snapshot } from "./fold";
import type { Node } from "./nodes";
import { newNonce } from "./nonce";
import type { Store } from "./store";
import { STRINGS } from "./strings";

const SYNC_RETRY_MS = 2000;
const TRIES_UNTIL_OFFLINE = 2;
const ACK_MS = 250;
const ANSWER_MS = 10_000;
/** How long each asking for a chunk waits. A kernel that is only busy will answer them all: they are few, and far between. */
const CHUNK_WAITS_MS = [5000, 10_000, 10_000];

/**
 * `restarted`: the comm is gone for good, a new one comes with a new cell. `offline`: nobody has answered yet.
 * `saved`: what answers is a file.
 */
export type Link = "connecting" | "live" | "saved" | "offline" | "restarted";

/** Nobody is there who could take a message. */
export function isReadOnly(link: Link): link is "saved" | "offline" | "restarted" {
  return link === "saved" || link === "offline" || link === "restarted";
}

export type Intent =
  | { t: "sync"; have: number }
  | { t: "ack"; seq: number }
  | { t: "submit"; text: string; nonce: string }
  | { t: "stop" }
  | { t: "retry" }
  | { t: "clear" }
  | { t: "action"; message: object; model?: object; part: string }
  | { t: "navigate"; part: string; target: string }
  | { t: "edit"; message_id: string; part: string; surface: string; edits: unknown[] }
  | { t: "chunk"; name: string }
  | { t: "drawn"; kind: string; text: string; scheme: "light" | "dark"; node: Node }
  | (Question & { nonce: string });

/** What the kernel answers, or refuses. */
export type Question =
  | {
      t: "rows";
      object: string;
      start: number;
      count: number;
      sort?: readonly [column: number, way: "up" | "down"];
    }
  | { t: "output"; object: string; mime: string }
  | { t: "bind"; object: string; name?: string }
  | { t: "transcript" };

interface Messages {
  batch: { t: "batch"; e: Envelope[] };
  snap: { t: "snap"; s: Snapshot };
  refused: { t: "refused"; nonce: string | null; message: string };
  chunk: { t: "chunk"; name: string; error?: string };
  answer: { t: "answer"; nonce: string };
}
type Message = Messages[keyof Messages];

/** After these the page knows what it has and what is missing. */
const SYNCS: ReadonlySet<string> = new Set<Message["t"]>(["batch", "snap"]);

/** An intent that was not carried out, why, and the text that comes back if it was a message. */
export interface Refusal {
  nonce: string | null;
  reason: string;
  text: string | undefined;
}

export class Connection {
  link: Link = "connecting";
  readonly linked = new Emitter<Link>();
  readonly refused = new Emitter<Refusal>();
  /** What the kernel gave, or did not. */
  readonly chunks = new Emitter<{ name: string; bytes: Bytes | undefined }>();

  readonly #model: AnyModel;
  readonly #store: Store;
  readonly #signal: AbortSignal;
  readonly #answered: Link;
  #syncTimer: ReturnType<typeof setTimeout> | undefined;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
  #ackedAt = Number.NEGATIVE_INFINITY;
  #tries = 0;
  /** Who waits for an answer, by nonce. */
  readonly #asked = new Map<string, (answer: object) => void>();

  constructor(model: AnyModel, store: Store, signal: AbortSignal) {
    this.#model = model;
    this.#store = store;
    this.#signal = signal;
    this.#answered = model.get("isSaved") ? "saved" : "live";
    model.on("msg:custom", this.#receive);
    model.on("comm_live_update", this.#lose);
    signal.addEventListener("abort", this.#close, { once: true });
    this.#sync();
  }

  /** Whether the host took the message; a kernel that restarted makes `model.send` throw. */
  send(intent: Intent): boolean {
    try {
      this.#model.send(intent);
      return true;
    } catch {
      this.#lose();
      return false;
    }
  }

  /** A part of us that the kernel has, gzipped; asked for again while no answer comes. Rejects if it is not given, or nobody is there. */
  fetchChunk(name: string): Promise<Bytes> {
    return new Promise((resolve, reject) => {
      const life = new AbortController();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const end = (bytes?: Bytes) => {
        clearTimeout(timer);
        life.abort();
        if (bytes) resolve(bytes);
        else reject(new Error(`the kernel gave no ${name}`));
      };
      const ask = (nth: number) => {
        timer = setTimeout(() => ask(nth + 1), CHUNK_WAITS_MS[nth]);
        const isLast = nth === CHUNK_WAITS_MS.length;
        if (isLast || this.link === "offline" || !this.send({ t: "chunk", name })) end();
      };
      this.chunks.add((answer) => answer.name === name && end(answer.bytes), life.signal);
      this.#signal.addEventListener("abort", () => end(), { once: true, signal: life.signal });
      ask(0);
    });
  }

  /** What the kernel answers. Rejects with what the reader may be told: why it refuses, or that nobody answers. */
  request<T>(question: Question): Promise<T> {
    const nonce = newNonce();
    return new Promise((resolve, reject) => {
      const end = (answer: object) => {
        clearTimeout(timer);
        this.#asked.delete(nonce);
        if (answer instanceof Error) reject(answer);
        else resolve(answer as T);
      };
      const timer = setTimeout(() => end(new Error(STRINGS.noAnswer)), ANSWER_MS);
      this.#asked.set(nonce, end);
      if (isReadOnly(this.link) || !this.send({ ...question, nonce })) end(new Error(STRINGS.noKernel));
    });
  }

  readonly #handlers: { [T in keyof Messages]: (message: Messages[T], buffers: Bytes[]) => void } = {
    batch: ({ e }) => this.#store.receive(e),
    snap: ({ s }) => this.#store.take(s),
    refused: ({ nonce, message }) => this.#refuse(nonce, message),
    answer: (answer) => this.#asked.get(answer.nonce)?.(answer),
    chunk: ({ name, error }, [bytes]) => this.chunks.emit({ name, bytes: error ? undefined : bytes }),
  };

  #receive = (message: Message, buffers: Bytes[] = []): void => {
    if (!Object.hasOwn(this.#handlers, message?.t)) return;
    const handler = this.#handlers[message.t] as (message: Message, buffers: Bytes[]) => void;
    handler(message, buffers);
    this.#setLink(this.#answered);
    if (!SYNCS.has(message.t)) return;
    if (this.#store.hasGap) this.#sync();
    else this.#settle();
    this.#ack();
  };

  /** Ask for what is missing, and ask again until something came that leaves no gap. */
  #sync(): void {
    if (this.#syncTimer !== undefined) return;
    this.#tries = 0;
    this.#trySync();
  }

  #trySync = (): void => {
    if (this.#tries++ >= TRIES_UNTIL_OFFLINE && this.link === "connecting") this.#setLink("offline");
    this.#syncTimer = setTimeout(this.#trySync, SYNC_RETRY_MS);
    this.send({ t: "sync", have: this.#store.snapshot.seq });
  };

  #settle(): void {
    clearTimeout(this.#syncTimer);
    this.#syncTimer = undefined;
  }

  /** At once if the last one is old enough, else when it is: a page that was frozen acknowledges as it wakes. */
  #ack(): void {
    if (this.#ackTimer !== undefined) return;
    const wait = this.#ackedAt + ACK_MS - performance.now();
    if (wait <= 0) this.#sendAck();
    else this.#ackTimer = setTimeout(this.#sendAck, wait);
  }

  #sendAck = (): void => {
    this.#ackTimer = undefined;
    this.#ackedAt = performance.now();
    this.send({ t: "ack", seq: this.#store.snapshot.seq });
  };

  #lose = (): void => {
    this.#clearTimers();
    this.#setLink("restarted");
    for (const { id } of this.#store.pending) this.#refuse(id, STRINGS.lost);
    this.#store.abandon();
    this.#endQuestions();
  };

  #endQuestions(): void {
    for (const end of [...this.#asked.values()]) end(new Error(STRINGS.noKernel));
  }

  #refuse(nonce: string | null, reason: string): void {
    const end = nonce === null ? undefined : this.#asked.get(nonce);
    if (end) end(new Error(reason));
    else this.#refuseIntent(nonce, reason);
  }

  #refuseIntent(nonce: string | null, reason: string): void {
    this.refused.emit({ nonce, reason, text: nonce === null ? undefined : this.#store.withdraw(nonce) });
  }

  #close = (): void => {
    this.#clearTimers();
    this.#model.off("msg:custom", this.#receive);
    this.#model.off("comm_live_update", this.#lose);
    this.#endQuestions();
  };

  #clearTimers(): void {
    this.#settle();
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
  }

  #setLink(link: Link): void {
    if (link === this.link) return;
    this.link = link;
    this.linked.emit(link);
  }
}
