/** Where an arrow head stands at the end of a line, as SVG 2 has it (11.6): drawn as a shape of its own, it needs no reference. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The attributes of a `<marker>` that say how it is placed. */
export interface Placing {
  readonly refX: number;
  readonly refY: number;
  readonly width: number;
  readonly height: number;
  /** In units of the line's width, and not of the drawing. */
  readonly isScaled: boolean;
  readonly viewBox: { readonly width: number; readonly height: number } | undefined;
  /** In degrees; or along the line, and then perhaps backwards at its start. */
  readonly orient: number | "auto" | "auto-start-reverse";
}

export type End = "start" | "end";

/** The transformation that puts a marker's content at `end` of a line that goes from `from` to `to` there. */
export function placed(marker: Placing, end: End, from: Point, to: Point, lineWidth: number): string {
  const at = end === "start" ? from : to;
  const turn = angle(marker.orient, end, from, to);
  const scale = unit(marker) * (marker.isScaled ? lineWidth : 1);
  return [
    `translate(${short(at.x)} ${short(at.y)})`,
    turn ? `rotate(${short(turn)})` : "",
    scale === 1 ? "" : `scale(${short(scale)})`,
    marker.refX || marker.refY ? `translate(${short(-marker.refX)} ${short(-marker.refY)})` : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function angle(orient: Placing["orient"], end: End, from: Point, to: Point): number {
  if (typeof orient === "number") return orient;
  const along = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  return orient === "auto-start-reverse" && end === "start" ? along + 180 : along;
}

/** `preserveAspectRatio` is what it is when nothing is said: the smaller of both sides decides. */
function unit({ viewBox, width, height }: Placing): number {
  return viewBox ? Math.min(width / viewBox.width, height / viewBox.height) : 1;
}

/** Hundredths of a pixel are not seen. */
export function short(value: number): number {
  return Number(value.toFixed(2)) || 0;
}
