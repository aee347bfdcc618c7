import { h } from "../dom";
import type { PartOf } from "../envelope";
import type { KeyedView } from "../keyed";
import { isObject } from "./json";
import type { Problem } from "./message";
import { arrange } from "./part";
import { StatusCard } from "./status-card";
import type { Surface } from "./surface";
import { type Options, SurfaceView } from "./view";

/** The surfaces of one part, and below them how far it is. */
export class PartView implements KeyedView<PartOf<"surface">> {
  readonly element = h("div", { class: "a2-part" });
  readonly #surfaces: () => readonly Surface[];
  readonly #problems: () => readonly Problem[];
  readonly #options: Options;
  readonly #views = new Map<Surface, SurfaceView>();
  #status: StatusCard | undefined;

  constructor(surfaces: () => readonly Surface[], problems: () => readonly Problem[], options: Options) {
    this.#surfaces = surfaces;
    this.#problems = problems;
    this.#options = options;
  }

  apply({ value }: PartOf<"surface">): void {
    const surfaces = this.#surfaces();
    const problems = surfaces.length ? [] : this.#problems();
    const status = value.status ?? (problems.length ? { status: "failed", errors: problems } : undefined);
    this.#drop(new Set(surfaces));
    const elements = surfaces.map((surface) => this.#viewOf(surface).element);
    if (!isObject(status)) this.#status = undefined;
    else {
      this.#status ??= new StatusCard();
      this.#status.apply(status);
      elements.push(this.#status.element);
    }
    for (const element of [...this.element.children])
      if (!elements.includes(element as HTMLDivElement)) element.remove();
    arrange(this.element, elements);
  }

  destroy(): void {
    this.#drop(new Set());
  }

  #viewOf(surface: Surface): SurfaceView {
    const view = this.#views.get(surface) ?? new SurfaceView(surface, this.#options);
    this.#views.set(surface, view);
    return view;
  }

  #drop(kept: ReadonlySet<Surface>): void {
    for (const [surface, view] of this.#views) {
      if (kept.has(surface)) continue;
      view.destroy();
      this.#views.delete(surface);
    }
  }
}
