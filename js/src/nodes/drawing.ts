import css from "../css/drawing.css";
import { h, setAttribute } from "../dom";
import {
  type DrawerModule,
  type Drawn,
  type Scheme,
  type Source,
  type Stage,
  type Tool,
  UNFINISHED,
} from "../drawer";
import type { Lazy } from "../lazy";
import { idle } from "../pause";
import type { Rich } from "../rich";
import { frame } from "../scheduler";
import { schemeOf, watchScheme } from "../scheme";
import { addSheet } from "../sheets";
import { STRINGS } from "../strings";
import { forgetSight, watchSight } from "./sight";

/** `waiting` for its turn, for what draws it, or to be in sight; what was drawn before stays meanwhile. */
export type DrawingState = "waiting" | "drawn" | "failed";

export interface DrawingHost {
  readonly rich: Rich;
  say(text: string): void;
  /** Its state, its tools or its message are others now. */
  changed?(): void;
}

const NONE: readonly Tool[] = [];

/** How long what grows stands still before it is handed back. */
const REST_MS = 3_000;

/** What is on the paper now. */
interface Shown {
  readonly place: HTMLElement;
  readonly scheme: Scheme;
  readonly drawn?: Drawn;
  /** Ends with it. */
  readonly life?: AbortController;
}

/**
 * A source as its drawing: begun when it comes near the reader's sight, and brought to the theme of its surroundings.
 *
 * Each drawing is made in a place of its own that nobody sees, as wide as the last one, and takes the last one's place when it is
 * done: nothing flickers.
 */
export class Drawing {
  readonly element: HTMLElement;
  state: DrawingState = "waiting";
  /** Why it failed. */
  message = "";
  readonly #host: DrawingHost;
  readonly #life = new AbortController();
  readonly #follows = new Set<Lazy<DrawerModule>>();
  #source: Source | undefined;
  #shown: Shown | undefined;
  /** Ends the drawing that is being made. */
  #making: AbortController | undefined;
  #isSeen = false;
  #isStale = false;
  #isThemed = false;
  #grows = false;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(host: DrawingHost) {
    this.#host = host;
    this.element = h("figure", { class: "drawing", "data-state": this.state });
    if (!watchSight(this.element, this.#see)) frame.write(() => this.#see(true));
  }

  /** Show `text` drawn from now on. */
  show(kind: string, text: string): void {
    if (this.#source?.kind === kind && this.#source.text === text) return;
    const isGrowth = this.#grows && this.#source?.kind === kind;
    this.#source = { kind, text };
    if (isGrowth) {
      this.#isStale = true; // what is being drawn is drawn to its end, or it would never be
      this.#go();
    } else {
      this.#grows = false;
      this.#renew();
    }
  }

  /** Of what is drawn now: the same list as long as it is. */
  get tools(): readonly Tool[] {
    return this.#shown?.drawn?.tools ?? NONE;
  }

  destroy(): void {
    forgetSight(this.element);
    clearTimeout(this.#rest);
    this.#life.abort();
    this.#making?.abort();
    this.#drop();
  }

  readonly #see = (isSeen: boolean): void => {
    this.#isSeen = isSeen && this.element.isConnected;
    if (this.#isSeen) this.#adopt(css);
    this.#go();
  };

  #adopt(text: string): void {
    addSheet(this.element.getRootNode() as ShadowRoot, text);
  }

  #renew(): void {
    this.#isStale = true;
    this.#making?.abort();
    this.#making = undefined;
    this.#set(this.#shown ? "drawn" : "waiting");
    this.#go();
  }

  #go(): void {
    const isDue = this.#isSeen && this.#isStale && this.element.isConnected && !this.#life.signal.aborted;
    if (!isDue || this.#making || !this.#source || this.#grow(this.#source)) return;
    const drawer = this.#host.rich.drawer(this.#source.kind);
    if (!drawer) this.#fail(STRINGS.drawing.notLoaded);
    else if (drawer.module) this.#begin(drawer.module, this.#source);
    else this.#await(drawer);
  }

  /** What grows is not drawn anew, and is handed back when it rests. */
  #grow(source: Source): boolean {
    const shown = this.#shown;
    if (!this.#grows || !shown?.drawn?.update?.(source.text)) return false;
    this.#isStale = false;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.#handBack(source), REST_MS);
    return true;
  }

  /** What draws it is on its way, or does not come: then what was drawn before will do. */
  #await(drawer: Lazy<DrawerModule>): void {
    if (!this.#follows.has(drawer)) drawer.changed.add(() => this.#go(), this.#life.signal);
    this.#follows.add(drawer);
    if (!drawer.hasFailed) drawer.load();
    else if (!this.#showKept()) this.#fail(STRINGS.drawing.notLoaded);
  }

  #showKept(): boolean {
    const { kind, text } = this.#source as Source;
    const kept = this.#host.rich.kept(kind, text);
    if (!kept) return false;
    const place = this.#placed();
    place.classList.add("kept");
    this.#host.rich.paint(kept.node, place);
    this.#replace({ place, scheme: kept.scheme });
    return true;
  }

  #begin(module: DrawerModule, source: Source): void {
    const making = new AbortController();
    this.#making = making;
    this.#grows = module.grows === true;
    this.#isStale = false;
    this.#followTheme();
    this.#host.rich
      .turn(() => this.#draw(module, source, making))
      .catch((error) => this.#give(making, () => this.#fail(wordsOf(error), isUnfinished(error))))
      .finally(() => this.#give(making, () => this.#end()));
  }

  /** Only what is still being made may say how it went. */
  #give(making: AbortController, tell: () => void): void {
    if (this.#making === making) tell();
  }

  #end(): void {
    this.#making = undefined;
    this.#go();
  }

  async #draw(module: DrawerModule, source: Source, life: AbortController): Promise<void> {
    const { signal } = life;
    if (!this.element.isConnected) this.#isStale = true; // until it is back
    if (signal.aborted || this.#isStale) return;
    const { rich, say } = this.#host;
    this.#adopt(module.css);
    const scheme = schemeOf(this.element);
    const place = this.#placed();
    signal.addEventListener("abort", () => place.remove(), { once: true });
    const stage: Stage = {
      ...{ place, scheme, signal, say, asset: rich.asset, module: rich.module },
      act: (name, context) => rich.act(name, context, source.kind),
    };
    const drawn = await module.draw(source, stage).catch((error) => {
      place.remove();
      throw error;
    });
    if (signal.aborted) drawn.destroy?.();
    else this.#finish(source, { place, scheme, drawn, life });
  }

  #placed(): HTMLElement {
    const place = h("div", { class: "paper", "data-hidden": true });
    this.element.append(place);
    return place;
  }

  #finish(source: Source, shown: Shown): void {
    this.#replace(shown);
    this.#repaint();
    void idle().then(() => this.#handBack(source)); // its reader comes first
  }

  /** What is on the paper, if that is still what was drawn of `source`. */
  async #handBack(source: Source): Promise<void> {
    const { rich } = this.#host;
    const { kind, text } = source;
    if (source !== this.#source || !this.#shown || !rich.misses(kind, text)) return;
    const { drawn, scheme } = this.#shown;
    const node = await drawn?.snapshot?.().catch(() => undefined); // it is drawn all the same
    if (node !== undefined && this.#shown?.drawn === drawn) rich.keep(kind, text, scheme, node);
  }

  #replace(shown: Shown): void {
    const { place, scheme, drawn } = shown;
    this.#drop();
    this.#shown = shown;
    setAttribute(place, "data-hidden", false);
    setAttribute(this.element, "data-scheme", scheme);
    if (drawn) setAttribute(this.element, "aria-label", drawn.label);
    this.#set("drawn");
  }

  #drop(): void {
    this.#shown?.life?.abort();
    this.#shown?.drawn?.destroy?.();
    this.#shown?.place.remove();
    this.#shown = undefined;
  }

  #fail(message: string, isUnfinished = false): void {
    this.#drop();
    setAttribute(this.element, "data-unfinished", isUnfinished);
    this.message = message;
    this.#set("failed");
  }

  #set(state: DrawingState): void {
    this.state = state;
    setAttribute(this.element, "data-state", state);
    this.#host.changed?.();
  }

  #followTheme(): void {
    if (this.#isThemed) return;
    this.#isThemed = true;
    watchScheme(this.element, this.#repaint, this.#life.signal);
  }

  /** In the colours of what is around it now. */
  readonly #repaint = (): void => {
    if (!this.#shown?.drawn || !this.element.isConnected) return;
    const scheme = schemeOf(this.element);
    if (scheme === this.#shown.scheme) return;
    const { drawn } = this.#shown;
    if (!drawn.repaint) {
      this.#renew();
      return;
    }
    drawn.repaint(scheme);
    this.#shown = { ...this.#shown, scheme };
    setAttribute(this.element, "data-scheme", scheme);
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isUnfinished(error: unknown): boolean {
  return error instanceof Error && error.name === UNFINISHED;
}
