/** The line of an edge and the head of its arrow. */

import type { Direction } from "./graph";
import type { Point } from "./layout";

const HEAD = { length: 8, width: 7 };
const CORNER = 7;
/** How far a curve keeps its direction, as a part of the way to the next point. */
const REACH = 0.42;
/** Less than the room between two layers. */
const SLIDE = 26;

export interface Drawn {
  readonly line: string;
  readonly head: string;
}

/** The line ends inside of the head: its tip is the end of the edge. */
export function drawnEdge(points: readonly Point[], direction: Direction, isSmooth: boolean): Drawn {
  const tip = points.at(-1);
  const before = points.at(-2);
  if (!tip || !before) return { line: "", head: "" };
  const smooth = isSmooth && isMonotone(points, direction);
  const way = smooth ? alongAxis(before, tip, direction) : unit(before, tip);
  const line = [...points.slice(0, -1), shifted(tip, way, -HEAD.length + 1)];
  return { line: smooth ? curve(calmed(line, direction), direction) : rounded(line), head: headAt(tip, way) };
}

function headAt(tip: Point, way: Point): string {
  const foot = shifted(tip, way, -HEAD.length);
  const across = { x: -way.y, y: way.x };
  const corners = [shifted(foot, across, HEAD.width / 2), shifted(foot, across, -HEAD.width / 2)];
  return `M${at(tip)}${corners.map((corner) => `L${at(corner)}`).join("")}z`;
}

const AXES = { LR: { along: "x", across: "y" }, TB: { along: "y", across: "x" } } as const;

/** Always on, or always back: what has no turn can be a curve that reaches its ends straight. */
function isMonotone(points: readonly Point[], direction: Direction): boolean {
  const { along } = AXES[direction];
  const steps = points.slice(1).map((point, n) => Math.sign(point[along] - (points[n]?.[along] ?? 0)));
  return steps.every((step) => step !== 0 && step === steps[0]);
}

function alongAxis(from: Point, to: Point, direction: Direction): Point {
  const { along } = AXES[direction];
  const way = Math.sign(to[along] - from[along]);
  return direction === "LR" ? { x: way, y: 0 } : { x: 0, y: way };
}

/** A line that is straight but for its ends bends later, and not so steeply: as far as the next layer is away. */
function calmed(points: readonly Point[], direction: Direction): readonly Point[] {
  const { along, across } = AXES[direction];
  return points.map((point, n) => {
    const [before, after] = [points[n - 1], points[n + 1]];
    if (!before || !after) return point;
    const isStraightOn = Math.abs(after[across] - point[across]) < 1;
    const isStraightBefore = Math.abs(before[across] - point[across]) < 1;
    if (isStraightOn === isStraightBefore) return point;
    const towards = isStraightOn ? after : before;
    const room = Math.abs(towards[along] - point[along]) / 2;
    return shifted(point, alongAxis(point, towards, direction), Math.min(SLIDE, room));
  });
}

/** Through all points without going beyond one: its slope there is between those on both sides, and none at the ends. */
function curve(points: readonly Point[], direction: Direction): string {
  const { along, across } = AXES[direction];
  const steps = points.slice(1).map((point, n) => {
    const from = points[n] ?? point;
    return { reach: (point[along] - from[along]) * REACH, slope: slopeOf(from, point, along, across) };
  });
  const slopes = points.map((_, n) => between(steps[n - 1]?.slope, steps[n]?.slope));
  const moved = (point: Point, by: number, slope: number): Point => {
    const other = by * slope;
    return direction === "LR"
      ? { x: point.x + by, y: point.y + other }
      : { x: point.x + other, y: point.y + by };
  };
  const parts = points.slice(1).map((point, n) => {
    const from = points[n] ?? point;
    const reach = steps[n]?.reach ?? 0;
    return `C${at(moved(from, reach, slopes[n] ?? 0))} ${at(moved(point, -reach, slopes[n + 1] ?? 0))} ${at(point)}`;
  });
  return `M${at(points[0] ?? { x: 0, y: 0 })}${parts.join("")}`;
}

function slopeOf(from: Point, to: Point, along: "x" | "y", across: "x" | "y"): number {
  const way = to[along] - from[along];
  return way === 0 ? 0 : (to[across] - from[across]) / way;
}

/** The harmonic mean of two slopes of one sign. */
function between(before = 0, after = 0): number {
  return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
}

/** Straight lines whose corners are round. */
function rounded(points: readonly Point[]): string {
  const parts = points.map((point, n) => {
    const [before, after] = [points[n - 1], points[n + 1]];
    if (!before) return `M${at(point)}`;
    if (!after) return `L${at(point)}`;
    const radius = Math.min(CORNER, distance(before, point) / 2, distance(point, after) / 2);
    const from = shifted(point, unit(point, before), radius);
    const to = shifted(point, unit(point, after), radius);
    return `L${at(from)}Q${at(point)} ${at(to)}`;
  });
  return parts.join("");
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

function unit(from: Point, to: Point): Point {
  const length = distance(from, to) || 1;
  return { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
}

function shifted({ x, y }: Point, way: Point, by: number): Point {
  return { x: x + way.x * by, y: y + way.y * by };
}

/** A tenth of a pixel is enough, and short. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}
