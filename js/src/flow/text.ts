/** How wide words are, and how they are broken into lines. */

export type Measure = (text: string, font: Font) => number;
export type Font = keyof typeof FONTS;

/** Weight and size in px of what is written; flow.css says the same. */
export const FONTS = {
  label: { weight: 500, size: 13 },
  detail: { weight: 400, size: 11.5 },
  edge: { weight: 400, size: 11.5 },
  group: { weight: 600, size: 11.5 },
} as const;

/** Measures in one font family, each text once. */
export function measureIn(family: string): Measure {
  const context = document.createElement("canvas").getContext("2d");
  const widths = new Map<string, number>();
  return (text, font) => {
    const key = `${font} ${text}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    const { weight, size } = FONTS[font];
    if (context) context.font = `${weight} ${size}px ${family}`;
    const width = context?.measureText(text).width ?? text.length * size * 0.58;
    widths.set(key, width);
    return width;
  };
}

/** At most `most` lines no wider than `width`: broken between words, within one that is too wide, and cut with an ellipsis. */
export function wrap(text: string, width: number, most: number, font: Font, measure: Measure): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest && lines.length < most - 1) {
    const line = measure(rest, font) <= width ? rest : fitting(rest, width, font, measure);
    lines.push(line.trimEnd());
    rest = rest.slice(line.length).trimStart();
  }
  if (rest) lines.push(ellipsised(rest, width, font, measure));
  return lines;
}

export function ellipsised(text: string, width: number, font: Font, measure: Measure): string {
  if (measure(text, font) <= width) return text;
  return `${longest(text, (start) => measure(`${start}…`, font) <= width).trimEnd()}…`;
}

/** The start of a text that fits on a line: up to a space, if one is not too far back. */
function fitting(text: string, width: number, font: Font, measure: Measure): string {
  const start = longest(text, (part) => measure(part, font) <= width);
  if (text[start.length] === " ") return start;
  const space = start.lastIndexOf(" ");
  return space > start.length / 3 ? start.slice(0, space) : start;
}

const SEGMENTS = "Segmenter" in Intl ? new Intl.Segmenter() : undefined;

/** The longest start that fits: never less than one letter, and never half of one. */
function longest(text: string, fits: (start: string) => boolean): string {
  const letters = SEGMENTS ? Array.from(SEGMENTS.segment(text), ({ segment }) => segment) : [...text];
  let [least, most] = [1, letters.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(letters.slice(0, middle).join(""))) least = middle;
    else most = middle - 1;
  }
  return letters.slice(0, least).join("");
}
