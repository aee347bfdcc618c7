/** The same in words: every node, and where it leads. Built when somebody opens it. */

import { Disclosure } from "../disclosure";
import { h } from "../dom";
import type { Graph, Links } from "./graph";
import { STRINGS } from "./strings";

export function asList(graph: Graph, links: Links): HTMLElement {
  const fold = new Disclosure("quiet", (body) => body.append(listOf(graph, links)), STRINGS.list);
  return h("div", { class: "flow-list" }, fold.button, fold.body);
}

function listOf(graph: Graph, links: Links): HTMLElement {
  const items = graph.nodes.map((_, place) => itemOf(place, graph, links));
  return h("ul", { tabindex: "0", "aria-label": STRINGS.list }, ...items); // it scrolls
}

function itemOf(place: number, { nodes, groups }: Graph, links: Links): HTMLElement {
  const { label = "", kind = "", detail = "", group } = nodes[place] ?? {};
  const notes = [kind, group === undefined ? "" : groups[group]].filter(Boolean).join(", ");
  const item = h("li", {}, h("b", {}, label), notes ? ` (${notes})` : "", detail ? `: ${detail}` : "");
  const leading = links.outgoing[place] ?? [];
  if (leading.length === 0) return item;
  const ends = leading.map((edge) =>
    h("li", {}, `→ ${nodes[edge.to]?.label ?? ""}`, edge.label ? ` (${edge.label})` : ""),
  );
  item.append(h("ul", {}, ...ends));
  return item;
}
