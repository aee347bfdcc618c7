import { CODE_COLOURS } from "../css/code-colours";
import type { LiveText } from "../lanes/live-text";

/** Length in UTF-16 units, and class. */
export type Run = [length: number, name: string];

interface Painted {
  end: number;
  ranges: StaticRange[];
  name: string;
}

/**
 * The colours of a code block, laid over its text: the text stays one node for each of its blocks, whatever is coloured.
 *
 * Measured: the browser checks every range of the page in each frame that changes something, so what is out of sight has none.
 */
export class Colours {
  readonly #live: LiveText;
  readonly #painted: Painted[] = [];
  #runs: readonly Run[] = [];
  #isPaused = false;

  constructor(live: LiveText) {
    this.#live = live;
  }

  /** From now on these. */
  paint(runs: readonly Run[]): void {
    if (runs === this.#runs) return;
    let same = 0;
    while (same < this.#painted.length && isEqual(runs[same], this.#runs[same])) same++;
    this.#drop((_, at) => at >= same);
    this.#runs = runs;
    this.#go();
  }

  /** The text changed, except for its first `kept` units. */
  follow(kept: number): void {
    if (this.#painted.length && (this.#painted.at(-1) as Painted).end > kept)
      this.#drop(({ end }) => end > kept);
    this.#go();
  }

  /** Out of sight, and back. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    if (isPaused) this.#drop(() => true);
    else this.#go();
  }

  clear(): void {
    this.#drop(() => true);
    this.#runs = [];
  }

  /** As far as the text is on screen. Static ranges: live ones would cost every change of the document. */
  #go(): void {
    if (this.#isPaused) return;
    for (let at = this.#painted.length; at < this.#runs.length; at++) {
      const [length, name] = this.#runs[at] as Run;
      const start = this.#painted.at(-1)?.end ?? 0;
      const end = start + length;
      if (!(length > 0) || end > this.#live.length) return;
      const ranges = Object.hasOwn(CODE_COLOURS, name) ? this.#live.rangesOf(start, end) : [];
      for (const range of ranges) highlightOf(name).add(range);
      this.#painted.push({ end, ranges, name });
    }
  }

  #drop(isOld: (painted: Painted, at: number) => boolean): void {
    const from = this.#painted.findIndex(isOld);
    if (from < 0) return;
    for (const { ranges, name } of this.#painted.splice(from))
      for (const range of ranges) highlightOf(name).delete(range);
  }
}

export function canHighlight(): boolean {
  return typeof CSS.highlights === "object" && typeof Highlight === "function";
}

/** The same, as elements, for a browser without highlights. */
export function colouredSpans(text: string, runs: readonly Run[]): (Node | string)[] {
  let at = 0;
  const spans = runs.map(([length, name]) => {
    const piece = text.slice(at, at + length);
    at += length;
    return Object.hasOwn(CODE_COLOURS, name) ? spanOf(piece, name) : piece;
  });
  return [...spans, text.slice(at)];
}

function spanOf(text: string, name: string): HTMLElement {
  const span = document.createElement("span");
  span.className = `code-${name}`;
  span.textContent = text;
  return span;
}

/** Highlights belong to the page, and all chats of it share ours. */
function highlightOf(name: string): Highlight {
  const key = `agui-${name}`;
  const highlight = CSS.highlights.get(key) ?? new Highlight();
  CSS.highlights.set(key, highlight);
  return highlight;
}

function isEqual(one: Run | undefined, other: Run | undefined): boolean {
  return one?.[0] === other?.[0] && one?.[1] === other?.[1];
}

/** What came as `runs`, if it is some. */
export function runsOf(value: unknown): readonly Run[] {
  return Array.isArray(value) && value.every(isRun) ? value : NONE;
}

const NONE: readonly Run[] = [];

function isRun(value: unknown): value is Run {
  return Array.isArray(value) && Number.isInteger(value[0]) && value[0] >= 0 && typeof value[1] === "string";
}
