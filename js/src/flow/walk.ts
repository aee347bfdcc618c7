/** Where an arrow key leads from a node: along an edge if one goes that way, else to the nearest node there. */

import type { Direction, Links } from "./graph";
import type { Box, Point } from "./layout";

const STEPS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

export function stepOf(key: string): Point | undefined {
  return Object.hasOwn(STEPS, key) ? STEPS[key] : undefined;
}

/** The node that is next by this key; none if there is none, or the key leads nowhere. */
export function walk(
  key: string,
  from: number,
  boxes: readonly Box[],
  links: Links,
  direction: Direction,
): number | undefined {
  if (key === "Home") return 0;
  if (key === "End") return boxes.length - 1;
  const way = stepOf(key);
  if (!way) return undefined;
  const linked = [
    ...(links.outgoing[from] ?? []).map(({ to }) => to),
    ...(links.incoming[from] ?? []).map((edge) => edge.from),
  ];
  const steepness = (way.x !== 0) === (direction === "LR") ? STEEP : 1;
  return nearest(linked, from, boxes, way, steepness) ?? nearest(boxes.keys(), from, boxes, way, 1);
}

/** With the flow, an edge may go this much more across than along, and still be said to go that way. */
const STEEP = 4;
/** What lies aside is farther off than it is. */
const ASIDE = 2;

function nearest(
  places: Iterable<number>,
  from: number,
  boxes: readonly Box[],
  way: Point,
  steepness: number,
): number | undefined {
  const start = middle(boxes[from]);
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const place of places) {
    const end = middle(boxes[place]);
    const along = (end.x - start.x) * way.x + (end.y - start.y) * way.y;
    const aside = Math.abs((end.x - start.x) * way.y) + Math.abs((end.y - start.y) * way.x);
    const far = along + ASIDE * aside;
    if (place === from || along <= 0 || aside > along * steepness || far >= least) continue;
    best = place;
    least = far;
  }
  return best;
}

function middle({ x, y, width, height }: Box = { x: 0, y: 0, width: 0, height: 0 }): Point {
  return { x: x + width / 2, y: y + height / 2 };
}
