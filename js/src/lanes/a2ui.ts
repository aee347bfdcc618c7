import type { Body } from "../a2ui/chunk";
import { Disclosure } from "../disclosure";
import { h, setHidden, setText } from "../dom";
import type { Part, PartOf } from "../envelope";
import type { Lane } from "../fold";
import { literal } from "../format";
import { Keyed, type KeyedView } from "../keyed";
import { STRINGS } from "../strings";
import type { Surfaces } from "../surfaces";
import type { Context, LaneView } from "./lane";

type SurfacePart = PartOf<"surface">;

/** What the agent has built to be used: drawn by a chunk, and until that is there only its place. */
export class A2uiLane implements LaneView {
  readonly element = h("div", { class: "lane a2ui" });
  readonly #context: Context;
  readonly #places: Keyed<SurfacePart>;
  #body: Body | undefined;

  constructor(context: Context) {
    this.#context = context;
    this.#places = new Keyed<SurfacePart>(
      this.element,
      ({ key }) => key,
      () => new Place(context.surfaces),
    );
  }

  apply({ parts }: Lane): void {
    const shown = parts.filter(isShown);
    if (this.#context.surfaces.desk) this.#bodyOf().sync(shown);
    else this.#places.sync(shown);
  }

  seal(): void {}

  destroy(): void {
    this.#places.destroy();
    this.#body?.destroy();
  }

  #bodyOf(): Body {
    const { surfaces, adopt, say } = this.#context;
    if (!this.#body) {
      this.#places.destroy();
      adopt(surfaces.css);
    }
    this.#body ??= surfaces.desk?.body(this.element, say) as Body;
    return this.#body;
  }
}

function isShown(part: Part): part is SurfacePart {
  return (
    part.kind === "surface" && Boolean(part.value.operations.length || part.value.status || part.value.spec)
  );
}

/** The room of what is on its way; if it does not come, what the agent said. */
class Place implements KeyedView<SurfacePart> {
  readonly #surfaces: Surfaces;
  readonly #code = h("pre", { class: "code", dir: "ltr" });
  readonly #fold = new Disclosure("quiet", (body) => body.append(this.#code), STRINGS.details);
  readonly #again = h("button", { type: "button", class: "action" }, STRINGS.again);
  readonly #failure = h("div", { class: "why" }, this.#again, this.#fold.button, this.#fold.body);
  readonly #says = h("p", { class: "what" });
  readonly element = h("div", { class: "card place" }, this.#says, this.#failure);

  constructor(surfaces: Surfaces) {
    this.#surfaces = surfaces;
    this.#again.addEventListener("click", () => surfaces.load());
  }

  apply({ value }: SurfacePart): void {
    const { hasFailed } = this.#surfaces;
    setText(this.#says, hasFailed ? STRINGS.a2ui.notLoaded : "");
    setHidden(this.#failure, !hasFailed);
    if (hasFailed) setText(this.#code, literal(JSON.stringify(value.spec ?? value.operations, null, 2)));
  }
}
