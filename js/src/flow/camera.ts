/** Which part of a diagram is seen, and how large: plain arithmetic. */

import type { Size } from "./cards";
import type { Box, Point } from "./layout";

/** A point of the diagram is seen at `point * scale + (x, y)`. */
export interface Camera extends Point {
  readonly scale: number;
}

const LEAST = 0.02;
const MOST = 3;
/** Below this words cannot be read. */
export const LEGIBLE = 0.45;
/** A diagram that is too tall is made smaller down to this, and then cut. */
const COMFORTABLE = 0.6;
/** At least so much of a diagram stays in sight. */
const GRIP = 48;

/** As wide as there is room: where a reader begins. */
export function opened(
  diagram: Size,
  width: number,
  [least, most]: readonly [number, number],
): { camera: Camera; height: number } {
  const wide = Math.min(1, width / diagram.width);
  const tall = most / diagram.height;
  const scale = wide <= tall ? wide : Math.max(tall, Math.min(wide, COMFORTABLE));
  const tallness = Math.ceil(diagram.height * scale);
  const height = Math.max(least, Math.min(most, tallness));
  return {
    camera: { x: (width - diagram.width * scale) / 2, y: Math.max(0, (height - tallness) / 2), scale },
    height,
  };
}

/** All of it, in the middle. */
export function fitted(diagram: Size, pane: Size): Camera {
  const scale = Math.min(1, pane.width / diagram.width, pane.height / diagram.height);
  return {
    x: (pane.width - diagram.width * scale) / 2,
    y: (pane.height - diagram.height * scale) / 2,
    scale,
  };
}

export function panned({ x, y, scale }: Camera, by: Point): Camera {
  return { x: x + by.x, y: y + by.y, scale };
}

/** Larger or smaller, while the point under `at` stays there. */
export function zoomed({ x, y, scale }: Camera, factor: number, at: Point): Camera {
  const next = Math.min(MOST, Math.max(LEAST, scale * factor));
  const ratio = next / scale;
  return { x: at.x - (at.x - x) * ratio, y: at.y - (at.y - y) * ratio, scale: next };
}

/** Moved as little as possible, so that a box of the diagram is seen whole. */
export function showing(camera: Camera, box: Box, pane: Size, room: number): Camera {
  const { x, y, scale } = camera;
  const shift = (start: number, length: number, whole: number) =>
    start < room ? room - start : Math.min(0, Math.max(whole - room - length - start, room - start));
  return panned(camera, {
    x: shift(box.x * scale + x, box.width * scale, pane.width),
    y: shift(box.y * scale + y, box.height * scale, pane.height),
  });
}

/** No diagram is lost out of sight. */
export function held({ x, y, scale }: Camera, diagram: Size, pane: Size): Camera {
  const within = (start: number, length: number, whole: number) => {
    const grip = Math.min(GRIP, length);
    return Math.min(whole - grip, Math.max(grip - length, start));
  };
  return {
    x: within(x, diagram.width * scale, pane.width),
    y: within(y, diagram.height * scale, pane.height),
    scale,
  };
}
