import { h } from "../dom";
import { STRINGS } from "../strings";
import { COMPONENTS } from "./components";
import type { UiNode, UiSurface } from "./node";
import { type Components, draw, el, label, type Outcome, type Scene, type View } from "./part";

export interface Options {
  /** Beside those of the basic catalog. */
  readonly components?: Components;
  /** To the ear of who cannot see it. */
  readonly say?: (text: string) => void;
  readonly press?: (run: () => void) => Outcome;
}

/** One surface on screen. What its agent says of colours stays in here. */
export class SurfaceView {
  readonly #body = el("div", "body", el("div", "skeleton"));
  readonly #problem = h("p", { class: "a2-note", hidden: true });
  readonly element = h(
    "div",
    { class: "a2", role: "group", "aria-label": STRINGS.a2ui.surface },
    this.#body,
    this.#problem,
  );
  readonly #surface: UiSurface;
  readonly #scene: Scene;
  readonly #leave: () => void;
  #view: View | undefined;
  #root: UiNode | undefined;

  constructor(
    surface: UiSurface,
    { components, say = () => {}, press = (run) => run() as undefined }: Options = {},
  ) {
    this.#surface = surface;
    this.#scene = { components: { ...COMPONENTS, ...components }, say, press };
    this.#leave = surface.watch(() => this.#draw());
    this.#draw();
  }

  /** What went wrong with the surface; nothing takes it away again. */
  setProblem(text: string): void {
    label(this.#problem, text);
  }

  destroy(): void {
    this.#leave();
    this.#view?.destroy();
    this.element.remove();
  }

  #draw(): void {
    const { root, theme } = this.#surface;
    const colour = String(theme.primaryColor);
    const isColour = /^#[0-9a-f]{6}$/i.test(colour);
    this.element.toggleAttribute("data-themed", isColour);
    this.element.style.setProperty("--a2-agent", isColour ? colour : "");
    if (root === this.#root) return;
    this.#root = root;
    this.#view?.destroy();
    this.#view = root && draw(root, this.#scene);
    this.#body.replaceChildren(this.#view?.element ?? el("div", "skeleton"));
  }
}
