/** The one wire between this page and the kernel: intents up, batches and snapshots down. */

import type { AnyModel } from "@anywidget/types";
import { Emitter } from "./emitter";
import type { Envelope } from "./envelope";
import type { Snapshot } from "./fold";
import type { Store } from "./store";
import { STRINGS } from "./strings";

const SYNC_RETRY_MS = 2000;
const TRIES_UNTIL_OFFLINE = 2;
const ACK_MS = 250;

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
  | { t: "retry" };

interface Messages {
  batch: { t: "batch"; e: Envelope[] };
  snap: { t: "snap"; s: Snapshot };
  refused: { t: "refused"; nonce: string | null; message: string };
}
type Message = Messages[keyof Messages];

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

  readonly #model: AnyModel;
  readonly #store: Store;
  readonly #answered: Link;
  #syncTimer: ReturnType<typeof setTimeout> | undefined;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
  #ackedAt = Number.NEGATIVE_INFINITY;
  #tries = 0;

  constructor(model: AnyModel, store: Store, signal: AbortSignal) {
    this.#model = model;
    this.#store = store;
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

  readonly #handlers: { [T in keyof Messages]: (message: Messages[T]) => void } = {
    batch: ({ e }) => this.#store.receive(e),
    snap: ({ s }) => this.#store.take(s),
    refused: ({ nonce, message }) => this.#refuse(nonce, message),
  };

  #receive = (message: Message): void => {
    if (!Object.hasOwn(this.#handlers, message?.t)) return;
    const handler = this.#handlers[message.t] as (message: Message) => void;
    handler(message);
    this.#setLink(this.#answered);
    if (message.t === "refused") return;
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
  };

  #refuse(nonce: string | null, reason: string): void {
    this.refused.emit({ nonce, reason, text: nonce === null ? undefined : this.#store.withdraw(nonce) });
  }

  #close = (): void => {
    this.#clearTimers();
    this.#model.off("msg:custom", this.#receive);
    this.#model.off("comm_live_update", this.#lose);
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
