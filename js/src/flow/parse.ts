/** JSON text → graph. What cannot be drawn raises an `Error` that says what is wrong, and where. */

import { literal } from "../format";
import { complaintAbout } from "../json-fault";
import type { Direction, FlowEdge, FlowNode, Graph } from "./graph";
import { STRINGS } from "./strings";

const MAX_TEXT = 4_000_000;
const MAX_NODES = 2_000;
const MAX_EDGES = 5_000;
const MAX_PORTS = 20;

/** Longer words are cut: they are more than can be read in a diagram. */
const MAX_LABEL = 300;
const MAX_DETAIL = 2_000;

const DIRECTIONS: readonly Direction[] = ["LR", "TB"];
const ROUTINGS = ["curved", "orthogonal"];

type Fields = Readonly<Record<string, unknown>>;

export function parse(text: string): Graph {
  if (text.length > MAX_TEXT) throw new Error(STRINGS.tooLong(MAX_TEXT));
  const spec = decode(text);
  if (!isObject(spec)) throw new Error(STRINGS.notObject);
  const groups: string[] = [];
  const nodes = listOf(spec, "nodes", MAX_NODES).map((node, at) => readNode(node, at + 1, groups));
  const places = placesOf(nodes);
  return {
    title: words(spec.title, MAX_LABEL),
    direction: choice(spec, "direction", DIRECTIONS),
    isOrthogonal:
      choice(spec, "routing", ROUTINGS) === "orthogonal" || nodes.some(({ ports }) => ports.length > 0),
    nodes,
    edges: listOf(spec, "edges", MAX_EDGES).map((edge, at) => readEdge(edge, at + 1, nodes, places)),
    groups,
  };
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw complaintAbout(text);
  }
}

function listOf(spec: Fields, name: string, most: number): unknown[] {
  const list = spec[name] ?? [];
  if (!Array.isArray(list)) throw new Error(STRINGS.notList(name));
  if (list.length > most) throw new Error(STRINGS.tooMany(name, most, list.length));
  return list;
}

function readNode(value: unknown, number: number, groups: string[]): FlowNode {
  const node = isObject(value) ? value : { id: value };
  const id = idOf(node.id);
  if (id === undefined) throw new Error(STRINGS.badNode(number));
  return {
    id,
    label: words(node.label ?? node.id, MAX_LABEL) || words(id, MAX_LABEL),
    kind: words(node.kind, MAX_LABEL).toLowerCase(),
    detail: words(node.detail, MAX_DETAIL),
    group: groupOf(words(node.group, MAX_LABEL), groups),
    ports: Array.isArray(node.ports)
      ? node.ports.slice(0, MAX_PORTS).map((port) => words(port, MAX_LABEL))
      : [],
  };
}

/** The place of a group, which is new if nobody was in it. */
function groupOf(name: string, groups: string[]): number | undefined {
  if (!name) return undefined;
  const place = groups.indexOf(name);
  return place >= 0 ? place : groups.push(name) - 1;
}

function placesOf(nodes: readonly FlowNode[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [place, { id }] of nodes.entries()) {
    if (places.has(id)) throw new Error(STRINGS.sameId(short(id)));
    places.set(id, place);
  }
  return places;
}

function readEdge(
  value: unknown,
  number: number,
  nodes: readonly FlowNode[],
  places: ReadonlyMap<string, number>,
): FlowEdge {
  const edge = isObject(value) ? value : {};
  const place = (end: "from" | "to"): number => {
    const id = idOf(edge[end]);
    if (id === undefined) throw new Error(STRINGS.badEnd(number, end));
    const found = places.get(id);
    if (found === undefined) throw new Error(STRINGS.noNode(number, end, short(id)));
    return found;
  };
  const [from, to] = [place("from"), place("to")];
  return {
    from,
    to,
    label: words(edge.label, MAX_LABEL),
    fromPort: portOf(edge.fromPort, nodes[from], number),
    toPort: portOf(edge.toPort, nodes[to], number),
  };
}

function portOf(value: unknown, node: FlowNode | undefined, number: number): number | undefined {
  if (value === undefined || value === null || !node) return undefined;
  const port = words(value, MAX_LABEL);
  const place = node.ports.indexOf(port);
  if (place < 0) throw new Error(STRINGS.noPort(number, short(node.id), short(port)));
  return place;
}

/** What is left out is the first. */
function choice<T extends string>(spec: Fields, name: string, choices: readonly T[]): T {
  const found = spec[name] === undefined ? choices[0] : choices.find((one) => one === spec[name]);
  if (found === undefined) throw new Error(STRINGS.badChoice(name, choices));
  return found;
}

function idOf(value: unknown): string | undefined {
  const id = typeof value === "number" ? String(value) : value;
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** One line of what somebody wrote; numbers and booleans as they read. */
function words(value: unknown, most: number): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return "";
  const said = literal(
    String(value)
      .slice(0, most + 1)
      .replace(/\s+/g, " "),
  ).trim();
  return said.length > most ? `${said.slice(0, most)}…` : said;
}

function short(id: string): string {
  return words(id, 60);
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
