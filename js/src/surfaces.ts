/** The agent's interfaces of one conversation. What draws them is a chunk, asked for when the first of them is there. */

import A2UI from "chunk:a2ui";
import type * as Chunk from "./a2ui/chunk";
import type { Desk, Said } from "./a2ui/desk";
import { type Connection, isReadOnly } from "./connection";
import type { PartOf } from "./envelope";
import type { Message } from "./fold";
import { Lazy } from "./lazy";
import type { Changes, Store } from "./store";

export class Surfaces {
  desk: Desk | undefined;
  /** For the shadow root of who shows them. */
  css = "";
  readonly #store: Store;
  readonly #connection: Connection;
  readonly #signal: AbortSignal;
  readonly #chunk: Lazy<typeof Chunk>;

  constructor(store: Store, connection: Connection, signal: AbortSignal) {
    this.#store = store;
    this.#connection = connection;
    this.#signal = signal;
    this.#chunk = new Lazy(A2UI, connection, signal);
    this.#chunk.changed.add(() => {
      if (this.#chunk.module && !this.desk) this.#open(this.#chunk.module);
      store.touch("a2ui");
    }, signal);
    store.changed.add(this.#take, signal);
    signal.addEventListener("abort", () => this.desk?.close(), { once: true });
  }

  get hasFailed(): boolean {
    return this.#chunk.hasFailed;
  }

  load(): void {
    this.#chunk.load();
  }

  #open({ Desk, css }: typeof Chunk): void {
    if (this.#signal.aborted) return;
    this.css = css;
    this.desk = new Desk({
      send: (intent) => !isReadOnly(this.#connection.link) && this.#connection.send(intent),
    });
    this.desk.take(this.#store.snapshot.messages.flatMap(saidIn), true);
  }

  /** Before any view draws, and in the order of the conversation. */
  #take = (changes: Changes): void => {
    const isAll = changes.all || changes.order;
    const { messages } = this.#store.snapshot;
    const touched = isAll ? messages : [...changes.lanes.keys()].map((id) => this.#store.find(id));
    const isMeant = (message: Message | undefined): message is Message =>
      message?.lanes.a2ui !== undefined && (isAll || changes.lanes.get(message.id)?.has("a2ui") === true);
    const said = touched.filter(isMeant).flatMap(saidIn);
    if (this.desk) this.desk.take(said, isAll);
    else if (said.length && !this.hasFailed) this.load();
  };
}

function saidIn({ id, lanes }: Message): Said[] {
  const parts = (lanes.a2ui?.parts ?? []).filter(
    (part): part is PartOf<"surface"> => part.kind === "surface",
  );
  return parts.map((part) => ({ messageId: id, part }));
}
