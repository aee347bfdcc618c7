/** Every word of the flow diagrams. */

const COUNT = new Intl.NumberFormat("en");

export const STRINGS = {
  diagram: "Flow diagram",
  described: (title: string, nodes: number, edges: number) =>
    `${title}: ${counted(nodes, "node")}, ${counted(edges, "edge")}`,
  nodes: "Nodes",
  canvas: "Arrows move the diagram, plus and minus zoom, 0 fits it",
  layingOut: (nodes: number) => `Laying out ${counted(nodes, "node")}…`,
  noWorker: "This page allows no worker: laid out more simply.",
  empty: "a flow without nodes",

  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fit: "Fit",
  fitWhole: "Fit the whole diagram",
  saveSvg: "SVG",
  savePng: "PNG",
  notSaved: "This browser did not make a picture of it",
  list: "As a list",
  close: "Close",
  comesFrom: "From",
  leadsTo: "To",
  more: (n: number) => `${n} more`,
  named: (label: string, detail: string, kind: string, outgoing: number) =>
    [label, detail, kind, `${outgoing} outgoing`].filter(Boolean).join(", "),
  selected: (label: string, detail: string) =>
    detail ? `Selected ${label}: ${detail}` : `Selected ${label}`,
  nothingSelected: "Nothing selected",

  tooLong: (most: number) => `a flow has at most ${COUNT.format(most)} characters`,
  notObject: 'a flow is an object with "nodes" and "edges"',
  notList: (name: string) => `"${name}" is no list`,
  tooMany: (name: string, most: number, n: number) =>
    `a flow has at most ${COUNT.format(most)} ${name}; this one has ${COUNT.format(n)}`,
  badNode: (n: number) => `node ${n} has no "id"`,
  sameId: (id: string) => `two nodes have the id "${id}"`,
  noNode: (n: number, end: string, id: string) =>
    `edge ${n}: "${end}" names the node "${id}", which is not there`,
  badEnd: (n: number, end: string) => `edge ${n} has no "${end}"`,
  noPort: (n: number, id: string, port: string) => `edge ${n}: the node "${id}" has no port "${port}"`,
  badChoice: (name: string, choices: readonly string[]) =>
    `"${name}" is ${choices.map((choice) => `"${choice}"`).join(" or ")}`,
  tooLarge: (most: number) =>
    `this page allows no worker, and without one at most ${COUNT.format(most)} nodes, simply joined, are laid out`,
  tooSlow: (seconds: number) => `it could not be laid out within ${seconds} s`,
  notLaidOut: (why: string) => `it could not be laid out: ${why}`,
};

function counted(n: number, noun: string): string {
  return `${COUNT.format(n)} ${noun}${n === 1 ? "" : "s"}`;
}
