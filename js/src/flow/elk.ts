/** What ELK is asked, and what its answer means. Source: https://eclipse.dev/elk/reference.html and its JSON format. */

import type { ElkExtendedEdge, ElkNode, ElkPort, LayoutOptions } from "elkjs/lib/elk-api";
import type { FlowEdge, FlowNode, Graph } from "./graph";
import { type Box, GROUP, type Layout, MARGIN, type Point, type Route, type Task } from "./layout";

const DIRECTIONS = { LR: "RIGHT", TB: "DOWN" };
const SIDES = { LR: { in: "WEST", out: "EAST" }, TB: { in: "NORTH", out: "SOUTH" } };

/** From here on looks are traded for time. */
const MANY = 400;

const OPTIONS: LayoutOptions = {
  "elk.algorithm": "layered",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.json.edgeCoords": "ROOT",
  "elk.json.shapeCoords": "ROOT",
  "elk.padding": insets(MARGIN, MARGIN),
  "elk.spacing.nodeNode": "22",
  "elk.spacing.edgeNode": "16",
  "elk.spacing.edgeEdge": "10",
  "elk.spacing.componentComponent": "32",
  "elk.layered.spacing.nodeNodeBetweenLayers": "56",
  "elk.layered.spacing.edgeNodeBetweenLayers": "20",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "10",
};
const QUICK: LayoutOptions = {
  "elk.layered.thoroughness": "2",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.layered.crossingMinimization.greedySwitch.type": "OFF",
};

const ON_THE_LINE: LayoutOptions = { "elk.edgeLabels.inline": "true" };

const PORT = 7;

export function elkGraph({ graph, cards, tags }: Task): ElkNode {
  const reached = new Set(graph.edges.map(({ to, toPort }) => `${to} ${toPort}`));
  const nodes = graph.nodes.map((node, place): ElkNode => {
    const { width, height } = cards[place] ?? { width: 0, height: 0 };
    return { id: `n${place}`, width, height, ...portsOf(node, place, graph, reached) };
  });
  const inGroup = (group: number | undefined) =>
    nodes.filter((_, place) => graph.nodes[place]?.group === group);
  const groups = graph.groups.map((_, place): ElkNode => {
    return {
      id: `g${place}`,
      children: inGroup(place),
      layoutOptions: { "elk.padding": insets(GROUP.head, GROUP.padding) },
    };
  });
  return {
    id: "root",
    layoutOptions: {
      ...OPTIONS,
      ...(graph.nodes.length > MANY ? QUICK : {}),
      "elk.direction": DIRECTIONS[graph.direction],
    },
    children: [...inGroup(undefined), ...groups],
    edges: graph.edges.map((edge, place): ElkExtendedEdge => {
      const { width, height, text } = tags[place] ?? {};
      const sources = [endOf(edge.from, edge.fromPort)];
      const targets = [endOf(edge.to, edge.toPort)];
      return {
        id: `e${place}`,
        sources,
        targets,
        ...(text && width && height ? { labels: [{ text, width, height, layoutOptions: ON_THE_LINE }] } : {}),
      };
    }),
  };
}

function insets(top: number, others: number): string {
  return `[top=${top},left=${others},bottom=${others},right=${others}]`;
}

function endOf(place: number, port: number | undefined): string {
  return port === undefined ? `n${place}` : `n${place}p${port}`;
}

/** What an edge ends in stands where edges come from; all others on the far side. */
function portsOf(
  { ports }: FlowNode,
  place: number,
  { direction }: Graph,
  reached: ReadonlySet<string>,
): { ports?: ElkPort[]; layoutOptions?: LayoutOptions } {
  if (ports.length === 0) return {};
  const sides = SIDES[direction];
  return {
    layoutOptions: { "elk.portConstraints": "FIXED_SIDE", "elk.spacing.portPort": "12" },
    ports: ports.map((_, port) => ({
      id: `n${place}p${port}`,
      width: PORT,
      height: PORT,
      layoutOptions: {
        "elk.port.side": reached.has(`${place} ${port}`) ? sides.in : sides.out,
        "elk.port.borderOffset": String(-PORT / 2),
      },
    })),
  };
}

export function layoutOfElk(answer: ElkNode, { graph }: Task): Layout {
  const found = new Map<string, ElkNode>();
  collect(answer, found);
  const boxAt = (id: string): Box => boxOf(found.get(id) ?? {});
  const edges = new Map(edgesOf(answer).map((edge) => [edge.id, edge]));
  return {
    width: answer.width ?? 0,
    height: answer.height ?? 0,
    nodes: graph.nodes.map((_, place) => boxAt(`n${place}`)),
    ports: graph.nodes.map((_, place) => (found.get(`n${place}`)?.ports ?? []).map(boxOf).map(middleOf)),
    groups: graph.groups.map((_, place) => boxAt(`g${place}`)),
    routes: graph.edges.map((_: FlowEdge, place) => routeOf(edges.get(`e${place}`))),
    isOrthogonal: true,
  };
}

function collect(node: ElkNode, found: Map<string, ElkNode>): void {
  found.set(node.id, node);
  for (const child of node.children ?? []) collect(child, found);
}

/** An answer may hold an edge in the group that both of its ends are in. */
function edgesOf(node: ElkNode): ElkExtendedEdge[] {
  return [...(node.edges ?? []), ...(node.children ?? []).flatMap(edgesOf)];
}

function routeOf(edge: ElkExtendedEdge | undefined): Route {
  const section = edge?.sections?.[0];
  const label = edge?.labels?.[0];
  const points = section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] : [];
  return { points, tag: label && boxOf(label) };
}

function boxOf({ x = 0, y = 0, width = 0, height = 0 }: Partial<Box>): Box {
  return { x, y, width, height };
}

function middleOf({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 };
}
