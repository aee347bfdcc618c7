/** Pointers and wheel → the camera. A page that scrolls keeps its scrolling: fingers and wheel move what has the focus. */

import { type Camera, panned, zoomed } from "./camera";
import type { Point } from "./layout";

export interface Movable {
  readonly camera: Camera;
  moveTo(camera: Camera): void;
}

/** Closer than this is a click. */
const STILL = 4;
const LINE_PX = 16;
const WHEEL = 0.004;
const PINCH = 0.01; // browsers say a pinch on a trackpad as a wheel with Ctrl, in small steps
const MAX_TURN = 60;

export function followGestures(surface: SVGSVGElement, view: Movable, signal: AbortSignal): void {
  const fingers = new Fingers(surface, view);
  surface.addEventListener("pointerdown", (event) => fingers.down(event), { signal });
  surface.addEventListener("pointermove", (event) => fingers.move(event), { signal });
  for (const type of ["pointerup", "pointercancel"] as const)
    surface.addEventListener(type, ({ pointerId }) => fingers.up(pointerId), { signal });
  surface.addEventListener("wheel", (event) => turn(event, surface, view), { signal, passive: false });
}

class Fingers {
  readonly #surface: SVGSVGElement;
  readonly #view: Movable;
  readonly #places = new Map<number, Point>();
  #isMoving = false;

  constructor(surface: SVGSVGElement, view: Movable) {
    this.#surface = surface;
    this.#view = view;
  }

  down(event: PointerEvent): void {
    if (event.button === 0) this.#places.set(event.pointerId, placeOf(event, this.#surface));
  }

  move(event: PointerEvent): void {
    const before = this.#places.get(event.pointerId);
    if (!before) return;
    const now = placeOf(event, this.#surface);
    if (!this.#isMoving && this.#places.size === 1 && far(before, now) < STILL) return;
    if (this.#scrollsPage(event)) return;
    this.#hold(event.pointerId);
    const others = [...this.#places].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    this.#view.moveTo(
      others[0]
        ? pinched(this.#view.camera, others[0], before, now)
        : dragged(this.#view.camera, before, now),
    );
    this.#places.set(event.pointerId, now);
  }

  up(pointer: number): void {
    this.#places.delete(pointer);
    if (this.#places.size > 0) return;
    this.#isMoving = false;
    this.#surface.removeAttribute("data-moving");
  }

  /** One finger on what has no focus: it is on its way down the page. */
  #scrollsPage({ pointerType }: PointerEvent): boolean {
    return pointerType === "touch" && this.#places.size === 1 && !this.#surface.matches(":focus-within");
  }

  /** From now on it is no click on what lies under it. */
  #hold(pointer: number): void {
    this.#isMoving = true;
    this.#surface.setPointerCapture(pointer);
    this.#surface.setAttribute("data-moving", "");
  }
}

function dragged(camera: Camera, from: Point, to: Point): Camera {
  return panned(camera, { x: to.x - from.x, y: to.y - from.y });
}

/** One finger rests, the other one moves: the middle between them goes along. */
function pinched(camera: Camera, resting: Point, from: Point, to: Point): Camera {
  const middle = { x: (resting.x + to.x) / 2, y: (resting.y + to.y) / 2 };
  const shift = { x: (to.x - from.x) / 2, y: (to.y - from.y) / 2 };
  return zoomed(panned(camera, shift), far(resting, to) / (far(resting, from) || 1), middle);
}

function far(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function turn(event: WheelEvent, surface: SVGSVGElement, view: Movable): void {
  const isAsked = event.ctrlKey || event.metaKey;
  if (!isAsked && !surface.matches(":focus-within")) return;
  event.preventDefault();
  const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * LINE_PX;
  const turned = Math.max(-MAX_TURN, Math.min(MAX_TURN, pixels));
  const step = event.ctrlKey && Math.abs(pixels) < MAX_TURN ? PINCH : WHEEL;
  view.moveTo(zoomed(view.camera, Math.exp(-turned * step), placeOf(event, surface)));
}

function placeOf({ clientX, clientY }: MouseEvent, surface: Element): Point {
  const { left, top } = surface.getBoundingClientRect();
  return { x: clientX - left, y: clientY - top };
}
