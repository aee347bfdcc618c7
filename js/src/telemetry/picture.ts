/** A chart as a picture: its title and the names of its lines, which are words on the page, are painted above them. */

import { PALETTES } from "../charts/theme";
import { h } from "../dom";
import type { Scheme } from "../drawer";
import { onPaper } from "../picture-files";

export interface Line {
  readonly name: string;
  readonly colour: string;
}

export interface Caption {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly family: string;
  readonly scheme: Scheme;
}

const ROW = 22;
const EDGE = 12;
const MARK = { width: 10, height: 3, gap: 6 };
const BETWEEN = 16;

/** What is drawn, below its caption; `density` is how many of its pixels one of the page has. */
export function pictureOf(drawn: HTMLCanvasElement, caption: Caption, density: number): HTMLCanvasElement {
  const { title, lines, family, scheme } = caption;
  const { paper, ink } = PALETTES[scheme];
  const room = drawn.width / density - 2 * EDGE;
  const names = inRows(lines, room, widthsIn(`12px ${family}`));
  const first = title ? 1 : 0;
  const top = EDGE + (first + (names.at(-1)?.row ?? -1) + 1) * ROW;
  const picture = onPaper(drawn, drawn.width, drawn.height + top * density, paper, top * density);
  const context = picture.getContext("2d") as CanvasRenderingContext2D;
  context.scale(density, density);
  context.textBaseline = "middle";
  const write = (words: string, font: string, x: number, row: number) => {
    context.font = font;
    context.fillStyle = ink;
    context.fillText(words, EDGE + x, EDGE + (row + 0.5) * ROW, room - x);
  };
  write(title, `600 13px ${family}`, 0, 0);
  for (const { name, colour, x, row } of names) {
    write(name, `12px ${family}`, x + MARK.width + MARK.gap, first + row);
    context.fillStyle = colour;
    context.fillRect(EDGE + x, EDGE + (first + row + 0.5) * ROW - MARK.height / 2, MARK.width, MARK.height);
  }
  return picture;
}

/** Where each line is named: one behind the other, in as many rows as that takes. */
export function inRows(
  lines: readonly Line[],
  room: number,
  widthOf: (words: string) => number,
): (Line & { readonly x: number; readonly row: number })[] {
  let x = 0;
  let row = 0;
  return lines.map((line) => {
    const width = MARK.width + MARK.gap + widthOf(line.name);
    if (x && x + width > room) {
      x = 0;
      row += 1;
    }
    const placed = { ...line, x, row };
    x += width + BETWEEN;
    return placed;
  });
}

function widthsIn(font: string): (words: string) => number {
  const context = h("canvas").getContext("2d") as CanvasRenderingContext2D;
  context.font = font;
  return (words) => context.measureText(words).width;
}
