import { lines } from "../icons";

/** Drawings that only media need, in the manner of the others. */
const PATHS = {
  close: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  file: "M9 2.5H4.5v11h7V5zM9 2.5V5h2.5",
  save: "M8 2.5v7M5 6.8L8 9.8l3-3M3 12.5h10",
  plus: "M4.5 8h7M8 4.5v7",
  minus: "M4.5 8h7",
  left: "M9.5 4l-4 4 4 4",
  right: "M6.5 4l4 4-4 4",
} as const;

export type GlyphName = keyof typeof PATHS;

export function glyph(name: GlyphName): SVGSVGElement {
  return lines([[name, PATHS[name]]]);
}
