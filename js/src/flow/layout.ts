/** Where everything stands: what the engines give, in pixels from the upper left corner. */

import type { Card, Tag } from "./cards";
import type { Graph } from "./graph";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Route {
  readonly points: readonly Point[];
  /** Where its words stand, if it has any. */
  readonly tag: Box | undefined;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Box[];
  /** The ports of each node. */
  readonly ports: readonly (readonly Point[])[];
  readonly routes: readonly Route[];
  readonly groups: readonly Box[];
  readonly isOrthogonal: boolean;
}

/** What an engine is asked to lay out. */
export interface Task {
  readonly graph: Graph;
  readonly cards: readonly Card[];
  readonly tags: readonly (Tag | undefined)[];
}

export const MARGIN = 16;
/** Around the nodes of a group; above them stands its name. */
export const GROUP = { padding: 14, head: 30 };
