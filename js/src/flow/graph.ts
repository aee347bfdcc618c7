/** What a flow diagram is made of. Nodes and groups are known by their place in the list: ids are anybody's words. */

export type Direction = "LR" | "TB";

export interface FlowNode {
  readonly id: string;
  readonly label: string;
  readonly kind: string;
  readonly detail: string;
  readonly group: number | undefined;
  readonly ports: readonly string[];
}

export interface FlowEdge {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  /** Places in the lists of ports of the nodes at its ends. */
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
}

export interface Graph {
  readonly title: string;
  readonly direction: Direction;
  readonly isOrthogonal: boolean;
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  readonly groups: readonly string[];
}

/** The edges that leave and reach each node, by its place. */
export interface Links {
  readonly outgoing: readonly (readonly FlowEdge[])[];
  readonly incoming: readonly (readonly FlowEdge[])[];
}

export function linksOf({ nodes, edges }: Pick<Graph, "nodes" | "edges">): Links {
  const outgoing: FlowEdge[][] = nodes.map(() => []);
  const incoming: FlowEdge[][] = nodes.map(() => []);
  for (const edge of edges) {
    outgoing[edge.from]?.push(edge);
    incoming[edge.to]?.push(edge);
  }
  return { outgoing, incoming };
}
