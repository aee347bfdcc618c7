/** Node trees, and the operations that change them. docs/nodes.md is the contract; nothing here knows the document. */

export type Node = string | Branch;

/** An element of the tree; whether its name, its attributes and its children are allowed is judged where it is built. */
export interface Branch {
  t: string;
  a?: Record<string, unknown>;
  c?: Node[];
}

/** Child indexes, from the list of blocks. */
export type Path = readonly number[];

export type Op =
  | ["text", path: Path, keep: number, add: string]
  | ["add", path: Path, nodes: Node[]]
  | ["cut", path: Path, keep: number]
  | ["set", path: Path, node: Node]
  | ["attr", path: Path, name: string, value: unknown];

/** A tree this deep is text from here on: no recursion over it can exhaust the stack. */
export const MAX_DEPTH = 100;

/**
 * The tree after `ops`; `nodes` stays as it is, and what no operation touched is the same object in both.
 *
 * So a view finds what changed by comparing references, however many operations it slept through. An operation whose path leads
 * to nothing it could change changes nothing.
 */
export function patch(nodes: Node[], ops: readonly Op[]): Node[] {
  return ops.reduce(applied, nodes);
}

/** What one operation makes of the node at its path; `undefined` if that node is not of its kind. */
type Change = (node: Node) => Node | undefined;

const CHANGES: { [K in Op[0]]: (op: Extract<Op, [K, ...unknown[]]>) => Change } = {
  text:
    ([, , keep, add]) =>
    (node) =>
      typeof node !== "string" ? undefined : keep >= node.length ? node + add : node.slice(0, keep) + add,
  add:
    ([, , added]) =>
    (node) =>
      isBranch(node) ? withChildren(node, [...childrenOf(node), ...added]) : undefined,
  cut:
    ([, , keep]) =>
    (node) =>
      isBranch(node) ? withChildren(node, childrenOf(node).slice(0, keep)) : undefined,
  set:
    ([, , other]) =>
    () =>
      other,
  attr:
    ([, , name, value]) =>
    (node) =>
      isBranch(node) ? withAttribute(node, name, value) : undefined,
};

function applied(nodes: Node[], op: Op): Node[] {
  if (!Object.hasOwn(CHANGES, op[0])) return nodes;
  const [kind, path] = op;
  if (kind === "set" && !path.length) return nodes;
  const change = (CHANGES[kind] as (op: Op) => Change)(op);
  const root = changedAt({ t: "", c: nodes }, path, change);
  return root ? childrenOf(root) : nodes;
}

/** `root` with the node at `path` changed, and only the way down to it made anew. */
function changedAt(root: Branch, path: Path, change: Change): Node | undefined {
  const way: Node[] = [root];
  for (const at of path) {
    const next = childrenOf(way.at(-1) as Node)[at];
    if (next === undefined) return undefined;
    way.push(next);
  }
  let changed = change(way.at(-1) as Node);
  for (let depth = path.length - 1; depth >= 0 && changed !== undefined; depth--) {
    const parent = way[depth] as Branch;
    const children = childrenOf(parent).slice();
    children[path[depth] as number] = changed;
    changed = withChildren(parent, children);
  }
  return changed;
}

function withChildren(node: Branch, children: Node[]): Branch {
  const { c: _, ...rest } = node;
  return children.length ? { ...rest, c: children } : rest;
}

function withAttribute(node: Branch, name: string, value: unknown): Branch {
  const { a, ...rest } = node;
  const { [name]: _, ...others } = a ?? {};
  if (value !== null) return { ...rest, a: { ...others, [name]: value } }; // a computed name is always an own one
  return Object.keys(others).length ? { ...rest, a: others } : rest;
}

export function isBranch(node: unknown): node is Branch {
  return typeof node === "object" && node !== null && typeof (node as Branch).t === "string";
}

export function childrenOf(node: Node): Node[] {
  return isBranch(node) && Array.isArray(node.c) ? node.c : [];
}

/** An attribute as it came: whoever asks decides what it may be. */
export function attributeOf(node: Branch, name: string): unknown {
  const { a } = node;
  return typeof a === "object" && a !== null && Object.hasOwn(a, name) ? a[name] : undefined;
}

/** Whether both show the same; what is one object is not looked into. */
export function isSame(one: unknown, other: unknown, depth = 0): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other || depth > 2 * MAX_DEPTH)
    return false;
  const names = Object.keys(one);
  return (
    Array.isArray(one) === Array.isArray(other) &&
    names.length === Object.keys(other).length &&
    names.every(
      (name) =>
        Object.hasOwn(other, name) &&
        isSame(one[name as keyof typeof one], other[name as keyof typeof other], depth + 1),
    )
  );
}

/** The text of a tree without its marks. Not recursive: the tree may be deeper than the stack. */
export function plainText(...nodes: Node[]): string {
  const rest = [...nodes].reverse();
  let text = "";
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    if (typeof node === "string") text += node;
    else if (isBranch(node) && node.t === "br") text += "\n";
    else for (const child of childrenOf(node).slice().reverse()) rest.push(child);
  }
  return text;
}
