/** What a chat with diagrams loads: the page's side of mermaid. The engine itself comes later, file by file, and into a frame. */

import { h } from "../dom";
import type { Draw, Drawn, Stage } from "../drawer";
import type { Branch } from "../nodes";
import { drawingOf, shapes } from "../nodes/shapes";
import { PAPER } from "../paper";
import { savePng, saveSvg } from "../picture-files";
import { drawn } from "./bench";
import { complaint } from "./complaint";
import { Enlarged } from "./enlarged";
import css from "./mermaid.css";
import { WORDS } from "./words";

export { css };

/** The frame may share the page's thread, and a parser's time can grow faster than its text. */
const MAX_SOURCE = 50_000;
/** What a kernel takes back. */
const MAX_SNAPSHOT = 1_000_000;
/** Between a telephone and a wide notebook: charts that take all the width are drawn for one of these. */
const WIDTHS = [640, 1100] as const;
/** Of a long diagram, which is scrolled rather than made smaller: its words can still be read. */
const LEAST_SCALE = 0.7;

export const draw: Draw = async ({ text }, stage) => {
  if (text.length > MAX_SOURCE) throw new Error(WORDS.tooLong(MAX_SOURCE.toLocaleString()));
  const { type, title, tree } = await madeOf(text, stage);
  stage.signal.throwIfAborted();
  const picture = drawingOf(tree);
  if (!picture) throw new Error(WORDS.tooLarge);
  const kind = wordFor(type);
  return shown(picture, title ? WORDS.titled(kind, title) : kind, stage);
};

async function madeOf(source: string, { place, scheme, signal, asset }: Stage) {
  const { fontFamily: font } = getComputedStyle(place);
  const width = Math.min(Math.max(place.clientWidth, WIDTHS[0]), WIDTHS[1]);
  try {
    return await drawn({ source, scheme, font, width }, place, asset, signal);
  } catch (error) {
    throw error instanceof Error ? new Error(complaint(error.message)) : error;
  }
}

/** `flowchart-v2`, `classDiagram` and `sankey-beta` are mermaid's own names. */
function wordFor(type: string): string {
  const known = Object.keys(WORDS.types).find((name) => type.toLowerCase().startsWith(name.toLowerCase()));
  return known ? (WORDS.types[known] as string) : WORDS.diagram;
}

function shown(picture: Branch, label: string, { place, scheme, say }: Stage): Drawn {
  const svg = shapes(picture);
  const { width, height } = svg.viewBox.baseVal;
  svg.style.minWidth = `${width * LEAST_SCALE}px`;
  svg.style.minHeight = `${height * LEAST_SCALE}px`;
  const figure = h("div", { class: "diagram" }, svg);
  place.append(figure);
  const enlarged = new Enlarged(picture, label, place);
  return {
    label,
    snapshot: async () => (JSON.stringify(picture).length <= MAX_SNAPSHOT ? picture : undefined),
    tools: [
      { label: WORDS.enlarge, run: () => enlarged.open() },
      {
        label: WORDS.savePng,
        run: () => void savePng(svg, label, PAPER[scheme]).catch(() => say(WORDS.notSaved)),
      },
      { label: WORDS.saveSvg, run: () => saveSvg(svg, label) },
    ],
    destroy: () => {
      enlarged.close();
      figure.remove();
    },
  };
}
