/** Our own shapes → elements of the document. What they are called and say is ours; their words are text nodes. */

import { type Branch, isBranch } from "../nodes";

const SVG = "http://www.w3.org/2000/svg";

export function build({ t, a = {}, c = [] }: Branch): SVGElement {
  const element = svg(t, a);
  element.append(...c.map((child) => (isBranch(child) ? build(child) : child)));
  return element;
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K | string,
  attributes: Record<string, unknown> = {},
  ...children: SVGElement[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag) as SVGElementTagNameMap[K];
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}
