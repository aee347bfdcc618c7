/** A diagram on the page: it moves, its nodes take the focus and are selected. */

import { h, setAttribute } from "../dom";
import { type Camera, fitted, held, LEGIBLE, opened, panned, showing, zoomed } from "./camera";
import type { Size } from "./cards";
import { followGestures } from "./gestures";
import { type FlowNode, type Graph, type Links, linksOf } from "./graph";
import type { Box, Layout } from "./layout";
import { asList } from "./list";
import { makePanel, type Panel } from "./panel";
import type { Picture } from "./picture";
import { inSlices } from "./slices";
import { STRINGS } from "./strings";
import { build, svg } from "./svg";
import { stepOf, walk } from "./walk";

const MAX_HEIGHT = 480;
const STEP = 1.25;
const STRIDE = 48;
/** Between a node that was walked to and the edge of the pane. */
const ROOM = 24;

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
  readonly #world = svg("g");
  readonly #nodes = svg("g", { role: "listbox", "aria-label": STRINGS.nodes });
  readonly #edges = svg("g", { "aria-hidden": "true" });
  readonly #ring = svg("rect", { class: "flow-ring", rx: 13, visibility: "hidden" });
  readonly #pane: HTMLElement;
  readonly #panel: Panel;
  readonly surface: SVGSVGElement;
  #camera: Camera = { x: 0, y: 0, scale: 1 };
  #size: Size = { width: 0, height: 0 };
  #isMoved = false;
  #isDrawing = false;
  #current = 0;
  #selected: number | undefined;

  constructor(graph: Graph, layout: Layout, listener: Listener, signal: AbortSignal) {
    this.#graph = graph;
    this.#layout = layout;
    this.#links = linksOf(graph);
    this.#listener = listener;
    this.#signal = signal;
    const name = STRINGS.described(graph.title || STRINGS.diagram, graph.nodes.length, graph.edges.length);
    this.surface = svg("svg", {
      class: "flow-surface",
      role: "graphics-document",
      "aria-label": name,
      "aria-description": STRINGS.canvas,
      tabindex: 0,
    });
    this.surface.append(this.#world);
    this.#panel = makePanel(graph, this.#links, (place) => this.#go(place), signal);
    this.#pane = h("div", { class: "flow-pane" }, this.surface, this.#panel.element);
    const foot = h("div", { class: "flow-foot" }, this.#buttons(), asList(graph, this.#links, signal));
    this.element = h("div", { class: "flow" }, this.#pane, foot);
    if (graph.title) this.element.prepend(h("p", { class: "flow-title" }, graph.title));
  }

  get camera(): Camera {
    return this.#camera;
  }

  /** Builds the shapes; a page that is busy with thousands of them still answers. */
  async fill(picture: Picture): Promise<void> {
    const areas = svg("g", { "aria-hidden": "true" });
    const tags = svg("g", { "aria-hidden": "true" });
    this.#world.append(areas, this.#edges, tags, this.#ring, this.#nodes);
    this.#listen();
    const signal = this.#signal;
    await inSlices(picture.groups, (shape) => areas.append(build(shape)), signal);
    await inSlices(
      picture.nodes.entries(),
      ([place, shape]) => this.#nodes.append(this.#option(place, build(shape))),
      signal,
    );
    await inSlices(picture.edges, (shape) => this.#edges.append(build(shape)), signal);
    await inSlices(picture.tags, (shape) => shape && tags.append(build(shape)), signal);
  }

  /** By the reader: from now on it stays where it was put. */
  moveTo(camera: Camera): void {
    this.#isMoved = true;
    this.#look(held(camera, this.#layout, this.#size));
  }

  fit(): void {
    this.#isMoved = true;
    this.#look(fitted(this.#layout, this.#size));
  }

  #option(place: number, shape: SVGElement): SVGElement {
    const { label = "", kind = "" } = this.#graph.nodes[place] ?? {};
    const name = STRINGS.named(label, kind, this.#links.outgoing[place]?.length ?? 0);
    const attributes = {
      role: "option",
      "aria-label": name,
      "aria-selected": "false",
      "data-place": String(place),
    };
    for (const [attribute, value] of Object.entries(attributes)) shape.setAttribute(attribute, value);
    shape.setAttribute("class", "flow-node");
    const hint = svg("title"); // from afar, and where words were cut
    hint.append(label);
    shape.append(hint);
    shape.setAttribute("tabindex", place === this.#current ? "0" : "-1");
    return shape;
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
      button(STRINGS.zoomOut, "−", () => this.#zoom(1 / STEP)),
      button(STRINGS.zoomIn, "+", () => this.#zoom(STEP)),
      button(STRINGS.fitWhole, STRINGS.fit, () => this.fit()),
    );
  }

  #listen(): void {
    const on = { signal: this.#signal };
    followGestures(this.surface, this, this.#signal);
    this.#pane.addEventListener("keydown", (event) => this.#press(event), on);
    this.#nodes.addEventListener("click", ({ target }) => this.#select(placeOf(target)), on);
    this.#nodes.addEventListener("focusin", ({ target }) => this.#focused(placeOf(target)), on);
    this.#nodes.addEventListener("focusout", () => this.#ring.setAttribute("visibility", "hidden"), on);
    const resized = new ResizeObserver(() => this.#resize());
    resized.observe(this.#pane);
    this.#signal.addEventListener("abort", () => resized.disconnect());
  }

  #resize(): void {
    const width = this.#pane.clientWidth;
    if (width === 0) return;
    const { camera, height } = opened(this.#layout, width, MAX_HEIGHT);
    this.#size = { width, height };
    this.surface.style.height = `${height}px`;
    this.#look(this.#isMoved ? held(this.#camera, this.#layout, this.#size) : camera);
  }

  /** Drawn once a frame, however many pointers said something. */
  #look(camera: Camera): void {
    this.#camera = camera;
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      const { x, y, scale } = this.#camera;
      setAttribute(this.surface, "data-far", scale < LEGIBLE);
      this.#world.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
    });
  }

  #zoom(factor: number): void {
    const { width, height } = this.#size;
    this.moveTo(zoomed(this.#camera, factor, { x: width / 2, y: height / 2 }));
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
      "+": () => this.#zoom(STEP),
      "=": () => this.#zoom(STEP),
      "-": () => this.#zoom(1 / STEP),
      "0": () => this.fit(),
      ...(this.#selected === undefined ? {} : { Escape: () => this.#clear() }),
    };
    if (!Object.hasOwn(commands, key)) return false;
    commands[key]?.();
    return true;
  }

  #pan({ key, target }: KeyboardEvent): boolean {
    const way = stepOf(key);
    if (!way || target !== this.surface) return false;
    this.moveTo(panned(this.#camera, { x: -way.x * STRIDE, y: -way.y * STRIDE }));
    return true;
  }

  #step(key: string, place: number): boolean {
    if (key === "Enter" || key === " ") {
      this.#select(place);
      return true;
    }
    const next = walk(key, place, this.#layout.nodes, this.#links);
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
    const seen = showing(this.#camera, box, this.#size, ROOM);
    if (seen.x !== this.#camera.x || seen.y !== this.#camera.y) this.moveTo(seen);
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

/** The node that an event is about. */
function placeOf(target: EventTarget | null): number | undefined {
  const place = (target as Element | null)?.closest<SVGElement>("[role=option]")?.dataset.place;
  return place === undefined ? undefined : Number(place);
}
