/** What KaTeX 0.19 makes otherwise than it should. */

import { __domTree } from "katex";

/** The outline of a tall ⌊ or ⌋ has a letter twice, and the browser draws half of it. */
const { prototype } = __domTree.PathNode;
const { toNode } = prototype;
prototype.toNode = function (this: { alternate?: string }) {
  if (this.alternate) this.alternate = this.alternate.replace("MM", "M");
  return toNode.call(this);
};

/** Words have a class that means something else in a chat, and nothing to KaTeX's own style sheet. */
export function withoutForeignClasses(formula: Element): void {
  for (const words of formula.querySelectorAll(".text")) words.classList.remove("text");
}
