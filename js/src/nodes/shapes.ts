/** Drawings by the list of every node tree, for chunks that draw: they need nothing else that a tree may have. */

import { type Branch, childrenOf, isBranch, MAX_DEPTH, type Node } from "../nodes";
import { type Kind, kindOf } from "./allow";

const MAX_NODES = 60_000;
const MAX_TEXT = 2_000;
const SVG = "http://www.w3.org/2000/svg";

/** `tree` without what is on no list, to be shown and handed on; nothing if it is no drawing, or one without end. */
export function drawingOf(tree: Node): Branch | undefined {
  const budget = { left: MAX_NODES };
  const [drawing] = listed(tree, 0, budget);
  return budget.left >= 0 && isBranch(drawing) && drawing.t === "svg" ? drawing : undefined;
}

function listed(node: Node, depth: number, budget: { left: number }): Node[] {
  if (--budget.left < 0 || depth > MAX_DEPTH) return [];
  if (typeof node === "string") return [node.slice(0, MAX_TEXT)];
  const kind = shapeKind(node);
  if (!kind) return [];
  const a = Object.fromEntries(attributesOf(node, kind));
  const c = childrenOf(node).flatMap((child) => listed(child, depth + 1, budget));
  return [{ t: node.t, a, ...(c.length ? { c } : {}) }];
}

/** The elements of a drawing. */
export function shapes(drawing: Branch): SVGSVGElement {
  return built(drawing) as SVGSVGElement;
}

function built(node: Node): Element | Text | string {
  if (typeof node === "string") return node;
  const kind = shapeKind(node);
  if (!kind) return "";
  const element = document.createElementNS(SVG, kind.tag);
  for (const [name, value] of attributesOf(node, kind)) element.setAttribute(name, value);
  element.append(...childrenOf(node).map(built));
  return element;
}

function shapeKind(node: Branch): Kind | undefined {
  const kind = isBranch(node) ? kindOf(node.t) : undefined;
  return kind?.isSvg ? kind : undefined;
}

function attributesOf({ a = {} }: Branch, { rules }: Kind): [string, string][] {
  return Object.entries(rules).flatMap(([name, rule]) => {
    const value = Object.hasOwn(a, name) ? rule(a[name]) : undefined;
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
}
