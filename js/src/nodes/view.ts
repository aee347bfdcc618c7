/** Builds a node tree, and brings what is built to what the tree is now. Elements and text nodes are all it makes. */

import { setAttribute } from "../dom";
import { commonLength } from "../lanes/live-text";
import { type Branch, childrenOf, isBranch, isSame, MAX_DEPTH, attributeOf as of, plainText } from "../nodes";
import type { Rich } from "../rich";
import { type Kind, kindOf } from "./allow";
import { BlockPages } from "./block-pages";
import { Fence } from "./fence";
import { Formula } from "./formula";
import { dressItem, dressLink, FootnoteMark, SourceMark } from "./marks";
import { Media } from "./media";
import { Scene } from "./scene";
import { wrapTable } from "./table";

type TreeNode = Branch | string;

/** One node on the screen. It is made once, and stays while the node is one of its sort. */
export interface NodeView {
  readonly dom: ChildNode;
  /** What it shows wholly; nothing while more of it is to come. */
  node: unknown;
  /** Show `node` from now on. Says no, and changes nothing, if that takes a view of another sort. */
  sync(node: unknown, scene: Scene): boolean;
  /** The element at whose end the caret stands. */
  readonly end?: Element | undefined;
  destroy?(): void;
}

/** What one node costs beside its text, in characters: a burst of empty elements must not take a frame either. */
const NODE_CHARS = 16;

/** Puts nodes into the document, and takes them out. */
interface Place {
  insert(dom: ChildNode, next: ChildNode | null): void;
  remove(dom: ChildNode): void;
}

export function inside(element: Element): Place {
  return {
    insert: (dom, next) => element.insertBefore(dom, next),
    remove: (dom) => dom.remove(),
  };
}

/** The children of one element, changed where they differ and nowhere else. */
export class Children {
  readonly #place: Place;
  readonly #depth: number;
  readonly #views: NodeView[] = [];

  constructor(place: Place, depth: number) {
    this.#place = place;
    this.#depth = depth;
  }

  /** Bring them to `nodes`. Gives whether all is there: what is too much for one frame is for the next call. */
  sync(nodes: readonly unknown[], scene: Scene): boolean {
    const [start, end] = this.#same(nodes);
    const old = this.#views.splice(start, this.#views.length - start - end);
    const rest = nodes.slice(start, nodes.length - end);
    const before = this.#domAt(start);
    const now: NodeView[] = [];
    let isWhole = true;
    for (const node of rest) {
      if (scene.left <= 0) break;
      const view = this.#placed(node, old[now.length], before, scene);
      isWhole &&= view.node === node;
      now.push(view);
    }
    const isCut = now.length < rest.length;
    const left = old.slice(now.length); // of no use, unless their turn comes in the next frame
    if (!isCut) for (const view of left) this.#discard(view);
    this.#views.splice(start, 0, ...now, ...(isCut ? left : []));
    return isWhole && !isCut;
  }

  get end(): Element | undefined {
    const last = this.#views.at(-1);
    return last && "end" in last ? last.end : undefined;
  }

  destroy(): void {
    for (const view of this.#views) view.destroy?.();
  }

  /** How many at the beginning, and how many at the end, need not be touched. */
  #same(nodes: readonly unknown[]): [number, number] {
    const views = this.#views;
    const most = Math.min(views.length, nodes.length);
    let start = 0;
    while (start < most && isShown(views[start], nodes[start])) start++;
    let end = 0;
    if (views.length !== nodes.length)
      while (end < most - start && isShown(views.at(-1 - end), nodes.at(-1 - end))) end++;
    return [start, end];
  }

  #placed(node: unknown, old: NodeView | undefined, before: ChildNode | null, scene: Scene): NodeView {
    scene.left -= NODE_CHARS;
    if (old?.sync(node, scene)) return old;
    const view = made(node, this.#depth, scene);
    if (this.#depth === 0 && view.dom instanceof Element && !view.dom.hasAttribute("dir"))
      setAttribute(view.dom, "dir", "auto");
    if (old) old.dom.before(view.dom);
    else this.#place.insert(view.dom, before);
    if (old) this.#discard(old);
    return view;
  }

  #discard(view: NodeView): void {
    view.destroy?.();
    this.#place.remove(view.dom);
  }

  /** Where the view at `index` begins; behind the last one nothing does. */
  #domAt(index: number): ChildNode | null {
    return this.#views[index]?.dom ?? null;
  }
}

/** Remembers the object too: the next comparison is one of references again. */
function isShown(view: NodeView | undefined, node: unknown): boolean {
  if (view?.node === undefined || !isSame(view.node, node)) return false;
  view.node = node;
  return true;
}

/** What is not an element with children only. */
const LEAVES: Record<string, new (node: Branch, scene: Scene) => NodeView> = {
  fence: Fence,
  math: Formula,
  img: Media,
  video: Media,
  audio: Media,
  fnref: FootnoteMark,
  cite: SourceMark,
};

function made(node: unknown, depth: number, scene: Scene): NodeView {
  const view = viewFor(node, depth, scene);
  view.sync(node, scene);
  return view;
}

function viewFor(node: unknown, depth: number, scene: Scene): NodeView {
  if (typeof node === "string") return new TextView();
  if (!isBranch(node)) return new Nothing();
  if (Object.hasOwn(LEAVES, node.t)) return new (LEAVES[node.t] as (typeof LEAVES)[string])(node, scene);
  const kind = kindOf(node.t);
  if (!kind) return new Nothing();
  return depth < MAX_DEPTH ? new ElementView(node.t, kind, depth, scene) : new FlatView();
}

class TextView implements NodeView {
  readonly dom = document.createTextNode("");
  node: unknown = "";

  sync(node: unknown, scene: Scene): boolean {
    if (typeof node !== "string") return false;
    const before = this.node as string;
    rewrite(this.dom, before, node);
    scene.left -= Math.max(0, node.length - before.length);
    this.node = node;
    return true;
  }
}

/** Only what differs is written: what the reader selected before and behind it stays selected. */
export function rewrite(text: Text, before: string, after: string): void {
  const start = commonLength(before, after);
  if (start === before.length) {
    if (after.length > start) text.appendData(after.slice(start));
    return;
  }
  const most = Math.min(before.length, after.length) - start;
  let end = 0;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end++;
  text.replaceData(start, before.length - start - end, after.slice(start, after.length - end));
}

/** What is not on the list. An empty text node keeps its place. */
class Nothing implements NodeView {
  readonly dom = document.createTextNode("");
  node: unknown;

  sync(node: unknown): boolean {
    this.node = node;
    return typeof node !== "string" && !(isBranch(node) && (Object.hasOwn(LEAVES, node.t) || kindOf(node.t)));
  }
}

/** What is nested too deep to be meant: its text. */
class FlatView implements NodeView {
  readonly dom = document.createTextNode("");
  node: unknown;

  sync(node: unknown): boolean {
    if (!isBranch(node) || Object.hasOwn(LEAVES, node.t) || !kindOf(node.t)) return false;
    rewrite(this.dom, this.dom.data, plainText(node as TreeNode));
    this.node = node;
    return true;
  }
}

/** What some elements have beside their attributes and children. */
const DRESSES: Record<string, (element: Element, node: Branch, scene: Scene) => void> = {
  a: dressLink,
  li: dressItem,
};

const SVG = "http://www.w3.org/2000/svg";

class ElementView implements NodeView {
  readonly dom: Element;
  node: unknown;
  readonly #name: string;
  readonly #kind: Kind;
  readonly #element: Element;
  readonly #children: Children;
  #attributes: Branch["a"];
  #latest: Branch | undefined;

  constructor(name: string, kind: Kind, depth: number, scene: Scene) {
    this.#name = name;
    this.#kind = kind;
    this.#element = kind.isSvg ? document.createElementNS(SVG, kind.tag) : document.createElement(kind.tag);
    for (const [own, value] of Object.entries(kind.own ?? {})) this.#element.setAttribute(own, value);
    this.#children = new Children(inside(this.#element), depth + 1);
    this.dom = name === "table" ? wrapTable(this.#element, () => this.#latest, scene) : this.#element;
  }

  sync(node: unknown, scene: Scene): boolean {
    if (!isBranch(node) || node.t !== this.#name) return false;
    this.#latest = node;
    if (node.a !== this.#attributes) this.#write(node);
    const isWhole = this.#children.sync(childrenOf(node), scene);
    this.node = isWhole ? node : undefined;
    if (Object.hasOwn(DRESSES, node.t)) DRESSES[node.t]?.(this.#element, node, scene);
    return true;
  }

  get end(): Element | undefined {
    return VOID.has(this.#name) ? undefined : (this.#children.end ?? this.#element);
  }

  destroy(): void {
    this.#children.destroy();
  }

  /** Compared with what came before, not with the document: what the reader opened stays open. */
  #write(node: Branch): void {
    const before = { t: this.#name, ...(this.#attributes ? { a: this.#attributes } : {}) };
    for (const [name, rule] of Object.entries(this.#kind.rules)) {
      const value = rule(of(node, name));
      if (value === rule(of(before, name))) continue;
      const attribute = OURS[name] ?? name;
      if (value === undefined) this.#element.removeAttribute(attribute);
      else this.#element.setAttribute(attribute, value);
    }
    this.#attributes = node.a;
  }
}

/** Words of the contract that are not HTML's. */
const OURS: Record<string, string> = { task: "data-task", n: "value" };
const VOID = new Set(["br", "hr"]);

/** The whole of one tree, in `element`. */
export class Tree {
  readonly #scene: Scene;
  readonly #children: Children;

  constructor(element: HTMLElement, say: (text: string) => void, rich?: Rich) {
    this.#scene = new Scene(say, rich);
    this.#children = new Children(new BlockPages(element), 0);
  }

  /** Show `nodes`, at most `chars` of what is new of them. Gives whether all of them are shown. */
  sync(nodes: readonly TreeNode[], chars = Number.POSITIVE_INFINITY): boolean {
    this.#scene.left = chars;
    return this.#children.sync(nodes, this.#scene);
  }

  get end(): Element | undefined {
    return this.#children.end;
  }

  destroy(): void {
    this.#children.destroy();
  }
}
