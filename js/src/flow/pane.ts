/** The window onto a diagram: which part of it is seen, and how large. */

import { h, setAttribute } from "../dom";
import { type Camera, fitted, held, LEGIBLE, opened, panned, showing, zoomed } from "./camera";
import type { Size } from "./cards";
import { followGestures, type Movable } from "./gestures";
import type { Box, Point } from "./layout";
import { svg } from "./svg";

/** Of what is seen of a diagram: the least and the most. */
const HEIGHTS = [120, 480] as const;
const STRIDE = 48;
/** Between what is shown and the edge. */
const ROOM = 24;

export class Pane implements Movable {
  readonly element: HTMLElement;
  readonly surface: SVGSVGElement;
  /** What stands in it moves. */
  readonly world = svg("g");
  readonly #diagram: Size;
  #camera: Camera = { x: 0, y: 0, scale: 1 };
  #size: Size = { width: 0, height: 0 };
  /** Where it stays when its size changes: where a reader begins, with all of it in sight, or where it was put. */
  #stays: "opened" | "fitted" | "moved" = "opened";
  #isDrawing = false;

  constructor(diagram: Size, attributes: Record<string, unknown>, signal: AbortSignal) {
    this.#diagram = diagram;
    this.surface = svg("svg", { class: "flow-surface", ...attributes }, this.world);
    this.element = h("div", { class: "flow-pane" }, this.surface);
    followGestures(this.surface, this, signal);
    const resized = new ResizeObserver(() => this.#resize());
    resized.observe(this.element);
    signal.addEventListener("abort", () => resized.disconnect());
  }

  get camera(): Camera {
    return this.#camera;
  }

  moveTo(camera: Camera): void {
    this.#stays = "moved";
    this.#look(held(camera, this.#diagram, this.#size));
  }

  fit(): void {
    this.#stays = "fitted";
    this.#look(fitted(this.#diagram, this.#size));
  }

  zoom(factor: number): void {
    const { width, height } = this.#size;
    this.moveTo(zoomed(this.#camera, factor, { x: width / 2, y: height / 2 }));
  }

  /** As a key does that points this way. */
  stride({ x, y }: Point): void {
    this.moveTo(panned(this.#camera, { x: -x * STRIDE, y: -y * STRIDE }));
  }

  reveal(box: Box): void {
    const seen = showing(this.#camera, box, this.#size, ROOM);
    if (seen.x !== this.#camera.x || seen.y !== this.#camera.y) this.moveTo(seen);
  }

  #resize(): void {
    const width = this.element.clientWidth;
    if (width === 0) return;
    const { camera, height } = opened(this.#diagram, width, HEIGHTS);
    this.#size = { width, height };
    this.surface.style.height = `${height}px`;
    const cameras = {
      opened: () => camera,
      fitted: () => fitted(this.#diagram, this.#size),
      moved: () => held(this.#camera, this.#diagram, this.#size),
    };
    this.#look(cameras[this.#stays]());
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
      this.world.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
    });
  }
}
