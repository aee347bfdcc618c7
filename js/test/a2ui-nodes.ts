import type { Action, Failure, NodeState, UiNode, UiSurface } from "../src/a2ui/node";
import { SurfaceView } from "../src/a2ui/view";

/** Nodes made by hand, as the engine would give them: what is written is seen at once, and whoever watches is told. */
export class HandNode implements UiNode {
  readonly id: string;
  readonly catalogId = undefined;
  readonly path = "";
  state: NodeState = "resolved";
  failures: Failure[] = [];
  surface!: UiSurface;
  readonly written: [string, unknown][] = [];
  readonly #listeners = new Set<() => void>();
  props: Record<string, unknown>;
  readonly type: string;
  readonly key: string;

  constructor(type: string, props: Record<string, unknown> = {}, key = `${type}-${made++}`) {
    this.type = type;
    this.props = props;
    this.key = key;
    this.id = key;
  }

  unshown = 0;

  showMore(): void {
    this.unshown = 0;
    this.tell();
  }

  isBound(): boolean {
    return true;
  }

  write(prop: string, value: unknown): void {
    this.written.push([prop, value]);
    this.set({ [prop]: value });
  }

  /** As the agent would change it. */
  set(props: Record<string, unknown>): void {
    this.props = { ...this.props, ...props };
    this.tell();
  }

  fail(...messages: string[]): void {
    this.failures = messages.map((message) => ({ message, severity: "error" }));
    this.tell();
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get watchers(): number {
    return this.#listeners.size;
  }
}

let made = 0;

export function ui(type: string, props: Record<string, unknown> = {}): HandNode {
  return new HandNode(type, props);
}

export const text = (words: string) => ui("Text", { text: words });

export function action(run: () => void): Action {
  return { isAction: true, run };
}

export class HandSurface implements UiSurface {
  readonly id = "s";
  readonly version = "v0.9";
  readonly catalogId = undefined;
  theme: Record<string, unknown> = {};
  readonly #listeners = new Set<() => void>();
  root: HandNode | undefined;

  constructor(root?: HandNode, theme: Record<string, unknown> = {}) {
    this.root = root;
    this.theme = theme;
  }

  become(root: HandNode | undefined): void {
    this.root = root;
    for (const listener of this.#listeners) listener();
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Draw `root` in a shadow root of the document, as the chat does. */
export function shown(root: HandNode | undefined, theme = {}) {
  const host = document.body.appendChild(document.createElement("div"));
  const shadow = host.attachShadow({ mode: "open" });
  const surface = new HandSurface(root, theme);
  const said: string[] = [];
  const view = new SurfaceView(surface, { say: (words) => said.push(words) });
  shadow.append(view.element);
  const all = <E extends Element = HTMLElement>(selector: string) => [
    ...view.element.querySelectorAll<E>(selector),
  ];
  const one = <E extends Element = HTMLElement>(selector: string): E => {
    const [found] = all<E>(selector);
    if (!found) throw new Error(`nothing matches ${selector} in ${view.element.outerHTML}`);
    return found;
  };
  return { surface, view, shadow, said, all, one, element: view.element };
}

export function enter(control: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  control.focus();
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

export function leave(control: HTMLElement): void {
  control.blur();
  control.dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
}
