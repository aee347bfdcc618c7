/** Layout of small flows, on the page's own thread. */

import { Graph as DagreGraph, layout } from "@dagrejs/dagre";
import type { Direction, FlowEdge } from "./graph";
import { type Box, GROUP, type Layout, MARGIN, type Point, type Route, type Task } from "./layout";

const LAYERS = {
  LR: { ranksep: 64, nodesep: 22, edgesep: 14 },
  TB: { ranksep: 52, nodesep: 28, edgesep: 20 },
};

export function layOutByDagre(task: Task): Layout {
  const { graph } = task;
  const built = build(task);
  layout(built);
  const nodes = graph.nodes.map((_, place) => boxOf(built.node(`n${place}`)));
  const groups = graph.groups.map((_, place) =>
    around(nodes.filter((_, n) => graph.nodes[n]?.group === place)),
  );
  const routes = graph.edges.map((edge, place) =>
    routeOf(built.edge(ends(edge, place)), edge, nodes, graph.direction),
  );
  return placed({ nodes, groups, routes, ports: [], isOrthogonal: false });
}

function build({ graph, cards, tags }: Task): DagreGraph {
  const built = new DagreGraph({ multigraph: true, compound: graph.groups.length > 0 });
  const groupsApart = graph.groups.length > 0 ? { nodesep: GROUP.head, edgesep: GROUP.padding } : {};
  built.setGraph({ rankdir: graph.direction, ...LAYERS[graph.direction], ...groupsApart });
  for (const place of graph.groups.keys()) built.setNode(`g${place}`, {});
  for (const [place, { group }] of graph.nodes.entries()) {
    const { width, height } = cards[place] ?? { width: 0, height: 0 };
    built.setNode(`n${place}`, { width, height });
    if (group !== undefined) built.setParent(`n${place}`, `g${group}`);
  }
  for (const [place, edge] of graph.edges.entries()) {
    const { width = 0, height = 0 } = tags[place] ?? {};
    built.setEdge(ends(edge, place), { width, height, labelpos: "c" });
  }
  return built;
}

function ends({ from, to }: FlowEdge, place: number): { v: string; w: string; name: string } {
  return { v: `n${from}`, w: `n${to}`, name: String(place) };
}

interface Centred {
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
}

function boxOf({ x = 0, y = 0, width = 0, height = 0 }: Centred): Box {
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** Its own boxes of groups leave no room for a name. */
function around(boxes: readonly Box[]): Box {
  const [left, top] = [Math.min(...boxes.map(({ x }) => x)), Math.min(...boxes.map(({ y }) => y))];
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  const [x, y] = [left - GROUP.padding, top - GROUP.head];
  return { x, y, width: right + GROUP.padding - x, height: bottom + GROUP.padding - y };
}

/**
 * Edges leave and reach a node in the middle of a side, where curves look calm; those that lead back a little aside, or both of their
 * ends would look alike.
 */
function routeOf(
  found: Centred & { points?: Point[] },
  { from, to }: FlowEdge,
  nodes: readonly Box[],
  direction: Direction,
): Route {
  const tag = found.width ? boxOf(found) : undefined;
  const points = found.points ?? [];
  const [source, target] = [nodes[from], nodes[to]];
  if (!source || !target) return { points, tag };
  if (from === to) return { points: loopOf(source, found, direction), tag };
  const inner = points.slice(1, -1);
  const isBack = direction === "LR" ? target.x < source.x : target.y < source.y;
  const aside = isBack ? ASIDE : 0;
  const start = sideOf(source, inner[0] ?? target, direction, aside);
  const end = sideOf(target, inner.at(-1) ?? source, direction, aside);
  return { points: [start, ...inner, end], tag };
}

const LOOP = { reach: 10, depth: 16, inset: 12 };

/** Out of a node and back into it, around the words that it keeps room for: below it, or on its right. */
function loopOf({ x, y, width, height }: Box, words: Centred, direction: Direction): Point[] {
  if (direction === "TB") {
    const [right, middle] = [x + width, y + height / 2];
    const far = Math.max(words.x ?? 0, right + LOOP.depth);
    const [up, down] = [middle - LOOP.reach, middle + LOOP.reach];
    return [
      { x: right, y: up },
      { x: far, y: up },
      { x: far, y: down },
      { x: right, y: down },
    ];
  }
  const [bottom, middle] = [y + height, x + width / 2];
  const low = Math.max(words.y ?? 0, bottom + LOOP.depth);
  const reach = Math.min((words.width ?? 0) / 2 + LOOP.reach, width / 2 - LOOP.inset);
  const [right, left] = [middle + reach, middle - reach];
  return [
    { x: right, y: bottom },
    { x: right, y: low },
    { x: left, y: low },
    { x: left, y: bottom },
  ];
}

/** Of half a side. */
const ASIDE = 0.5;

function sideOf({ x, y, width, height }: Box, towards: Point, direction: Direction, aside: number): Point {
  const [right, down] = [width / 2, height / 2];
  const middle = { x: x + right, y: y + down };
  const way = { x: towards.x < middle.x ? -1 : 1, y: towards.y < middle.y ? -1 : 1 };
  if (direction === "LR") return { x: middle.x + way.x * right, y: middle.y + way.y * down * aside };
  return { x: middle.x + way.x * right * aside, y: middle.y + way.y * down };
}

/** Moved so that nothing is left of or above the margin. */
function placed(layout: Omit<Layout, "width" | "height">): Layout {
  const { nodes, groups, routes } = layout;
  const boxes = [...nodes, ...groups, ...routes.flatMap(({ tag }) => tag ?? [])];
  const points = [...boxes, ...routes.flatMap((route) => route.points)];
  const left = MARGIN - points.reduce((least, { x }) => Math.min(least, x), Number.POSITIVE_INFINITY);
  const top = MARGIN - points.reduce((least, { y }) => Math.min(least, y), Number.POSITIVE_INFINITY);
  const move = <T extends Point>(point: T): T => ({ ...point, x: point.x + left, y: point.y + top });
  const corners = [
    ...points,
    ...boxes.map(({ x, y, width, height }) => ({ x: x + width, y: y + height })),
  ].map(move);
  return {
    ...layout,
    nodes: nodes.map(move),
    groups: groups.map(move),
    routes: routes.map((route) => ({ points: route.points.map(move), tag: route.tag && move(route.tag) })),
    width: corners.reduce((most, { x }) => Math.max(most, x), 0) + MARGIN,
    height: corners.reduce((most, { y }) => Math.max(most, y), 0) + MARGIN,
  };
}
