/** A diagram as a picture that needs no page: colours for classes, no reference to anything. */

import { type Branch, isBranch, type Node } from "../nodes";
import type { Size } from "./cards";
import { Colours } from "./colours";
import { branch, type Picture } from "./picture";

const FAMILY = "system-ui, sans-serif";

/** More than this is not taken by the kernel. */
const MAX_CHARS = 900_000;
/** What a picture of very many nodes does without. */
const DECORATION = /^flow-(?:tile|mark|detail)/;

/** The picture in the colours that it has in `place` now; none if it would be too long. */
export function snapshotOf(picture: Picture, size: Size, place: HTMLElement): Branch | undefined {
  const colours = new Colours(place);
  try {
    const whole = treeOf(picture, size, (node) => painted(node, colours));
    if (JSON.stringify(whole).length <= MAX_CHARS) return whole;
    const plain = treeOf(picture, size, (node) => painted(undecorated(node), colours));
    return JSON.stringify(plain).length <= MAX_CHARS ? plain : undefined;
  } finally {
    colours.remove();
  }
}

function treeOf({ groups, edges, tags, nodes }: Picture, size: Size, paint: (node: Branch) => Node): Branch {
  const width = Math.ceil(size.width);
  const height = Math.ceil(size.height);
  const ground = branch("rect", { class: "flow-ground", x: 0, y: 0, width, height });
  const shapes = [ground, ...groups, ...edges, ...tags.flatMap((tag) => tag ?? []), ...nodes];
  const drawing = branch("g", { "font-family": FAMILY }, ...shapes.map(paint));
  return branch("svg", { viewBox: `0 0 ${width} ${height}`, width, height }, drawing);
}

function undecorated(node: Branch): Branch {
  const kept = (node.c ?? []).filter((child) => !isBranch(child) || !DECORATION.test(String(child.a?.class)));
  return { ...node, c: kept };
}

function painted({ t, a = {}, c = [] }: Branch, colours: Colours): Branch {
  const { class: name, ...others } = a;
  const attributes = typeof name === "string" ? { ...others, ...colours.attributesOf(name, t) } : others;
  const children = c.map((child) => (isBranch(child) ? painted(child, colours) : child));
  return {
    t,
    ...(Object.keys(attributes).length > 0 ? { a: attributes } : {}),
    ...(children.length > 0 ? { c: children } : {}),
  };
}
