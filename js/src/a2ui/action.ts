/** What a button of a surface does. */

import { isObject, type Props } from "./json";
import type { LiveNode } from "./live-node";
import type { Action } from "./node";

/** Resolved when it is done. */
export class LiveAction implements Action {
  readonly isAction = true;
  constructor(
    readonly node: LiveNode,
    readonly raw: Props,
  ) {}

  run(): void {
    const isRefused = this.node.isGone || this.node.failures.some(({ severity }) => severity === "error");
    if (!isRefused) this.node.surface.act(this.node, this.raw);
  }
}

export function isActionShape(raw: unknown): raw is Props {
  if (!isObject(raw)) return false;
  return (isObject(raw.event) && typeof raw.event.name === "string") || isObject(raw.functionCall);
}
