/** A drawing over the whole window, to be looked at closely: zoomed by buttons, keys and wheel, moved by dragging and scrolling. */

import { h } from "../dom";
import type { Branch } from "../nodes";
import { shapes } from "../nodes/shapes";
import { WORDS } from "./words";

const STEP = 1.25;
const LEAST = 0.1;
const MOST = 8;

export class Enlarged {
  readonly #picture: Branch;
  readonly #label: string;
  readonly #place: HTMLElement;
  #dialog: HTMLDialogElement | undefined;

  constructor(picture: Branch, label: string, place: HTMLElement) {
    this.#picture = picture;
    this.#label = label;
    this.#place = place;
  }

  open(): void {
    if (this.#dialog) return;
    const svg = shapes(this.#picture);
    const desk = h("div", { class: "desk", tabindex: "0" }, svg);
    const zoom = new Zoom(desk, svg);
    const dialog = h("dialog", { class: "enlarged", "aria-label": this.#label }, this.#head(zoom), desk);
    dialog.addEventListener("close", () => this.close());
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") event.stopPropagation(); // it closes this, and stops no run
    });
    this.#dialog = dialog;
    this.#place.append(dialog);
    dialog.showModal();
    zoom.fit();
    desk.focus();
  }

  close(): void {
    this.#dialog?.remove();
    this.#dialog = undefined;
  }

  #head(zoom: Zoom): HTMLElement {
    const button = (label: string, run: () => void) => {
      const made = h("button", { type: "button", class: "tool" }, label);
      made.addEventListener("click", run);
      return made;
    };
    return h(
      "div",
      { class: "enlarged-head" },
      h("bdi", { class: "enlarged-label" }, this.#label),
      button(WORDS.zoomOut, () => zoom.by(1 / STEP)),
      button(WORDS.zoomIn, () => zoom.by(STEP)),
      button(WORDS.fit, () => zoom.fit()),
      button(WORDS.close, () => this.close()),
    );
  }
}

const KEYS: Record<string, (zoom: Zoom) => void> = {
  "+": (zoom) => zoom.by(STEP),
  "=": (zoom) => zoom.by(STEP),
  "-": (zoom) => zoom.by(1 / STEP),
  "0": (zoom) => zoom.fit(),
};

/** How large the drawing on a desk is, and which part of it is seen. */
class Zoom {
  readonly #desk: HTMLElement;
  readonly #svg: SVGSVGElement;
  #scale = 1;

  constructor(desk: HTMLElement, svg: SVGSVGElement) {
    this.#desk = desk;
    this.#svg = svg;
    desk.addEventListener("keydown", ({ key }) => Object.hasOwn(KEYS, key) && KEYS[key]?.(this));
    desk.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    desk.addEventListener("pointerdown", (event) => this.#grab(event));
  }

  fit(): void {
    const { width, height } = this.#svg.viewBox.baseVal;
    const { clientWidth, clientHeight } = this.#desk;
    this.#set(Math.min((clientWidth - 32) / width, (clientHeight - 32) / height, 2));
  }

  /** Larger or smaller around a point of the desk, its middle if none is given. */
  by(factor: number, x = this.#desk.clientWidth / 2, y = this.#desk.clientHeight / 2): void {
    const desk = this.#desk;
    const [left, top] = [desk.scrollLeft + x, desk.scrollTop + y];
    const before = this.#scale;
    this.#set(before * factor);
    const grown = this.#scale / before;
    desk.scrollTo(left * grown - x, top * grown - y);
  }

  #set(scale: number): void {
    this.#scale = Math.min(Math.max(scale, LEAST), MOST);
    const { width, height } = this.#svg.viewBox.baseVal;
    this.#svg.style.width = `${width * this.#scale}px`;
    this.#svg.style.height = `${height * this.#scale}px`;
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return; // scrolls
    event.preventDefault();
    const { left, top } = this.#desk.getBoundingClientRect();
    this.by(Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
  }

  #grab({ pointerId, pointerType, clientX, clientY }: PointerEvent): void {
    if (pointerType !== "mouse") return; // a finger scrolls of itself
    const desk = this.#desk;
    const { scrollLeft, scrollTop } = desk;
    const move = (to: PointerEvent) =>
      desk.scrollTo(scrollLeft + clientX - to.clientX, scrollTop + clientY - to.clientY);
    desk.setPointerCapture(pointerId);
    desk.addEventListener("pointermove", move);
    desk.addEventListener("lostpointercapture", () => desk.removeEventListener("pointermove", move), {
      once: true,
    });
  }
}
