/** What the views of components are made of: one for each node, kept while the node is on screen. */

import { h, setAttribute, setHidden, setText } from "../dom";
import { A2UI_STRINGS } from "../strings";
import { shown } from "./functions";
import { isObject, type Props } from "./json";
import { nameIn, valueIn } from "./names";
import { isNode, type UiNode } from "./node";

export type ViewClass = new (node: UiNode, scene: Scene, parent: View | undefined) => View;
export type Components = Readonly<Record<string, ViewClass>>;

/** What the views of one surface share. */
export interface Scene {
  readonly components: Components;
  /** To the ear of who cannot see it. */
  say(text: string): void;
  /** Do what a button does, and say what came of it. */
  press(run: () => void): Outcome;
}

/** Undefined: it was nothing that is sent. */
export type Outcome = "sent" | "refused" | undefined;

/** One component on screen. */
export abstract class View {
  abstract readonly element: HTMLElement;
  leave = (): void => {};
  /** What `dress` went by. */
  dressed: { weight: unknown; accessibility: unknown; name: string } | undefined;
  readonly #parts: Children[] = [];
  readonly #marks: Record<string, string> = {};

  constructor(
    readonly node: UiNode,
    readonly scene: Scene,
    readonly parent: View | undefined,
  ) {}

  /** Show the node as it is now. */
  abstract update(): void;

  /** Once, before the first update. */
  start(): void {}

  destroy(): void {
    this.leave();
    for (const part of this.#parts) part.sync([]);
  }

  /** The children in `into`; with a `tag`, each in an element of its own. */
  holds(into: HTMLElement, tag?: "li"): Children {
    const children = new Children(into, this, tag);
    this.#parts.push(children);
    return children;
  }

  /** Who carries the name for assistive technology. */
  get target(): HTMLElement {
    return this.element;
  }

  /** How it is called if the agent does not say. */
  get name(): string {
    return "";
  }

  get(name: string): unknown {
    return valueIn(this.node.type, this.node.props, name);
  }

  text(name: string): string {
    return shown(this.get(name));
  }

  number(name: string, otherwise: number): number {
    const value = this.text(name);
    return value.trim() && Number.isFinite(Number(value)) ? Number(value) : otherwise;
  }

  list(name: string): unknown[] {
    const value = this.get(name);
    return Array.isArray(value) ? value : [];
  }

  write(name: string, value: unknown): void {
    this.node.write(nameIn(this.node.type, this.node.props, name), value);
  }

  /** For the style sheet, which knows the words that are allowed: another one matches nothing there. */
  mark(...names: string[]): void {
    for (const name of names) {
      const word = this.text(name).slice(0, 20);
      if (this.#marks[name] === word) continue; // to ask the element costs much more
      this.#marks[name] = word;
      this.element.dataset[name] = word;
    }
  }
}

/** An element with a class of ours. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  return h(tag, { class: `a2-${className}` }, ...children);
}

export function button(className: string, ...children: (Node | string)[]): HTMLButtonElement {
  const made = el("button", className, ...children);
  made.type = "button";
  return made;
}

/** An attribute that is there only if there is something to say. */
export function say(element: Element, name: string, value: unknown): void {
  if (value) setAttribute(element, name, String(value));
  else element.removeAttribute(name);
}

/** Words that take no room if there are none. */
export function label(element: HTMLElement, text: string): void {
  setText(element, text);
  setHidden(element, !text);
}

let ids = 0;

/** Ids are a shadow root's own; all surfaces in it count on. */
export function newId(): string {
  return `a2-${++ids}`;
}

export function draw(node: UiNode, scene: Scene, parent?: View): View {
  const view = new (kindOf(node, scene.components))(node, scene, parent);
  const update = () => {
    view.update();
    dress(view);
  };
  view.start();
  update();
  view.leave = node.watch(update);
  return view;
}

function kindOf({ state, type }: UiNode, components: Components): ViewClass {
  if (state === "pending") return Skeleton;
  if (state === "cyclic") return Cyclic;
  return Object.hasOwn(components, type) && state === "resolved" ? (components[type] as ViewClass) : Unknown;
}

const LIVE: ReadonlySet<unknown> = new Set(["off", "polite", "assertive"]);
const FOCUSABLE = "button,input,textarea,[tabindex]";

/** What every component may have. */
function dress(view: View): void {
  const { element, target, name } = view;
  const { weight, accessibility } = view.node.props;
  const { dressed } = view;
  if (
    dressed &&
    weight === dressed.weight &&
    name === dressed.name &&
    !accessibility &&
    !dressed.accessibility
  )
    return;
  view.dressed = { weight, accessibility, name };
  const hasWeight = typeof weight === "number" && weight >= 0;
  element.toggleAttribute("data-weight", hasWeight);
  const grow = hasWeight ? String(Math.min(weight, 1000)) : "";
  if (element.style.flexGrow !== grow) element.style.flexGrow = grow;
  const { label, description, live, hidden } = (isObject(accessibility) ? accessibility : {}) as Props;
  const called = shown(label) || name;
  if (called && target.matches("div:not([role])")) setAttribute(target, "role", "group"); // else it may have no name
  say(target, "aria-label", called);
  say(target, "aria-description", shown(description));
  say(element, "aria-live", LIVE.has(live) && live);
  say(
    element,
    "aria-hidden",
    hidden === true && !element.matches(FOCUSABLE) && !element.querySelector(FOCUSABLE),
  );
}

/** Its definition is on the way: its room is kept. */
class Skeleton extends View {
  readonly element = el("div", "skeleton");
  update(): void {}
}

class Cyclic extends View {
  readonly element = el("p", "note", A2UI_STRINGS.cyclic);
  update(): void {}
}

class Unknown extends View {
  readonly element = el("div", "unknown");
  update(): void {
    setText(this.element, A2UI_STRINGS.unknown(this.node.type.slice(0, 80)));
  }
}

/** The nodes in one element, by identity: what stays is never made again. */
export class Children {
  readonly #into: HTMLElement;
  readonly #view: View;
  readonly #tag: "li" | undefined;
  readonly #views = new Map<UiNode, { view: View; element: HTMLElement }>();
  #values: readonly unknown[] = [];
  #more: HTMLButtonElement | undefined;

  constructor(into: HTMLElement, view: View, tag?: "li") {
    this.#into = into;
    this.#view = view;
    this.#tag = tag;
  }

  /** Exactly those of `values` that are nodes. `unshown` is how many more there are. */
  sync(values: readonly unknown[], unshown = 0): void {
    const before = this.#values;
    this.#values = values;
    // A list that grows by a row costs the row, not the list.
    let start = 0;
    while (start < before.length && before[start] === values[start]) start++;
    if (start < before.length || start < values.length) this.#replace(before, values, start);
    if (unshown || this.#more) this.#offerMore(unshown);
  }

  #replace(before: readonly unknown[], values: readonly unknown[], start: number): void {
    const nodes = new Set(values.slice(start).filter(isNode));
    for (const node of before.slice(start).filter(isNode)) if (!nodes.has(node)) this.#remove(node);
    const last = values.slice(0, start).findLast(isNode);
    const after = last ? this.#elementOf(last).nextElementSibling : this.#into.firstElementChild;
    const elements = [...nodes].map((node) => this.#elementOf(node));
    arrange(this.#into, elements, after);
  }

  #remove(node: UiNode): void {
    const child = this.#views.get(node);
    child?.view.destroy();
    child?.element.remove();
    this.#views.delete(node);
  }

  #offerMore(unshown: number): void {
    this.#more ??= button("more");
    this.#more.onclick = () => this.#view.node.showMore();
    setText(this.#more, A2UI_STRINGS.more(unshown));
    if (!unshown) this.#more.remove();
    else if (this.#into.lastElementChild !== this.#more) this.#into.append(this.#more);
  }

  #elementOf(node: UiNode): HTMLElement {
    let child = this.#views.get(node);
    if (!child) {
      const view = draw(node, this.#view.scene, this.#view);
      child = { view, element: this.#tag ? h(this.#tag, {}, view.element) : view.element };
      this.#views.set(node, child);
    }
    return child.element;
  }
}

/** What has the focus in the shadow root that `node` is in. */
export function focusedAround(node: Node): Element | null {
  return (node.getRootNode() as Document | ShadowRoot).activeElement;
}

type Mover = Element & { moveBefore?(node: Node, before: Node | null): void };

/**
 * Put `elements` in order in `into`, from the element `from` on; what is in its place is not touched.
 *
 * To take an element out of the document and in again takes the focus, the selection and what plays from it: `moveBefore`
 * does not, and where there is none the others move around the one that has the focus.
 */
export function arrange(
  into: Mover,
  elements: readonly Element[],
  from: Element | null = into.firstElementChild,
): void {
  const focused = focusedAround(into);
  let cursor = from;
  for (const element of elements) {
    if (element === cursor) cursor = cursor.nextElementSibling;
    else if (element.parentNode !== into || !into.isConnected) into.insertBefore(element, cursor);
    else if (into.moveBefore) into.moveBefore(element, cursor);
    else if (element.contains(focused)) cursor = element.nextElementSibling;
    else into.insertBefore(element, cursor);
  }
}
