/** What is known of the node that is selected, and the way to its neighbours. */

import { h } from "../dom";
import type { FlowEdge, Graph, Links } from "./graph";
import { STRINGS } from "./strings";

const MAX_NEIGHBOURS = 8;

export interface Panel {
  readonly element: HTMLElement;
  /** Nothing hides it. */
  show(place: number | undefined): void;
}

export function makePanel(
  graph: Graph,
  links: Links,
  select: (place: number | undefined) => void,
  signal: AbortSignal,
): Panel {
  const element = h("section", { class: "flow-panel", hidden: true });
  element.addEventListener(
    "click",
    ({ target }) => {
      const place = (target as Element).closest("button")?.dataset.place;
      if (place !== undefined) select(place === "" ? undefined : Number(place));
    },
    { signal },
  );
  const show = (place: number | undefined) => {
    element.hidden = place === undefined;
    element.replaceChildren(...(place === undefined ? [] : partsOf(place, graph, links)));
  };
  return { element, show };
}

function partsOf(place: number, { nodes, groups }: Graph, links: Links): HTMLElement[] {
  const { label = "", kind = "", detail = "", group } = nodes[place] ?? {};
  const close = h(
    "button",
    { type: "button", class: "flow-close", "aria-label": STRINGS.close, "data-place": "" },
    "×",
  );
  const notes = [kind, group === undefined ? "" : (groups[group] ?? "")].filter(Boolean).join(" · ");
  const neighbours = (edges: readonly FlowEdge[], end: "from" | "to", heading: string) =>
    row(
      heading,
      edges.map((edge) => ({ place: edge[end], label: nodes[edge[end]]?.label ?? "" })),
    );
  return [
    h("div", { class: "flow-panel-head" }, h("strong", {}, label), close),
    ...(notes ? [h("p", { class: "flow-notes" }, notes)] : []),
    ...(detail ? [h("p", {}, detail)] : []),
    ...neighbours(links.incoming[place] ?? [], "from", STRINGS.comesFrom),
    ...neighbours(links.outgoing[place] ?? [], "to", STRINGS.leadsTo),
  ];
}

function row(heading: string, ends: readonly { place: number; label: string }[]): HTMLElement[] {
  if (ends.length === 0) return [];
  const buttons = ends
    .slice(0, MAX_NEIGHBOURS)
    .map(({ place, label }) => h("button", { type: "button", "data-place": String(place) }, label));
  const more = ends.length > MAX_NEIGHBOURS ? [STRINGS.more(ends.length - MAX_NEIGHBOURS)] : [];
  return [h("p", { class: "flow-ends" }, h("span", {}, heading), ...buttons, ...more)];
}
