import type { Body } from "../a2ui/chunk";
import type { CardPart, Cards } from "../artifacts/chunk";
import { Disclosure } from "../disclosure";
import { h, setHidden, setText } from "../dom";
import type { Part, PartOf } from "../envelope";
import type { Lane } from "../fold";
import { literal } from "../format";
import { Keyed, type KeyedView } from "../keyed";
import { STRINGS } from "../strings";
import type { Context, LaneView } from "./lane";

type SurfacePart = PartOf<"surface">;

/** What the agent has built to be used, and below it what it has found: drawn by chunks, and until they are there only places. */
export class A2uiLane implements LaneView {
  readonly element = h("div", { class: "lane a2ui" });
  readonly #context: Context;
  readonly #places: Keyed<SurfacePart>;
  readonly #list = h("div", { class: "artifacts" });
  #cards: Cards | Keyed<CardPart>;
  #body: Body | undefined;

  constructor(context: Context) {
    this.#context = context;
    this.#places = placesIn(this.element, context.surfaces);
    this.#cards = placesIn(this.#list, context.rich.artifacts);
  }

  apply({ parts }: Lane): void {
    const shown = parts.filter(isShown);
    if (this.#context.surfaces.desk) this.#bodyOf().sync(shown);
    else this.#places.sync(shown);
    const cards = parts.filter(isCard);
    if (cards.length) this.#showCards(cards);
    else this.#list.remove();
  }

  seal(): void {}

  destroy(): void {
    this.#places.destroy();
    this.#body?.destroy();
    this.#cards.destroy();
  }

  #showCards(parts: CardPart[]): void {
    const { rich, adopt, language } = this.#context;
    const { module, hasFailed } = rich.artifacts;
    if (!this.#list.parentElement) this.element.append(this.#list);
    if (module && !(this.#cards instanceof module.Cards)) {
      this.#cards.destroy();
      adopt(module.css);
      this.#cards = new module.Cards(this.#list, rich.navigate, language);
    } else if (!hasFailed) rich.artifacts.load();
    this.#cards.sync(parts);
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

function placesIn<T extends SurfacePart | CardPart>(into: HTMLElement, drawer: Drawer): Keyed<T> {
  return new Keyed<T>(
    into,
    ({ key }) => key,
    () => new Place(drawer),
  );
}

function isCard(part: Part): part is CardPart {
  return part.kind === "activity";
}

/** Who draws what is on its way. */
interface Drawer {
  readonly hasFailed: boolean;
  load(): void;
}

/** The room of what is on its way; if it does not come, what the agent said. */
class Place implements KeyedView<SurfacePart | CardPart> {
  readonly #drawer: Drawer;
  readonly #code = h("pre", { class: "code", dir: "ltr" });
  readonly #fold = new Disclosure("quiet", (body) => body.append(this.#code), STRINGS.details);
  readonly #again = h("button", { type: "button" }, STRINGS.again);
  readonly #failure = h("div", { class: "why" }, this.#fold.button, this.#fold.body);
  readonly #says = h("p", { class: "what" });
  readonly element = h("div", { class: "card place" }, this.#says, this.#again, this.#failure);

  constructor(drawer: Drawer) {
    this.#drawer = drawer;
    this.#again.addEventListener("click", () => drawer.load());
  }

  apply({ value }: SurfacePart | CardPart): void {
    const { hasFailed } = this.#drawer;
    setText(this.#says, hasFailed ? STRINGS.a2ui.notLoaded : "");
    setHidden(this.#again, !hasFailed);
    setHidden(this.#failure, !hasFailed);
    if (hasFailed) setText(this.#code, literal(JSON.stringify(said(value), null, 2)));
  }
}

function said(value: SurfacePart["value"] | CardPart["value"]): unknown {
  return "content" in value ? value.content : (value.spec ?? value.operations);
}
