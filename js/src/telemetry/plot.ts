/** One chart that grows: uPlot draws its lines, everything around them is made here. */

import uPlot from "uplot";
import { PALETTES } from "../charts/theme";
import { h, setAttribute, setHidden, setText } from "../dom";
import type { Drawn, Scheme, Stage, Tool } from "../drawer";
import type { Node } from "../nodes";
import { addressOf, saveCanvas } from "../picture-files";
import { type Data, labelOf, read, valueText } from "./data";
import { Latest } from "./latest";
import { Legend } from "./legend";
import { optionsFor } from "./options";
import { pictureOf } from "./picture";
import { WORDS } from "./words";

const HEIGHT = 220;
const MAX_PICTURE_CHARS = 500_000;

export class Plot implements Drawn {
  readonly tools: readonly Tool[] = [{ label: WORDS.savePng, run: () => void this.#save() }];
  readonly #stage: Stage;
  readonly #hidden = new Set<string>();
  readonly #legend = new Legend((series) => this.#toggle(series));
  readonly #latest = new Latest();
  readonly #title = h("span", { class: "telemetry-title" });
  readonly #spot = h("span", { class: "telemetry-spot" });
  readonly #log = h(
    "button",
    { type: "button", class: "tool", "aria-pressed": "false", title: WORDS.logHint },
    WORDS.log,
  );
  readonly #waiting = h("div", { class: "chart-nothing" }, WORDS.waiting);
  readonly #lines = h("div", { class: "telemetry-lines", role: "img" });
  readonly #root: HTMLElement;
  #scheme: Scheme;
  #data: Data;
  #plot: uPlot | undefined;
  #isLog = false;
  #isDue = false;

  constructor(text: string, stage: Stage) {
    this.#stage = stage;
    this.#scheme = stage.scheme;
    this.#data = read(text);
    const head = h("div", { class: "telemetry-head" }, this.#title, this.#spot, this.#log);
    this.#root = h(
      "div",
      { class: "telemetry" },
      head,
      this.#legend.element,
      this.#waiting,
      this.#lines,
      this.#latest.element,
    );
    stage.place.append(this.#root);
    this.#log.addEventListener("click", () => this.#turnScale());
    this.#latest.onOpen(() => this.#latest.tell(this.#data));
    this.#build();
    this.#follow();
  }

  get label(): string {
    return labelOf(this.#data);
  }

  /** Takes more rows where the lines are; drawn once a frame, however often they come. */
  update(text: string): boolean {
    const before = headOf(this.#data);
    try {
      this.#data = read(text);
    } catch {
      return false; // what is wrong with it is said when it is drawn anew
    }
    if (before !== headOf(this.#data)) this.#build();
    else if (!this.#isDue) {
      this.#isDue = true;
      requestAnimationFrame(() => this.#grow());
    }
    return true;
  }

  repaint(scheme: Scheme): void {
    this.#scheme = scheme;
    this.#build();
  }

  async snapshot(): Promise<Node | undefined> {
    const picture = this.#picture();
    if (!picture) return undefined;
    const src = await addressOf(picture);
    const [width, height] = [picture.width, picture.height].map((pixels) =>
      Math.round(pixels / devicePixelRatio),
    );
    if (src.length > MAX_PICTURE_CHARS || !width || !height) return undefined;
    return { t: "img", a: { src, alt: this.label, width, height } };
  }

  destroy(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  // -- drawing ---------------------------------------------------------------------------------------

  #build(): void {
    this.#plot?.destroy();
    const { title, series, columns } = this.#data;
    setText(this.#title, title || WORDS.title);
    this.#legend.name(this.#data, this.#colours, (at) => this.#hidden.has(series[at]?.name ?? ""));
    this.#plot = new uPlot(this.#options(), columns as unknown as uPlot.AlignedData, this.#lines);
    this.#tell();
  }

  #grow(): void {
    this.#isDue = false;
    this.#plot?.setData(this.#data.columns as unknown as uPlot.AlignedData);
    this.#tell();
  }

  #tell(): void {
    const isEmpty = this.#data.columns[0].length === 0;
    setHidden(this.#waiting, !isEmpty);
    setHidden(this.#lines, isEmpty);
    setAttribute(this.#lines, "aria-label", this.label);
    setHidden(this.#log, isEmpty || !this.#canBeLog());
    this.#latest.tell(this.#data);
    this.#point(this.#plot?.cursor.idx);
  }

  /** The values where the pointer is, or the last ones. */
  #point(row: number | null | undefined): void {
    const x = typeof row === "number" ? this.#data.columns[0][row] : undefined;
    setText(this.#spot, x === undefined ? "" : `${this.#data.x || "x"} ${valueText(x)}`);
    this.#legend.tell(this.#data, x === undefined ? null : row);
  }

  get #colours(): readonly string[] {
    const { series } = PALETTES[this.#scheme];
    return this.#data.series.map((_, at) => series[at % series.length] ?? "");
  }

  #options(): uPlot.Options {
    return optionsFor(this.#data, {
      width: this.#room(),
      height: HEIGHT,
      font: `11px ${getComputedStyle(this.#root).fontFamily}`,
      scheme: this.#scheme,
      colours: this.#colours,
      isLog: this.#isLog,
      isHidden: (name) => this.#hidden.has(name),
      pointed: (row) => this.#point(row),
    });
  }

  // -- what the reader does --------------------------------------------------------------------------

  #toggle(series: number): void {
    const name = this.#data.series[series]?.name ?? "";
    if (!this.#hidden.delete(name)) this.#hidden.add(name);
    this.#plot?.setSeries(series + 1, { show: !this.#hidden.has(name) });
  }

  /** What is not above nothing has no logarithm. */
  #canBeLog(): boolean {
    const [, ...columns] = this.#data.columns;
    return columns.every((column) => column.every((value) => value === null || value > 0));
  }

  #turnScale(): void {
    this.#isLog = !this.#isLog && this.#canBeLog();
    setAttribute(this.#log, "aria-pressed", String(this.#isLog));
    this.#build();
  }

  // -- size and pictures -----------------------------------------------------------------------------

  /** Out of sight it has no width: then the last one holds. */
  #room(): number {
    return Math.max(160, Math.floor(this.#root.clientWidth || (this.#plot?.width ?? 0)));
  }

  #follow(): void {
    const { signal } = this.#stage;
    const observer = new ResizeObserver(() => {
      if (this.#root.clientWidth && this.#plot?.width !== this.#room())
        this.#plot?.setSize({ width: this.#room(), height: HEIGHT });
    });
    observer.observe(this.#root);
    signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  }

  #picture(): HTMLCanvasElement | undefined {
    const drawn = this.#plot?.ctx.canvas;
    if (!drawn?.width || !this.#data.columns[0].length) return undefined;
    const { title, series } = this.#data;
    const lines = series.map(({ name }, at) => ({ name, colour: this.#colours[at] ?? "" }));
    const shown = lines.filter(({ name }) => !this.#hidden.has(name));
    const family = getComputedStyle(this.#root).fontFamily;
    return pictureOf(drawn, { title, lines: shown, family, scheme: this.#scheme }, devicePixelRatio);
  }

  async #save(): Promise<void> {
    try {
      const picture = this.#picture();
      if (picture) await saveCanvas(picture, "telemetry");
    } catch {
      this.#stage.say(WORDS.notSaved);
    }
  }
}

function headOf({ title, x, series }: Data): string {
  return JSON.stringify([title, x, series]);
}
