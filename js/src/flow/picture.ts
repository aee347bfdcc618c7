/** The shapes of a diagram as node trees: what the page builds, and what a picture of it is made of. Colours are classes. */

import type { Branch, Node } from "../nodes";
import { CARD, type Card, type Tag } from "./cards";
import type { FlowNode } from "./graph";
import { kindOf } from "./kinds";
import type { Box, Layout, Point, Route, Task } from "./layout";
import { drawnEdge, round } from "./paths";
import { ellipsised, type Measure } from "./text";

/** From the ground up. */
export interface Picture {
  readonly groups: readonly Branch[];
  readonly edges: readonly Branch[];
  /** They stand over the lines of all edges. */
  readonly tags: readonly (Branch | undefined)[];
  readonly nodes: readonly Branch[];
}

export function pictureOf({ graph, cards, tags }: Task, layout: Layout, measure: Measure): Picture {
  const isSmooth = !layout.isOrthogonal;
  return {
    groups: layout.groups.map((box, place) => group(box, graph.groups[place] ?? "", measure)),
    edges: layout.routes.map((route) => edge(drawnEdge(route.points, graph.direction, isSmooth))),
    tags: layout.routes.map((route, place) => tag(route, tags[place])),
    nodes: graph.nodes.map((node, place) => {
      const box = layout.nodes[place];
      const card = cards[place];
      return box && card ? drawnNode(node, card, box, layout.ports[place] ?? []) : branch("g", {});
    }),
  };
}

function group(box: Box, name: string, measure: Measure): Branch {
  const text = ellipsised(name, box.width - 2 * CARD.inset, "group", measure);
  return branch(
    "g",
    {},
    rect("flow-area", box, 12),
    words("flow-area-name", { x: box.x + CARD.inset + 2, y: box.y + 19 }, text),
  );
}

function edge({ line, head }: { line: string; head: string }): Branch {
  return branch(
    "g",
    {},
    branch("path", { class: "flow-line", d: line }),
    branch("path", { class: "flow-head", d: head }),
  );
}

function tag(route: Route, said: Tag | undefined): Branch | undefined {
  if (!said || !route.tag) return undefined;
  const { x, y, width, height } = route.tag;
  const middle = { x: x + width / 2, y: y + height / 2 + 4 };
  return branch("g", {}, rect("flow-tag", route.tag, 5), words("flow-tag-words", middle, said.text));
}

function drawnNode({ kind }: FlowNode, card: Card, box: Box, ports: readonly Point[]): Branch {
  const known = kindOf(kind);
  const { x, y, height } = box;
  const mark = { x: x + CARD.inset - 2, y: y + (height - CARD.mark) / 2 };
  const left = x + CARD.inset + (known ? CARD.mark + CARD.gap - 2 : 0);
  const top = y + CARD.padding + 13.5;
  const lines = card.lines.map((line, n) =>
    words("flow-words", { x: left, y: top + n * CARD.line }, `${line} `),
  ); // words apart for who reads them in a row
  const below = { x: left, y: top + card.lines.length * CARD.line - 1 };
  return branch(
    "g",
    {},
    rect(known ? `flow-card flow-${known.tone}` : "flow-card", box, ROUND.has(kind) ? height / 2 : 9),
    ...(known ? markAt(mark, known.tone, known.mark) : []),
    ...lines,
    ...(card.detail ? [words("flow-detail", below, card.detail)] : []),
    ...ports.map((port) =>
      branch("circle", { class: "flow-port", cx: round(port.x), cy: round(port.y), r: 3.5 }),
    ),
  );
}

/** Where a flow begins and ends. */
const ROUND = new Set(["start", "end"]);

function markAt({ x, y }: Point, tone: string, d: string): Node[] {
  const box = { x, y, width: CARD.mark, height: CARD.mark };
  const inset = (CARD.mark - 16) / 2;
  const transform = `translate(${round(x + inset)} ${round(y + inset)})`;
  return [
    rect(`flow-tile flow-${tone}`, box, 6),
    branch("path", { class: `flow-mark flow-${tone}`, d, transform }),
  ];
}

function words(name: string, { x, y }: Point, text: string): Branch {
  return branch("text", { class: name, x: round(x), y: round(y) }, text);
}

function rect(name: string, { x, y, width, height }: Box, rx: number): Branch {
  return branch("rect", {
    class: name,
    x: round(x),
    y: round(y),
    width: round(width),
    height: round(height),
    rx: round(rx),
  });
}

export function branch(t: string, a: Record<string, unknown>, ...c: Node[]): Branch {
  return { t, a, c };
}
