/** A drawing from the frame, brought to what a node tree of shapes may be: names and attributes of the list, within bounds. */

import { type Branch, childrenOf, isBranch, MAX_DEPTH, type Node } from "../nodes";
import { kindOf } from "../nodes/allow";
import { Scene } from "../nodes/scene";
import { Children, inside } from "../nodes/view";

const MAX_NODES = 60_000;
const MAX_TEXT = 2_000;

/** `tree` without what is on no list; nothing if it is no drawing, or one without end. */
export function pictureOf(tree: Branch): Branch | undefined {
  const budget = { left: MAX_NODES };
  const [picture] = listed(tree, 0, budget);
  return budget.left >= 0 && isBranch(picture) && picture.t === "svg" ? picture : undefined;
}

function listed(node: Node, depth: number, budget: { left: number }): Node[] {
  if (--budget.left < 0 || depth > MAX_DEPTH) return [];
  if (typeof node === "string") return [node.slice(0, MAX_TEXT)];
  const kind = isBranch(node) ? kindOf(node.t) : undefined;
  if (!kind?.isSvg) return [];
  const attributes = Object.entries(kind.rules).flatMap(([name, rule]) => {
    const value = Object.hasOwn(node.a ?? {}, name) ? rule(node.a?.[name]) : undefined;
    return value === undefined ? [] : [[name, value]];
  });
  const children = childrenOf(node).flatMap((child) => listed(child, depth + 1, budget));
  return [{ t: node.t, a: Object.fromEntries(attributes), ...(children.length ? { c: children } : {}) }];
}

/** The elements of `picture`, in `element`. */
export function shape(picture: Branch, element: HTMLElement): SVGSVGElement {
  new Children(inside(element), 1).sync([picture], new Scene(() => {}));
  return element.firstElementChild as SVGSVGElement;
}
