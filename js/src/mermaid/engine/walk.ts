/**
 * The engine's drawing as a node tree: every shape with what it finally looks like, and nothing that refers to anything.
 *
 * Style sheets, classes and ids stay behind: what they say is asked of the browser, shape by shape. Arrow heads, symbols and gradients,
 * which a drawing refers to by id, become shapes and colours of their own. What has no such form (pictures, HTML, masks) is left out.
 */

import type { Branch, Node } from "../../nodes";
import { WORDS } from "../words";
import { Grounds, readable } from "./contrast";
import { type End, type Placing, placed, short } from "./markers";
import { meanPaint, type Paint, paintOf } from "./paint";

type Attributes = Record<string, string | number>;

/** What says where a shape is. */
const GEOMETRY: Record<string, readonly string[]> = {
  svg: ["x", "y", "width", "height", "viewBox"],
  g: [],
  path: ["d"],
  circle: ["cx", "cy", "r"],
  ellipse: ["cx", "cy", "rx", "ry"],
  rect: ["x", "y", "width", "height", "rx", "ry"],
  line: ["x1", "y1", "x2", "y2"],
  polyline: ["points"],
  polygon: ["points"],
  text: ["x", "y", "dx", "dy"],
  tspan: ["x", "y", "dx", "dy"],
};

/** What is only a place for others, by another name. */
const GROUPS: Record<string, string> = { a: "g", switch: "g" };

/** What a shape looks like where nothing is said: not worth a word. */
const SHAPE_STYLE: Record<string, string> = {
  "fill-rule": "nonzero",
  "stroke-width": "1px",
  "stroke-linecap": "butt",
  "stroke-linejoin": "miter",
  "stroke-dasharray": "none",
};
const TEXT_STYLE: Record<string, string> = {
  "font-size": "",
  "font-weight": "400",
  "font-style": "normal",
  "text-anchor": "start",
  "dominant-baseline": "auto",
  "letter-spacing": "normal",
};
const IS_TEXT = new Set(["text", "tspan"]);

/** A drawing that needs more is none that a person could read, and takes the page's time. */
const MAX_SHAPES = 20_000;

/** `paper` is what it will stand on. */
export function treeOf(svg: SVGSVGElement, paper: string): Branch {
  const { x, y, width, height } = boundsOf(svg);
  const walker = new Walker(svg, new Grounds(paper));
  return {
    t: "svg",
    a: { viewBox: [x, y, width, height].map(short).join(" "), width: short(width), height: short(height) },
    c: walker.children(svg),
  };
}

/** Its own, and what it shows beyond them where it says that this is seen. */
function boundsOf(svg: SVGSVGElement): DOMRectReadOnly {
  const own = svg.viewBox.baseVal;
  if (own && svg.getAttribute("overflow") !== "visible") return own;
  const drawn = svg.getBBox();
  if (!own) return drawn;
  const [left, top] = [Math.min(own.x, drawn.x), Math.min(own.y, drawn.y)];
  const right = Math.max(own.x + own.width, drawn.x + drawn.width);
  const bottom = Math.max(own.y + own.height, drawn.y + drawn.height);
  return new DOMRect(left, top, right - left, bottom - top);
}

class Walker {
  readonly #root: SVGSVGElement;
  readonly #grounds: Grounds;
  #left = MAX_SHAPES;

  constructor(root: SVGSVGElement, grounds: Grounds) {
    this.#root = root;
    this.#grounds = grounds;
  }

  children(element: Element, above?: Attributes): Node[] {
    return [...element.childNodes].flatMap((child) => {
      if (child instanceof SVGElement) return this.#shape(child, above);
      const isWritten = child instanceof Text && IS_TEXT.has(element.localName) && child.data !== "";
      return isWritten ? [child.data] : [];
    });
  }

  #shape(element: SVGElement, above?: Attributes): Node[] {
    if (--this.#left < 0) throw new Error(WORDS.tooLarge);
    const name = GROUPS[element.localName] ?? element.localName;
    if (name === "use") return this.#used(element as SVGUseElement);
    if (!Object.hasOwn(GEOMETRY, name)) return [];
    const style = getComputedStyle(element);
    if (style.display === "none" || style.opacity === "0") return [];
    const attributes = { ...geometryOf(element, name), ...placeOf(element, style) };
    if (name === "g" || name === "svg") return grouped(name, attributes, this.children(element));
    if (style.visibility !== "visible") return [];
    return IS_TEXT.has(name)
      ? this.#text(element, name, attributes, style, above)
      : this.#drawn(element, name, attributes, style);
  }

  #text(
    element: SVGElement,
    name: string,
    place: Attributes,
    style: CSSStyleDeclaration,
    above?: Attributes,
  ): Node[] {
    const look = { ...this.#ink(element, style), ...named(style, TEXT_STYLE), ...baselineOf(style) };
    const inner = this.children(element, look);
    return inner.length ? [{ t: name, a: { ...place, ...differing(look, above) }, c: inner }] : [];
  }

  /** The colour of words, or another one in which they can be read. */
  #ink(element: SVGElement, style: CSSStyleDeclaration): Attributes {
    const ink = this.#paints(style, "fill");
    if (ink.fill === "none") return ink;
    const ground = this.#grounds.under(element.getBoundingClientRect());
    return { ...ink, fill: readable(String(ink.fill), ground) };
  }

  #drawn(element: SVGElement, name: string, place: Attributes, style: CSSStyleDeclaration): Node[] {
    const look = { ...this.#paints(style, "fill"), ...this.#paints(style, "stroke") };
    if (look.stroke) Object.assign(look, named(style, SHAPE_STYLE));
    else if (style.fillRule !== "nonzero") look["fill-rule"] = style.fillRule;
    const hasArea = look.fill !== "none" && name !== "line";
    if (hasArea && Number(look["fill-opacity"] ?? 1) > 0.5)
      this.#grounds.paint(element.getBoundingClientRect(), String(look.fill));
    const heads = this.#heads(element as SVGGeometryElement, style);
    const isSeen = hasArea || look.stroke;
    const shape: Node[] = isSeen ? [{ t: name, a: { ...place, ...look } }] : [];
    return [...shape, ...grouped("g", placeOf(element, style), heads)];
  }

  /** A colour and how opaque it is; black is what a shape is filled with when nothing is said. */
  #paints(style: CSSStyleDeclaration, sort: "fill" | "stroke"): Attributes {
    const paint = this.#paint(style.getPropertyValue(sort));
    const opacity = (paint?.opacity ?? 0) * Number(style.getPropertyValue(`${sort}-opacity`));
    const width = sort === "stroke" ? Number.parseFloat(style.strokeWidth) : 1;
    if (!paint || !opacity || !width) return sort === "fill" ? { fill: "none" } : {};
    return { [sort]: paint.colour, ...(opacity < 1 ? { [`${sort}-opacity`]: short(opacity) } : {}) };
  }

  #paint(value: string): Paint | undefined {
    const gradient = this.#referred(value);
    if (!gradient) return paintOf(value);
    return meanPaint(
      [...gradient.querySelectorAll("stop")].map((stop) => paintOf(getComputedStyle(stop).stopColor)),
    );
  }

  /** The arrow heads of a line, as shapes; their colours may be the line's own. */
  #heads(line: SVGGeometryElement, style: CSSStyleDeclaration): Node[] {
    const ends: [End, string][] = [
      ["start", style.markerStart],
      ["end", style.markerEnd],
    ];
    return ends.flatMap(([end, reference]) => {
      const marker = this.#referred(reference);
      if (!(marker instanceof SVGMarkerElement)) return [];
      const [from, to] = directionAt(line, end);
      const transform = placed(placingOf(marker), end, from, to, Number.parseFloat(style.strokeWidth));
      this.#paintHead(marker, transform, line);
      return grouped("g", { transform }, this.children(marker));
    });
  }

  /** Words may stand on an arrow head, as the numbers of a sequence do. */
  #paintHead(
    { firstElementChild: shape }: SVGMarkerElement,
    transform: string,
    line: SVGGeometryElement,
  ): void {
    const paint = shape instanceof SVGGeometryElement ? paintOf(getComputedStyle(shape).fill) : undefined;
    if (paint) this.#grounds.paint(boxOf(shape as SVGGeometryElement, transform, line), paint.colour);
  }

  /** What a `<use>` shows, where it shows it. */
  #used(use: SVGUseElement): Node[] {
    const style = getComputedStyle(use);
    const target = this.#referred(`url(${use.href.baseVal})`);
    if (style.display === "none" || !(target instanceof SVGElement) || target.contains(use)) return [];
    const shift = `translate(${short(use.x.baseVal.value)} ${short(use.y.baseVal.value)})`;
    const inner = target instanceof SVGSymbolElement ? this.children(target) : this.#shape(target);
    return grouped("g", placeOf(use, style), grouped("g", { transform: shift }, inner));
  }

  #referred(value: string): Element | null {
    const id = /^url\(["']?[^#"')]*#([^"')]+)["']?\)/.exec(value)?.[1];
    return id ? this.#root.querySelector(`[id="${CSS.escape(id)}"]`) : null;
  }
}

function grouped(name: string, attributes: Attributes, children: Node[]): Node[] {
  if (!children.length) return [];
  const isPlain = name === "g" && !Object.keys(attributes).length;
  return isPlain ? children : [{ t: name, a: attributes, c: children }];
}

function geometryOf(element: SVGElement, name: string): Attributes {
  const said = (GEOMETRY[name] as readonly string[]).flatMap((attribute) => {
    const value = element.getAttribute(attribute);
    return value ? [[attribute, attribute === "viewBox" ? value : shortened(value)]] : [];
  });
  return Object.fromEntries(said);
}

/** Fewer digits; not in a path of arcs, where a flag may stand right before a number. */
function shortened(value: string): string {
  if (/a/i.test(value.replace(/[^a-z]/gi, ""))) return value;
  return value.replace(/-?\d*\.\d{3,}(?:e-?\d+)?/gi, (number, at: number) => {
    const isJoined = at > 0 && /[\d.]/.test(value[at - 1] as string);
    return `${isJoined ? " " : ""}${short(Number(number))}`;
  });
}

/** Where it is moved to, and how much of it shines through. */
function placeOf(element: SVGElement, style: CSSStyleDeclaration): Attributes {
  const { transform, opacity } = style;
  const moved = element instanceof SVGGraphicsElement && transform !== "none" ? transformOf(style) : "";
  return {
    ...(moved ? { transform: moved } : {}),
    ...(opacity !== "1" ? { opacity: short(Number(opacity)) } : {}),
  };
}

function transformOf({ transform, transformOrigin }: CSSStyleDeclaration): string {
  const [x = 0, y = 0] = transformOrigin.split(" ").map(Number.parseFloat);
  const { a, b, c, d, e, f } = new DOMMatrix()
    .translate(x, y)
    .multiply(new DOMMatrix(transform))
    .translate(-x, -y);
  const isShift = a === 1 && b === 0 && c === 0 && d === 1;
  if (isShift) return e || f ? `translate(${short(e)} ${short(f)})` : "";
  const exact = [a, b, c, d].map((value) => Number(value.toFixed(5)) || 0);
  return `matrix(${[...exact, short(e), short(f)].join(" ")})`;
}

/** Browsers heed the one on a text, and this is the one that trees have. */
function baselineOf(style: CSSStyleDeclaration): Attributes {
  const own = style.getPropertyValue("dominant-baseline");
  const aligned = style.getPropertyValue("alignment-baseline");
  return own === "auto" && !/^(auto|baseline|)$/.test(aligned) ? { "dominant-baseline": aligned } : {};
}

function named(style: CSSStyleDeclaration, usual: Record<string, string>): Attributes {
  return Object.fromEntries(
    Object.entries(usual).flatMap(([name, value]) => {
      const is = style.getPropertyValue(name);
      return is === value ? [] : [[name, is]];
    }),
  );
}

/** What a part of a text does not take over from the text. */
function differing(look: Attributes, above: Attributes = {}): Attributes {
  const names = new Set([...Object.keys(look), ...Object.keys(above)]);
  return Object.fromEntries(
    [...names]
      .map((name): [string, string | number] => [name, look[name] ?? TEXT_STYLE[name] ?? ""])
      .filter(([name, value]) => value !== "" && value !== (above[name] ?? "")),
  );
}

/** Two points of a line, at its start or its end, in the direction in which it is drawn. */
function directionAt(line: SVGGeometryElement, end: End): [DOMPoint, DOMPoint] {
  const length = line.getTotalLength();
  const step = Math.min(0.5, length / 4);
  const at = end === "start" ? 0 : length - step;
  return [line.getPointAtLength(at), line.getPointAtLength(at + step)];
}

/** Where `shape`, which is itself not in the picture, would be if it stood beside `sibling`, moved by `transform`. */
function boxOf(shape: SVGGraphicsElement, transform: string, sibling: SVGGraphicsElement): DOMRect {
  const { x, y, width, height } = shape.getBBox();
  const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
  group.setAttribute("transform", transform);
  const moved = DOMMatrix.fromMatrix(group.transform.baseVal.consolidate()?.matrix);
  const matrix = DOMMatrix.fromMatrix(sibling.getScreenCTM() ?? undefined).multiply(moved);
  const middle = matrix.transformPoint({ x: x + width / 2, y: y + height / 2 });
  const side = Math.max(width, height) * Math.hypot(matrix.a, matrix.b);
  return new DOMRect(middle.x - side / 2, middle.y - side / 2, side, side);
}

function placingOf(marker: SVGMarkerElement): Placing {
  const { baseVal } = marker.viewBox;
  const orient = marker.getAttribute("orient") ?? "0";
  return {
    refX: marker.refX.baseVal.value,
    refY: marker.refY.baseVal.value,
    width: marker.markerWidth.baseVal.value,
    height: marker.markerHeight.baseVal.value,
    isScaled: marker.markerUnits.baseVal === SVGMarkerElement.SVG_MARKERUNITS_STROKEWIDTH,
    viewBox: marker.hasAttribute("viewBox") ? baseVal : undefined,
    orient: orient === "auto" || orient === "auto-start-reverse" ? orient : Number.parseFloat(orient) || 0,
  };
}
