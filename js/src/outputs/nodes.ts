import { h } from "../dom";
import type { Node } from "../nodes";
import type { Tree } from "../nodes/view";
import { OUTPUT_STRINGS } from "../strings";
import type { BodyView, Shown, Stage } from "./stage";

/** Formatted words: markdown or a formula, which the kernel has made a tree of. */
export class NodesView implements BodyView {
  readonly label = OUTPUT_STRINGS.text;
  readonly element = h("div", { class: "nodes out-nodes" });
  readonly #tree: Tree;

  constructor(stage: Stage) {
    this.#tree = stage.tree(this.element);
  }

  apply({ value }: Shown): void {
    this.#tree.sync(nodesOf(value));
  }

  destroy(): void {
    this.#tree.destroy();
  }
}

/** One node, or several. */
function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value as Node[];
  return value ? [value as Node] : [];
}
