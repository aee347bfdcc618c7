/** What a chunk that draws gives, and what it is given. The core knows these types alone. */

import type { Reference } from "./chunks";
import type { Node } from "./nodes";

/** A module that draws: what `import("chunk:NAME")` has as its exports. */
export interface DrawerModule {
  /** For the shadow root of who shows it. */
  readonly css: string;
  readonly draw: Draw;
  /** Its sources grow while they are shown: what is drawn has an `update`. */
  readonly grows?: boolean;
}

/**
 * Draws `source` into `stage.place`, which is empty, in the document and as wide as it will be.
 *
 * Rejects with an `Error` whose message the reader sees above the source. Gives up when `stage.signal` ends. It asks nothing of a
 * network, and puts nothing into the document but elements and attributes of a fixed list.
 */
export type Draw = (source: Source, stage: Stage) => Promise<Drawn>;

/** The name of an error that says: the source ends before it is whole, which may be nobody's fault. */
export const UNFINISHED = "Unfinished";

export interface Source {
  /** The word behind the fence, or a MIME type. */
  readonly kind: string;
  readonly text: string;
}

export type Scheme = "light" | "dark";

export interface Stage {
  readonly place: HTMLElement;
  readonly scheme: Scheme;
  /** Ends when nobody sees the drawing any more, or another one takes its place. */
  readonly signal: AbortSignal;
  /** A file that the build keeps beside the chunks: `import FILE from "asset:package/path"`. */
  asset(reference: Reference): Promise<Uint8Array<ArrayBuffer>>;
  /** A further chunk: `import NAME from "chunk:name"`. */
  module<T>(reference: Reference): Promise<T>;
  /** The reader did something that the agent may be told of, as on an interface: `name` and what belongs to it. */
  act(name: string, context: Record<string, unknown>): void;
  /** To the ear of who cannot see it. */
  say(text: string): void;
}

export interface Drawn {
  /** What it is, in a few words, for who cannot see it. */
  readonly label: string;
  /** Its picture as a node tree (`svg`, or `img` with a `data:` source), for the transcript; the kernel checks it again. */
  snapshot?(): Promise<Node | undefined>;
  /** A later text of a source that grows, taken where it is drawn; false if it must be drawn anew. */
  update?(text: string): boolean;
  /** In other colours; without this it is drawn anew. */
  repaint?(scheme: Scheme): void;
  /** Buttons for the line above it. */
  readonly tools?: readonly Tool[];
  destroy?(): void;
}

export interface Tool {
  readonly label: string;
  run(): void;
}
