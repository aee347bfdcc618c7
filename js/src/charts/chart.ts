/** One chart on a canvas: compiled, run and drawn by Vega, and everything around it made here. */

import { type Bounds, parse, type Spec, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { h, setAttribute, setHidden, setText } from "../dom";
import type { Drawn, Scheme, Stage, Tool } from "../drawer";
import type { Node } from "../nodes";
import { Slices } from "../pause";
import { addressOf, onPaper, saveCanvas } from "../picture-files";
import { save } from "../save";
import { whyNothing, whyNotUnderstood } from "./advice";
import { selfContained } from "./file";
import { guardedInterpreter } from "./guard";
import { labelAngle, labelOf } from "./label";
import { refusingLoader } from "./loader";
import { isObject, type Reading } from "./spec";
import { dataTable } from "./table";
import { configFor, PALETTES } from "./theme";
import { Tip } from "./tip";
import { WORDS } from "./words";

type Row = Record<string, unknown>;
type Scenegraph = { root: { bounds: Bounds } };
type Mark = { from?: { data?: string; facet?: { data?: string } }; marks?: Mark[] };

/** What a browser still draws, over all of its pixels. */
const MAX_AREA = 16_000_000;
const MAX_PICTURE_CHARS = 500_000;

/** Nothing of the page is listened to but the pointer that was pressed on the chart, and nothing happens by itself. */
const EVENTS = {
  bind: "none",
  timer: false,
  selector: false,
  window: ["pointermove", "pointerup", "mousemove", "mouseup", "touchmove", "touchend"],
};

/** Of views beside each other. */
const SMALL = { continuousWidth: 200, continuousHeight: 180 };

/** A cursor that is a word: others are fetched. */
const CURSOR = /^[a-z-]+$/;

export class Chart implements Drawn {
  readonly label: string;
  readonly tools: readonly Tool[] = [
    { label: WORDS.savePng, run: () => this.#saving(this.#savePng()) },
    { label: WORDS.saveSvg, run: () => this.#saving(this.#saveSvg()) },
  ];
  readonly #stage: Stage;
  readonly #scheme: Scheme;
  readonly #spec: Reading["spec"];
  readonly #tip = new Tip();
  readonly #canvas: HTMLElement;
  readonly #note = h("p", { class: "chart-note", hidden: true });
  readonly #notes: Set<string>;
  readonly #root: HTMLElement;
  readonly #isFitted: boolean;
  /** Each step of Vega's may take its time; between them the page has its own. */
  readonly #slices = new Slices();
  #view: View | undefined;
  #failure: unknown;

  constructor({ spec, notes }: Reading, stage: Stage) {
    this.#stage = stage;
    this.#spec = spec;
    this.#scheme = paperOf(spec) ?? stage.scheme;
    this.#isFitted = fits(spec);
    this.#notes = new Set(notes);
    this.label = labelOf(spec);
    this.#canvas = h("div", { class: "chart-canvas", role: "img", "aria-label": this.label });
    this.#root = h("div", { class: "chart" }, this.#canvas, this.#tip.element, this.#note);
  }

  async draw(): Promise<void> {
    this.#stage.place.append(this.#root);
    const compiled = this.#compiled();
    await this.#slices.next();
    const view = this.#newView(compiled);
    this.#view = view;
    await this.#run(view);
    const rows = drawnRows(view, compiled);
    if (rows.length) await this.#show(view);
    else this.#canvas.replaceChildren(h("div", { class: "chart-nothing" }, whyNothing(this.#spec)));
    if (rows.length) this.#root.append(dataTable(rows));
    this.#tell();
    this.#follow();
  }

  async snapshot(): Promise<Node | undefined> {
    for (const scale of [2, 1]) {
      const picture = await this.#picture(scale);
      const src = picture ? await addressOf(picture) : "";
      if (picture && src.length <= MAX_PICTURE_CHARS) {
        const size = { width: Math.round(picture.width / scale), height: Math.round(picture.height / scale) };
        return { t: "img", a: { src, alt: this.label, ...size } };
      }
    }
    return undefined;
  }

  destroy(): void {
    this.#view?.finalize();
  }

  // -- Vega ------------------------------------------------------------------------------------------

  #compiled(): Spec {
    const { width: _, ...rest } = this.#spec;
    const sized = {
      ...rest,
      width: this.#room(),
      autosize: this.#spec.autosize ?? { type: "fit-x", contains: "padding" },
    };
    const font = getComputedStyle(this.#root).fontFamily;
    const config = {
      ...configFor(this.#scheme, font),
      axisXDiscrete: {
        labelAngle: labelAngle(this.#spec, this.#isFitted ? this.#room() : SMALL.continuousWidth),
      },
    };
    const options = {
      config: this.#isFitted ? config : { ...config, view: { ...config.view, ...SMALL } },
      logger: this.#logger(),
    };
    const spec = understood((this.#isFitted ? sized : this.#spec) as TopLevelSpec, options);
    return { ...spec, config: { ...spec.config, events: EVENTS } } as Spec;
  }

  #newView(compiled: Spec): View {
    const loader = refusingLoader((note) => this.#say(note));
    const options = { loader, logger: this.#logger(), expr: guardedInterpreter(), tooltip: this.#tip.show };
    return new View(parse(compiled, undefined, { ast: true }), options);
  }

  async #run(view: View): Promise<void> {
    await this.#slices.next();
    await view.runAsync();
    if (this.#failure) throw this.#failure;
    this.#stage.signal.throwIfAborted();
  }

  /** Drawn into an element that is in no document: what a specification does to it, it does to nobody. */
  async #show(view: View): Promise<void> {
    const { x1, y1, x2, y2 } = (view.scenegraph() as unknown as Scenegraph).root.bounds;
    if (!((x2 - x1) * (y2 - y1) * devicePixelRatio ** 2 <= MAX_AREA)) throw new Error(WORDS.tooLarge);
    const detached = h("div");
    view.initialize(detached);
    view.addSignalListener("cursor", (_, cursor) => this.#point(cursor));
    await this.#run(view);
    this.#canvas.append(...detached.childNodes);
  }

  #point(cursor: unknown): void {
    const { user, item } = isObject(cursor) ? cursor : { user: cursor, item: undefined };
    const word = String((user !== "default" && user) || item || "default");
    this.#canvas.style.cursor = CURSOR.test(word) ? word : "default";
  }

  /** Nothing of it goes to the console: what is wrong is said where the chart would be. */
  #logger() {
    const quiet = () => logger;
    const logger = {
      level: quiet,
      warn: quiet,
      info: quiet,
      debug: quiet,
      error: (...what: readonly unknown[]) => {
        this.#failure ??= what.find((each) => each instanceof Error) ?? new Error(what.join(" "));
        return logger;
      },
    };
    return logger as never; // Vega's type wants a setter and a getter under one name
  }

  // -- around it -------------------------------------------------------------------------------------

  #room(): number {
    return Math.max(120, Math.floor(this.#root.clientWidth));
  }

  /** As wide as there is room; once a frame, and the canvas stays. */
  #follow(): void {
    const { signal } = this.#stage;
    let width = this.#room();
    const observer = new ResizeObserver(() => {
      setAttribute(
        this.#canvas,
        "tabindex",
        this.#canvas.scrollWidth > this.#canvas.clientWidth ? "0" : "-1",
      );
      if (!this.#isFitted || !this.#root.clientWidth || this.#room() === width) return;
      width = this.#room();
      this.#view?.width(width).resize().runAsync();
    });
    observer.observe(this.#root);
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  }

  #say(note: string): void {
    this.#notes.add(note);
    this.#tell();
  }

  #tell(): void {
    setText(this.#note, [...this.#notes].slice(0, 3).join(" "));
    setHidden(this.#note, this.#notes.size === 0);
  }

  // -- files -----------------------------------------------------------------------------------------

  async #picture(scale: number): Promise<HTMLCanvasElement | undefined> {
    if (!this.#canvas.querySelector("canvas")) return undefined;
    const drawn = await this.#view?.toCanvas(scale);
    return drawn && onPaper(drawn, drawn.width, drawn.height, PALETTES[this.#scheme].paper);
  }

  #saving(done: Promise<void>): void {
    done.catch(() => this.#stage.say(WORDS.notSaved));
  }

  async #savePng(): Promise<void> {
    const picture = await this.#picture(2);
    if (picture) await saveCanvas(picture, "chart");
  }

  async #saveSvg(): Promise<void> {
    const view = this.#view;
    if (!view) return;
    const text = await view.background(PALETTES[this.#scheme].paper).toSVG();
    view.background("transparent");
    save(new Blob([selfContained(text)], { type: "image/svg+xml" }), "chart.svg");
  }
}

type Options = Parameters<typeof compile>[1];

function understood(given: TopLevelSpec, options: Options): Spec {
  try {
    return compile(given, options).spec;
  } catch (error) {
    throw error instanceof TypeError ? new Error(whyNotUnderstood(given)) : error;
  }
}

/** One view that says no width of its own is as wide as there is room. */
function fits({ width, encoding, ...spec }: Reading["spec"]): boolean {
  const isOne = "mark" in spec || "layer" in spec;
  const isFacet = isObject(encoding) && ("row" in encoding || "column" in encoding || "facet" in encoding);
  return isOne && !isFacet && (width === undefined || width === "container");
}

/** A specification that brings its own paper has words for that paper. */
function paperOf({ background, config }: Reading["spec"]): Scheme | undefined {
  const colour = background ?? (isObject(config) ? config.background : undefined);
  if (typeof colour !== "string" || colour === "transparent") return undefined;
  const context = h("canvas").getContext("2d");
  if (!context) return undefined;
  context.fillStyle = colour;
  const [red = 255, green = 255, blue = 255] = (context.fillStyle.match(/[0-9a-f]{2}/g) ?? []).map((each) =>
    Number.parseInt(each, 16),
  );
  return red + green + blue > 3 * 127 ? "light" : "dark";
}

/** Of what stands on the canvas: the largest set of rows that its marks come from. */
function drawnRows(view: View, { marks = [] }: Spec): Row[] {
  const sets = namesOf(marks as Mark[]).map((name) => rowsCalled(view, name));
  return sets.reduce((most, rows) => (rows.length > most.length ? rows : most), []);
}

function namesOf(marks: readonly Mark[]): string[] {
  return marks.flatMap(({ from, marks: inner = [] }) => {
    const name = from?.facet?.data ?? from?.data;
    return [...(name ? [name] : []), ...namesOf(inner)];
  });
}

/** Sets within a facet are not the view's. */
function rowsCalled(view: View, name: string): Row[] {
  try {
    return view.data(name) as Row[];
  } catch {
    return [];
  }
}
