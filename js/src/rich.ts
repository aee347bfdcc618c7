/** What one conversation has to draw with: who draws which kind, what was drawn before, and the way to the kernel. */

import ARTIFACTS from "chunk:artifacts";
import CHARTS from "chunk:charts";
import FLOW from "chunk:flow";
import MATH from "chunk:math";
import MERMAID from "chunk:mermaid";
import OUTPUTS from "chunk:outputs";
import SKETCH from "chunk:sketch";
import TELEMETRY from "chunk:telemetry";
import type * as Artifacts from "./artifacts/chunk";
import { loadAsset, loadChunk, type Reference } from "./chunks";
import { type Connection, type Intent, isReadOnly, type Link, type Question } from "./connection";
import type { DrawerModule, Scheme } from "./drawer";
import type { Emitter } from "./emitter";
import type { DrawingValue, PartOf } from "./envelope";
import { Lazy } from "./lazy";
import type { Node } from "./nodes";
import { Scene } from "./nodes/scene";
import { Children, inside } from "./nodes/view";
import type * as Outputs from "./outputs/chunk";
import { sha256 } from "./sha256";
import type * as Sketches from "./sketch/chunk";
import type { Store } from "./store";
import { Turns } from "./turns";

/** Which chunk draws what: words behind a fence, MIME types, and formulas. */
const DRAWERS: readonly (readonly [kind: RegExp, Reference])[] = [
  [/^math(-display)?$/, MATH],
  [/^mermaid$/, MERMAID],
  [/^(vega-?lite|application\/vnd\.vegalite\.v\d+\+json)$/, CHARTS],
  [/^(flow|application\/vnd\.agui_widget\.flow\+json)$/, FLOW],
  [/^application\/vnd\.agui_widget\.telemetry\+json$/, TELEMETRY],
];

/** A block of code in one of these languages is drawn as another kind. */
const KINDS: Readonly<Record<string, string>> = { math: "math-display" };

/** The kernel takes no longer ones. */
const MAX_DRAWN_CHARS = 1_000_000;

export class Rich {
  /** What shows objects of the kernel. */
  readonly outputs: Lazy<typeof Outputs>;
  /** Whether there is a kernel to be asked may have changed. */
  readonly linked: Emitter<Link>;
  /** What shows a block of code as its drawing. */
  readonly sketches: Lazy<typeof Sketches>;
  /** What shows artifacts as cards. */
  readonly artifacts: Lazy<typeof Artifacts>;
  readonly #store: Store;
  readonly #connection: Connection;
  readonly #signal: AbortSignal;
  readonly #drawers = new Map<Reference, Lazy<DrawerModule>>();
  readonly #turns = new Turns();
  /** By key: what this page handed back, before it comes as a part. */
  readonly #told = new Set<string>();

  constructor(store: Store, connection: Connection, signal: AbortSignal) {
    this.#store = store;
    this.#connection = connection;
    this.#signal = signal;
    this.linked = connection.linked;
    this.outputs = new Lazy(OUTPUTS, connection, signal);
    this.sketches = new Lazy(SKETCH, connection, signal);
    this.artifacts = new Lazy(ARTIFACTS, connection, signal);
    this.artifacts.changed.add(() => store.touch("a2ui"), signal);
    store.changed.add(({ all, order }) => {
      if (all || order) this.#told.clear(); // what was kept may have gone with its message
    }, signal);
  }

  /** What a block of code in `language` is drawn as, if anybody draws it. */
  kindOf(language: string): string | undefined {
    const name = language.toLowerCase();
    const kind = Object.hasOwn(KINDS, name) ? (KINDS[name] as string) : name;
    return this.drawer(kind) && kind;
  }

  get isLive(): boolean {
    return this.#connection.link === "live";
  }

  /** Who draws `kind`; nobody draws most kinds. */
  drawer(kind: string): Lazy<DrawerModule> | undefined {
    const reference = DRAWERS.find(([kinds]) => kinds.test(kind))?.[1];
    if (!reference) return undefined;
    const drawer = this.#drawers.get(reference) ?? new Lazy(reference, this.#connection, this.#signal);
    this.#drawers.set(reference, drawer);
    return drawer;
  }

  /** Have `task` run when those before it are done, so that many drawings are no long task. */
  turn<T>(task: () => Promise<T>): Promise<T> {
    return this.#turns.take(task);
  }

  /** What was drawn of this before, by whichever page. */
  kept(kind: string, text: string): DrawingValue | undefined {
    return this.#keptAs(keyOf(kind, text));
  }

  #keptAs(key: string): DrawingValue | undefined {
    const parts = this.#store.snapshot.messages.flatMap(({ lanes }) => lanes.text?.parts ?? []);
    const found = parts.find(
      (part): part is PartOf<"drawing"> => part.kind === "drawing" && part.key === key,
    );
    return found?.value;
  }

  /** Whether nobody has handed back a drawing of this, and somebody is there to take one. */
  misses(kind: string, text: string): boolean {
    return this.#missesAs(keyOf(kind, text));
  }

  #missesAs(key: string): boolean {
    return !isReadOnly(this.#connection.link) && !this.#told.has(key) && !this.#keptAs(key);
  }

  /** Hand back what was drawn, once, for who reads without us. */
  keep(kind: string, text: string, scheme: Scheme, node: Node): void {
    const key = keyOf(kind, text);
    if (!this.#missesAs(key) || JSON.stringify(node).length + text.length > MAX_DRAWN_CHARS) return;
    if (this.#connection.send({ t: "drawn", kind, text, scheme, node })) this.#told.add(key);
  }

  /** Show what was kept in `place`, by the lists of every node tree. */
  paint(node: Node, place: HTMLElement): void {
    new Children(inside(place), 1).sync([node], new Scene(() => {}));
  }

  /** Ask the kernel. Rejects with what the reader may be told. */
  request<T>(question: Question): Promise<T> {
    return this.#connection.request<T>(question);
  }

  /** Tell the agent what the reader did, as of an interface; `surface` says on what, `part` which one. False: nobody takes it. */
  act(name: string, context: Record<string, unknown>, surface = "", part = ""): boolean {
    const timestamp = new Date().toISOString();
    const userAction = {
      name,
      surfaceId: surface,
      sourceComponentId: String(context.id ?? name),
      timestamp,
      context,
    };
    return this.#tell({ t: "action", message: { userAction }, part });
  }

  /** Take up an offer; where it leads is for who listens in the kernel. False: nobody takes it. */
  readonly navigate = (part: string, target: string) => this.#tell({ t: "navigate", part, target });

  /** A file that the build keeps beside the chunks. */
  readonly asset = (reference: Reference) => loadAsset(reference, this.#fetch);

  /** A further chunk. */
  readonly module = <T>(reference: Reference) => loadChunk<T>(reference, this.#fetch);

  #tell(intent: Intent): boolean {
    return !isReadOnly(this.#connection.link) && this.#connection.send(intent);
  }

  readonly #fetch = (name: string) => this.#connection.fetchChunk(name);
}

/** What a drawing is called in the lane. */
function keyOf(kind: string, text: string): string {
  return `drawing:${sha256(new TextEncoder().encode(`${kind}\n${text}`)).slice(0, 16)}`;
}
