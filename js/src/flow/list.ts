/** The same in words: every node, and where it leads. Built when somebody opens it. */

import { h } from "../dom";
import type { Graph, Links } from "./graph";
import { STRINGS } from "./strings";

export function asList(graph: Graph, links: Links, signal: AbortSignal): HTMLElement {
  const items = h("ul", { tabindex: "0", "aria-label": STRINGS.list }); // it scrolls
  const details = h("details", { class: "flow-list" }, h("summary", {}, STRINGS.list), items);
  const fill = () => {
    if (!items.firstChild) items.append(...graph.nodes.map((_, place) => itemOf(place, graph, links)));
  };
  details.addEventListener("toggle", fill, { signal });
  return details;
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
