import { h } from "../dom";
import { literal } from "../format";
import { OUTPUT_STRINGS, STRINGS } from "../strings";
import { Foreign, type Lumino } from "./foreign";
import type { BodyView, Shown, Stage } from "./stage";
import { whenSeen } from "./when-seen";

interface Renderer extends Lumino {
  renderModel(model: object): Promise<void>;
}

/** What the host draws with: no documented part of the model either. */
interface Rendermime {
  readonly mimeTypes: readonly string[];
  getFactory(mime: string): { readonly safe: boolean } | undefined;
  createRenderer(mime: string): Renderer;
}

function rendermimeOf({ model }: Stage): Rendermime | undefined {
  const manager = model.widget_manager as { rendermime?: Partial<Rendermime> } | undefined;
  const rendermime = manager?.rendermime;
  const { createRenderer, getFactory } = rendermime ?? {};
  const isWhole = Array.isArray(rendermime?.mimeTypes) && typeof createRenderer === "function";
  return isWhole && typeof getFactory === "function" ? (rendermime as Rendermime) : undefined;
}

/** Markup and programs are never handed to the host: only data that it knows how to draw. */
const DATA =
  /^application\/(?!javascript|ecmascript|xhtml|xml|json$|vnd\.jupyter\.|vnd\.agui_widget\.)[\w.-]+\+json$/;

/** Whose drawings ask a network for more than they were given. */
const MAPS = /geo\+json$/;

/** Types that only the host knows: plotly, maps, and whatever is installed and calls itself safe. Some run what they are given. */
export class HostedView implements BodyView {
  readonly label = OUTPUT_STRINGS.chart;
  readonly element = h("div", { class: "out-foreign out-hosted", tabindex: "-1" });
  readonly #stage: Stage;
  #value: unknown;
  #turn = 0;
  #close = () => {};

  static canShow(mime: string, stage: Stage): boolean {
    const rendermime = DATA.test(mime) ? rendermimeOf(stage) : undefined;
    return rendermime?.mimeTypes.includes(mime) === true && rendermime.getFactory(mime)?.safe === true;
  }

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  apply(shown: Shown): void {
    if (shown.value === this.#value) return;
    this.#value = shown.value;
    this.#close();
    const hosts = MAPS.test(shown.mime) ? [OUTPUT_STRINGS.mapServer] : remoteHosts(shown.value);
    if (hosts.length) this.#offer(shown, hosts);
    else this.#close = whenSeen(this.element, () => this.#render(shown));
  }

  destroy(): void {
    this.#turn++;
    this.#close();
  }

  /** The host would fetch what stands elsewhere as soon as it draws: the reader is asked first. */
  #offer(shown: Shown, hosts: readonly string[]): void {
    const load = h("button", { type: "button", class: "load" }, STRINGS.loadOnce);
    const named = h("bdi", { class: "offer-host" }, literal(hosts.slice(0, 3).join(", ")));
    load.addEventListener("click", () => {
      this.#render(shown);
      this.element.focus({ preventScroll: true }); // the button is gone
    });
    this.element.replaceChildren(h("span", { class: "offer" }, OUTPUT_STRINGS.elsewhere, named, load));
  }

  async #render({ mime, value, output }: Shown): Promise<void> {
    const turn = ++this.#turn;
    this.#close();
    const renderer = rendermimeOf(this.#stage)?.createRenderer(mime);
    if (!renderer) return;
    const place = new Foreign(this.#stage.slots);
    this.#close = () => {
      this.#close = () => {};
      place.close(() => renderer.dispose());
    };
    this.element.replaceChildren(place.element);
    const metadata = output.metadata ?? {};
    try {
      place.attach(renderer);
      await renderer.renderModel({ data: { [mime]: value }, metadata, trusted: false, setData() {} });
    } catch {
      if (turn === this.#turn) this.element.replaceChildren(h("em", {}, OUTPUT_STRINGS.broken));
    }
  }
}

const REMOTE = /(?:https?:)?\/\/([^\s/"'<>()\\]+)/gi;

/** Addresses under these names say what it is, or are gone to when the reader says so. */
const NOT_LOADED: ReadonlySet<string> = new Set(["$schema", "plotlyServerURL"]);

/** Who would be asked for something that `value` names. */
export function remoteHosts(value: unknown): string[] {
  const found = new Set<string>();
  const left: unknown[] = [value];
  while (left.length) {
    const one = left.pop();
    if (typeof one === "string") for (const [, host = ""] of one.matchAll(REMOTE)) found.add(host);
    if (typeof one !== "object" || one === null) continue;
    for (const [name, each] of Object.entries(one)) if (!NOT_LOADED.has(name)) left.push(each);
  }
  return [...found];
}
