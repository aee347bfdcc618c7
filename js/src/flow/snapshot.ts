/** A diagram as a picture that needs no page: colours for classes, no reference to anything. */

import { type Branch, isBranch, type Node } from "../nodes";
import type { Size } from "./cards";
import { branch, type Picture } from "./picture";
import { svg } from "./svg";

/** What a class may say, by the name that it has as an attribute. */
const PAINTS = ["fill", "stroke"];
const STYLES = [
  "stroke-width",
  "stroke-linejoin",
  "stroke-linecap",
  "font-size",
  "font-weight",
  "text-anchor",
];
const INITIAL: Readonly<Record<string, string>> = {
  "stroke-width": "1",
  "stroke-linejoin": "miter",
  "stroke-linecap": "butt",
  "font-weight": "400",
  "text-anchor": "start",
};
const FAMILY = "system-ui, sans-serif";

/** More than this is not taken by the kernel. */
const MAX_CHARS = 900_000;
/** What a picture of very many nodes does without. */
const DECORATION = /^flow-(?:tile|mark|detail)/;

/** The picture in the colours that `place`, an `svg` of the page, has now; none if it would be too long. */
export function snapshotOf(picture: Picture, size: Size, place: SVGSVGElement): Branch | undefined {
  const colours = new Colours(place);
  const whole = treeOf(picture, size, (node) => colours.resolved(node));
  if (JSON.stringify(whole).length <= MAX_CHARS) return whole;
  const plain = treeOf(picture, size, (node) => colours.resolved(undecorated(node)));
  return JSON.stringify(plain).length <= MAX_CHARS ? plain : undefined;
}

function treeOf(
  { groups, edges, tags, nodes }: Picture,
  size: Size,
  resolved: (node: Branch) => Node,
): Branch {
  const width = Math.ceil(size.width);
  const height = Math.ceil(size.height);
  const ground = branch("rect", { class: "flow-ground", x: 0, y: 0, width, height });
  const shapes = [ground, ...groups, ...edges, ...tags.flatMap((tag) => tag ?? []), ...nodes];
  const drawing = branch("g", { "font-family": FAMILY }, ...shapes.map(resolved));
  return branch("svg", { viewBox: `0 0 ${width} ${height}`, width, height }, drawing);
}

function undecorated(node: Branch): Branch {
  const kept = (node.c ?? []).filter((child) => !isBranch(child) || !DECORATION.test(String(child.a?.class)));
  return { ...node, c: kept };
}

class Colours {
  readonly #place: SVGSVGElement;
  readonly #known = new Map<string, Record<string, string>>();
  readonly #canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

  constructor(place: SVGSVGElement) {
    this.#place = place;
  }

  resolved({ t, a = {}, c = [] }: Branch): Branch {
    const { class: name, ...others } = a;
    const paint = typeof name === "string" ? this.#paintOf(name, t) : {};
    return {
      t,
      ...(Object.keys(others).length + Object.keys(paint).length > 0 ? { a: { ...others, ...paint } } : {}),
      ...(c.length > 0 ? { c: c.map((child) => (isBranch(child) ? this.resolved(child) : child)) } : {}),
    };
  }

  /** Asked of the page once a class: a shape of it is put there for a moment. */
  #paintOf(name: string, tag: string): Record<string, string> {
    const known = this.#known.get(name);
    if (known) return known;
    const probe = this.#place.appendChild(svg(tag, { class: name }));
    const style = getComputedStyle(probe);
    const paints = PAINTS.map((property) => [property, this.#colour(style.getPropertyValue(property))]);
    const styles = STYLES.map((property) => [property, style.getPropertyValue(property).replace(/px$/, "")]);
    probe.remove();
    const isText = tag === "text";
    const said = [
      ...paints,
      ...styles.filter(([property = ""]) => isText || !/^(?:font|text)/.test(property)),
    ];
    const paint = Object.fromEntries(
      said.filter(([property = "", value]) => value && value !== INITIAL[property]),
    );
    if (paint.stroke === "none")
      for (const property of Object.keys(paint)) if (/^stroke/.test(property)) delete paint[property];
    this.#known.set(name, paint);
    return paint;
  }

  /** A page says colours in many ways, a picture in one. */
  #colour(value: string): string {
    if (value === "none" || !this.#canvas) return "none";
    this.#canvas.clearRect(0, 0, 1, 1);
    this.#canvas.fillStyle = value;
    this.#canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = this.#canvas.getImageData(0, 0, 1, 1).data;
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  }
}
