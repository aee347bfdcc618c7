/** A diagram on the page: its nodes take the focus, are walked along and selected. */

import { h, setAttribute } from "../dom";
import type { Branch } from "../nodes";
import { type FlowNode, type Graph, type Links, linksOf } from "./graph";
import type { Box, Layout } from "./layout";
import { asList } from "./list";
import { Pane } from "./pane";
import { makePanel, type Panel } from "./panel";
import { branch, type Picture } from "./picture";
import { inSlices } from "./slices";
import { STRINGS } from "./strings";
import { build, svg } from "./svg";
import { stepOf, walk } from "./walk";

const STEP = 1.25;
/** Of what is known of a node, when it is walked to. */
const MAX_HEARD = 120;

export interface Listener {
  selected(node: FlowNode): void;
  say(text: string): void;
}

export class Diagram {
  readonly element: HTMLElement;
  readonly #graph: Graph;
  readonly #layout: Layout;
  readonly #links: Links;
  readonly #listener: Listener;
  readonly #signal: AbortSignal;
  readonly #nodes = svg("g", { role: "listbox", "aria-label": STRINGS.nodes });
  readonly #edges = svg("g", { "aria-hidden": "true" });
  readonly #ring = svg("rect", { class: "flow-ring", rx: 13, visibility: "hidden" });
  readonly #pane: Pane;
  readonly #panel: Panel;
  #current = 0;
  #selected: number | undefined;

  constructor(graph: Graph, layout: Layout, listener: Listener, signal: AbortSignal) {
    this.#graph = graph;
    this.#layout = layout;
    this.#links = linksOf(graph);
    this.#listener = listener;
    this.#signal = signal;
    this.#pane = new Pane(layout, surfaceOf(graph), signal);
    this.#panel = makePanel(graph, this.#links, (place) => this.#go(place), signal);
    const foot = h("div", { class: "flow-foot" }, this.#buttons(), asList(graph, this.#links));
    this.element = h("div", { class: "flow" }, this.#pane.element, this.#panel.element, foot);
    if (graph.title) this.element.prepend(h("p", { class: "flow-title" }, graph.title));
    this.#listen();
  }

  /** Builds the shapes; a page that is busy with thousands of them still answers. */
  async fill(picture: Picture): Promise<void> {
    const areas = svg("g", { "aria-hidden": "true" });
    const tags = svg("g", { "aria-hidden": "true" });
    this.#pane.world.append(areas, this.#edges, tags, this.#ring, this.#nodes);
    const signal = this.#signal;
    await inSlices(picture.groups, (shape) => areas.append(build(shape)), signal);
    await inSlices(
      picture.nodes.entries(),
      ([place, shape]) => this.#nodes.append(this.#option(place, shape)),
      signal,
    );
    await inSlices(picture.edges, (shape) => this.#edges.append(build(shape)), signal);
    await inSlices(picture.tags, (shape) => shape && tags.append(build(shape)), signal);
  }

  #option(place: number, shape: Branch): SVGElement {
    const { label = "", detail = "", kind = "" } = this.#graph.nodes[place] ?? {};
    const outgoing = this.#links.outgoing[place]?.length ?? 0;
    const attributes = {
      class: "flow-node",
      role: "option",
      "aria-label": STRINGS.named(label, detail.slice(0, MAX_HEARD), kind, outgoing),
      "aria-selected": "false",
      "data-place": place,
      tabindex: place === this.#current ? 0 : -1,
    };
    const hint = branch("title", {}, label); // from afar, and where words were cut
    return build({ ...shape, a: attributes, c: [...(shape.c ?? []), hint] });
  }

  #buttons(): HTMLElement {
    const button = (name: string, sign: string, run: () => void) => {
      const made = h("button", { type: "button", "aria-label": name, title: name }, sign);
      made.addEventListener("click", run, { signal: this.#signal });
      return made;
    };
    return h(
      "div",
      { class: "flow-buttons" },
      button(STRINGS.zoomOut, "−", () => this.#pane.zoom(1 / STEP)),
      button(STRINGS.zoomIn, "+", () => this.#pane.zoom(STEP)),
      button(STRINGS.fitWhole, STRINGS.fit, () => this.#pane.fit()),
    );
  }

  #listen(): void {
    const on = { signal: this.#signal };
    this.element.addEventListener("keydown", (event) => this.#press(event), on);
    this.#nodes.addEventListener("click", ({ target }) => this.#select(placeOf(target)), on);
    const { element } = this.#pane; // a shape that listens for the focus would take it
    element.addEventListener("focusin", ({ target }) => this.#focused(placeOf(target)), on);
    element.addEventListener("focusout", () => this.#ring.setAttribute("visibility", "hidden"), on);
  }

  // -- keys -----------------------------------------------------------------------------------------

  #press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const place = placeOf(event.target);
    const isDone =
      this.#command(event.key) || (place === undefined ? this.#pan(event) : this.#step(event.key, place));
    if (!isDone) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #command(key: string): boolean {
    const commands: Record<string, () => void> = {
      "+": () => this.#pane.zoom(STEP),
      "=": () => this.#pane.zoom(STEP),
      "-": () => this.#pane.zoom(1 / STEP),
      "0": () => this.#pane.fit(),
      ...(this.#selected === undefined ? {} : { Escape: () => this.#clear() }),
    };
    if (!Object.hasOwn(commands, key)) return false;
    commands[key]?.();
    return true;
  }

  #pan({ key, target }: KeyboardEvent): boolean {
    const way = stepOf(key);
    if (!way || target !== this.#pane.surface) return false;
    this.#pane.stride(way);
    return true;
  }

  #step(key: string, place: number): boolean {
    if (key === "Enter" || key === " ") {
      this.#select(place);
      return true;
    }
    const next = walk(key, place, this.#layout.nodes, this.#links, this.#graph.direction);
    if (next !== undefined) this.#focus(next);
    return next !== undefined || stepOf(key) !== undefined;
  }

  // -- focus and selection --------------------------------------------------------------------------

  #nodeAt(place: number): SVGElement | undefined {
    return this.#nodes.children[place] as SVGElement | undefined;
  }

  #focus(place: number): void {
    this.#nodeAt(place)?.focus({ preventScroll: true });
  }

  #focused(place: number | undefined): void {
    const box = place === undefined ? undefined : this.#layout.nodes[place];
    if (place === undefined || !box) return;
    this.#nodeAt(this.#current)?.setAttribute("tabindex", "-1");
    this.#current = place;
    const node = this.#nodeAt(place);
    node?.setAttribute("tabindex", "0");
    if (!node?.matches(":focus-visible")) return;
    this.#encircle(box);
    this.#pane.reveal(box);
  }

  #encircle({ x, y, width, height }: Box): void {
    const place = { x: x - 4, y: y - 4, width: width + 8, height: height + 8, visibility: "visible" };
    for (const [name, value] of Object.entries(place)) this.#ring.setAttribute(name, String(value));
  }

  /** To a neighbour, from the panel; or back, when that is closed. */
  #go(place: number | undefined): void {
    if (place === undefined) {
      this.#clear();
      return;
    }
    this.#focus(place);
    this.#select(place);
  }

  #select(place: number | undefined): void {
    const node = place === undefined ? undefined : this.#graph.nodes[place];
    if (place === undefined || !node) return;
    this.#mark(place);
    this.#listener.say(STRINGS.selected(node.label, node.detail));
    this.#listener.selected(node);
  }

  #clear(): void {
    this.#mark(undefined);
    this.#focus(this.#current);
    this.#listener.say(STRINGS.nothingSelected);
  }

  #mark(place: number | undefined): void {
    if (this.#selected !== undefined) this.#nodeAt(this.#selected)?.setAttribute("aria-selected", "false");
    this.#selected = place;
    if (place !== undefined) this.#nodeAt(place)?.setAttribute("aria-selected", "true");
    for (const [n, { from, to }] of this.#graph.edges.entries()) {
      const edge = this.#edges.children[n];
      if (edge) setAttribute(edge, "data-near", place !== undefined && (from === place || to === place));
    }
    this.#panel.show(place);
  }
}

function surfaceOf({ title, nodes, edges }: Graph): Record<string, unknown> {
  return {
    role: "graphics-document",
    "aria-label": STRINGS.described(title || STRINGS.diagram, nodes.length, edges.length),
    "aria-description": STRINGS.canvas,
    tabindex: 0,
  };
}

/** The node that an event is about. */
function placeOf(target: EventTarget | null): number | undefined {
  const place = (target as Element | null)?.closest<SVGElement>("[role=option]")?.dataset.place;
  return place === undefined ? undefined : Number(place);
}
