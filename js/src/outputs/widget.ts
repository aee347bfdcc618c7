import { h, setText } from "../dom";
import { literal } from "../format";
import { OUTPUT_STRINGS } from "../strings";
import { Foreign, type Lumino } from "./foreign";
import { type BodyView, plainText, type Shown, type Stage } from "./stage";
import { whenSeen } from "./when-seen";

interface WidgetView {
  readonly luminoWidget?: Lumino;
  readonly pWidget?: Lumino; // its name in older hosts
  remove(): void;
}

/** The host's widgets: no documented part of the model, so it may be missing. */
interface WidgetManager {
  get_model(id: string): Promise<unknown>;
  create_view(model: unknown): Promise<WidgetView>;
}

function managerOf({ model }: Stage): WidgetManager | undefined {
  const manager = model.widget_manager as Partial<WidgetManager> | undefined;
  const isWhole = typeof manager?.get_model === "function" && typeof manager.create_view === "function";
  return isWhole ? (manager as WidgetManager) : undefined;
}

/** A live ipywidget, as it would stand in a cell. */
export class LiveWidgetView implements BodyView {
  readonly label = OUTPUT_STRINGS.widget;
  readonly element = h("div", { class: "out-foreign" });
  readonly #stage: Stage;
  #id: string | undefined;
  #close = () => {};

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  apply({ value, output }: Shown): void {
    const id = String((value as { model_id?: unknown } | null)?.model_id);
    if (id === this.#id) return;
    this.#id = id;
    this.#close();
    const show = () =>
      this.#show(id).catch(() => {
        if (id !== this.#id) return;
        this.#close();
        this.#mourn(plainText(output));
      });
    this.#close = whenSeen(this.element, show); // a view is rendered before its host attaches it
  }

  destroy(): void {
    this.#id = undefined;
    this.#close();
  }

  async #show(id: string): Promise<void> {
    const manager = managerOf(this.#stage);
    if (!manager) throw new Error("this host shows no widgets");
    const view = await manager.create_view(await manager.get_model(id));
    const widget = view.luminoWidget ?? view.pWidget;
    if (this.#id !== id || !widget) return view.remove();
    const place = new Foreign(this.#stage.slots);
    this.#close = () => {
      this.#close = () => {};
      place.close(() => view.remove());
      place.element.remove();
    };
    this.element.replaceChildren(place.element);
    place.attach(widget);
  }

  /** A widget is its kernel's: without it there is what it said of itself. */
  #mourn(text: string): void {
    const words = h("pre", { class: "code", dir: "auto" });
    setText(words, literal(text));
    this.element.replaceChildren(h("p", { class: "out-note" }, OUTPUT_STRINGS.deadWidget), words);
  }
}
