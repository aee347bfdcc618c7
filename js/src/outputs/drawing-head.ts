import type { Size } from "./picture-head";

/** In pixels (CSS Values 4, 6.2). */
const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  px: 1,
  pt: 4 / 3,
  pc: 16,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
};
/** Of a drawing that says nothing (CSS 2, 10.3.2). */
const DEFAULT: Size = { width: 300, height: 150 };

/** How large an SVG is by the tag that it begins with: by its own size, else by the shape of what it shows. */
export function drawingSize(beginning: string): Size {
  const [root = ""] = /<svg\b[^>]*/.exec(beginning) ?? [];
  const [, , wide, high] = attributeOf(root, "viewBox")
    .trim()
    .split(/[\s,]+/);
  return sized(attributeOf(root, "width"), attributeOf(root, "height")) ?? sized(wide, high) ?? DEFAULT;
}

function attributeOf(tag: string, name: string): string {
  return new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)`).exec(tag)?.[1] ?? "";
}

function sized(width = "", height = ""): Size | undefined {
  const [wide, high] = [pixels(width), pixels(height)];
  return wide && high ? { width: wide, height: high } : undefined;
}

/** Nothing for a share of the room, and for what depends on a font. */
function pixels(length: string): number {
  const [, number, unit = ""] = /^\s*(\d{0,9}\.?\d{1,9})([a-z]*)\s*$/.exec(length) ?? [];
  return Number(number) * (UNITS[unit] ?? 0) || 0;
}
