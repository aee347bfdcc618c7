/** What a formula may be made of, whatever the program that made it thinks. */

import { STRINGS } from "./strings";

/** Measured: the longest formula that is drawn has a third of it. */
const MAX_ELEMENTS = 30_000;
/** Each level of a fraction has about eight; a browser lays out a multiple of this. */
const MAX_DEPTH = 400;

const MATHML =
  "math semantics annotation mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle msub msup msubsup munder mover munderover " +
  "mtable mtr mtd mlabeledtr mpadded mphantom menclose mmultiscripts mprescripts mglyph none";
const ELEMENTS: Readonly<Record<string, ReadonlySet<string>>> = {
  "http://www.w3.org/1999/xhtml": new Set(["span"]),
  "http://www.w3.org/2000/svg": new Set(["svg", "path", "line"]),
  "http://www.w3.org/1998/Math/MathML": new Set(MATHML.split(" ")),
};

const ATTRIBUTES = new Set(
  (
    "class style aria-hidden xmlns encoding display d width height viewBox preserveAspectRatio x1 y1 x2 y2 stroke-width fill stroke " +
    "mathvariant mathcolor mathbackground mathsize displaystyle scriptlevel stretchy fence separator largeop lspace rspace minsize " +
    "maxsize accent accentunder linethickness rowspacing columnalign columnspacing columnlines rowlines notation voffset depth " +
    "linebreak movablelimits symmetric side title"
  ).split(" "),
);
/** Numbers, lengths, words and colours: what fetches has a bracket or an address in it. */
const PLAIN = /^[\w\s.,:;#%+-]*$/;
const COLOURS = /rgba?\([\d\s.,%]+\)/g;

/** Why it is not shown; nothing if it may be. */
export function faultOf(formula: Element): string | undefined {
  const elements = formula.getElementsByTagName("*");
  if (elements.length > MAX_ELEMENTS) return STRINGS.tooLarge;
  for (const element of elements) {
    if (!isListed(element)) return STRINGS.foreign;
  }
  return depthOf(formula) > MAX_DEPTH ? STRINGS.tooDeep : undefined;
}

function isListed(element: Element): boolean {
  if (!ELEMENTS[element.namespaceURI ?? ""]?.has(element.localName)) return false;
  for (const { name, value } of element.attributes) if (!mayBe(name, value)) return false;
  return true;
}

function mayBe(name: string, value: string): boolean {
  if (!ATTRIBUTES.has(name)) return false;
  return name !== "style" || (PLAIN.test(value.replace(COLOURS, "")) && !/url/i.test(value));
}

/** Walked by hand: what is nested too deep for the browser may be for a recursion too. */
function depthOf(root: Element): number {
  let deepest = 0;
  let depth = 0;
  let at: Element = root;
  for (;;) {
    if (at.firstElementChild) {
      at = at.firstElementChild;
      deepest = Math.max(deepest, ++depth);
      continue;
    }
    while (!at.nextElementSibling && at !== root) {
      at = at.parentElement as Element;
      depth--;
    }
    if (at === root) return deepest;
    at = at.nextElementSibling as Element;
  }
}
