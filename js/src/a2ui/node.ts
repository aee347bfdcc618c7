/** What the engine hands to who draws: one node for each instance of a component on screen. */

/** `pending`: its definition has not come yet; `cyclic`: it is its own ancestor, or too deep. */
export type NodeState = "resolved" | "pending" | "unknown-type" | "cyclic";

/** A check that did not pass. */
export interface Failure {
  readonly message: string;
  readonly severity: "error" | "warning" | "info";
  readonly code?: string;
}

/**
 * One instance of a component: made once, and the same object until it leaves the tree.
 *
 * `type` and the names in `props` are those of the surface's own version. A value of `props` is plain and resolved: a
 * binding its value, a child a `UiNode`, a list of children an array of them, an action an `Action`.
 */
export interface UiNode {
  /** Unique among its siblings; stays when rows are put in another order. */
  readonly key: string;
  /** The id of the component, which several instances may share. */
  readonly id: string;
  readonly type: string;
  /** The catalog that its type is looked up in. */
  readonly catalogId: string | undefined;
  /** The scope of its relative paths, a JSON pointer. */
  readonly path: string;
  readonly state: NodeState;
  readonly props: Readonly<Record<string, unknown>>;
  /** Of its `checks`. */
  readonly failures: readonly Failure[];
  readonly surface: UiSurface;
  /** Whether what the user enters for `prop` is kept in the data model; else it is kept in the node. */
  isBound(prop: string): boolean;
  /** What the user entered. Seen in `props` before it returns; nothing is sent. */
  write(prop: string, value: unknown): void;
  /** Rows of its templates that are not made, as there are over 2,000. */
  readonly unshown: number;
  /** Make the next 2,000 of them. */
  showMore(): void;
  /** Call `listener` after a change of this very node, not of those in it. Gives the way to leave. */
  watch(listener: () => void): () => void;
}

/** What a button does, resolved when it is done. */
export interface Action {
  readonly isAction: true;
  run(): void;
}

export interface UiSurface {
  readonly id: string;
  /** As it was spelled: answers are spelled the same. */
  readonly version: string;
  readonly catalogId: string | undefined;
  /** `styles` of 0.8, `theme` of 0.9. */
  readonly theme: Readonly<Record<string, unknown>>;
  /** Undefined until there is something to draw. */
  readonly root: UiNode | undefined;
  /** Call `listener` when `root` or `theme` is another. */
  watch(listener: () => void): () => void;
}

export function isNode(value: unknown): value is UiNode {
  return typeof value === "object" && value !== null && "surface" in value && "props" in value;
}

export function isAction(value: unknown): value is Action {
  return typeof value === "object" && value !== null && "isAction" in value;
}
