/** A drawing that was kept, as elements: shapes, and pictures that are their own content. It never changes. */

import { h } from "../dom";
import { attributeOf, type Branch, childrenOf, isBranch, MAX_DEPTH } from "../nodes";
import { dataImage, type Kind, kindOf, MEDIA } from "./allow";

const SVG = "http://www.w3.org/2000/svg";
const MAX_PICTURE = 1_000_000;

export function pictureOf(node: unknown, depth = 0): Node {
  if (typeof node === "string") return document.createTextNode(node);
  if (!isBranch(node) || depth >= MAX_DEPTH) return document.createTextNode("");
  if (node.t === "img") return imageOf(node);
  const kind = kindOf(node.t);
  return kind?.isSvg ? shapeOf(node, kind, depth) : document.createTextNode("");
}

function shapeOf(node: Branch, { tag, rules }: Kind, depth: number): Element {
  const shape = document.createElementNS(SVG, tag);
  for (const [name, rule] of Object.entries(rules)) {
    const value = rule(attributeOf(node, name));
    if (value !== undefined) shape.setAttribute(name, value);
  }
  shape.append(...childrenOf(node).map((child) => pictureOf(child, depth + 1)));
  return shape;
}

function imageOf(node: Branch): Element {
  const image = h("img");
  const src = dataImage(attributeOf(node, "src"), MAX_PICTURE);
  for (const [name, rule] of Object.entries(MEDIA)) {
    const value = rule(attributeOf(node, name));
    if (value !== undefined) image.setAttribute(name, value);
  }
  if (src) image.src = src;
  return image;
}
