import { describe, expect, test } from "vitest";
import { columnsOf, Masonry, type Place, type Shape } from "../src/outputs/masonry";

const GAP = 8;
const NAME = 21;
const NEARLY = 16;

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Where the style sheet puts a tile, its name included. */
function boxOf({ column, span, share, px, widest }: Place, { ratio, isNamed }: Shape, track: number): Box {
  const left = column * (track + GAP);
  const room = span * (track + GAP) - GAP;
  const top = share * room + px;
  const height = Math.min(room, widest ?? room) / ratio + (isNamed ? NAME : 0);
  return { left, right: left + room, top, bottom: top + height };
}

/** Put one after the other, as they come in a stream: each is the last of those that there are, unless all are known. */
function lay(shapes: readonly Shape[], width: number, total?: number, shownAt = width): Box[] {
  const masonry = new Masonry(width);
  const track = (shownAt + GAP) / masonry.count - GAP;
  return shapes.map((shape, at) => boxOf(masonry.put(shape, total ?? at + 1), shape, track));
}

/** Shapes that differ much, the same in every run. */
function shapesOf(seed: number, count: number): Shape[] {
  let state = seed;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  return Array.from({ length: count }, () => ({
    ratio: 0.5 * 6 ** next(),
    width: Math.round(40 + 1_500 * next()),
    isNamed: next() < 0.5,
  }));
}

const overlap = (a: Box, b: Box) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom - 0.01 && b.top < a.bottom - 0.01;

describe("columns", () => {
  test.each([
    [140, 1],
    [199, 1],
    [262, 2],
    [480, 2],
    [600, 3],
    [830, 4],
    [1_000, 5],
    [5_000, 6],
  ])("a room of %i pixels has %i", (width, count) => expect(columnsOf(width)).toBe(count));
});

describe.each([262, 600, 830, 1_200])("in %i pixels", (width) => {
  const seeds = Array.from({ length: 25 }, (_, n) => n + 1);

  test("no tile overlaps another or the edge, however the room changes without another number of columns", () => {
    const widths = Array.from({ length: 400 }, (_, n) => width - 200 + n).filter(
      (each) => columnsOf(each) === columnsOf(width),
    );
    for (const seed of seeds)
      for (const shownAt of [Math.min(...widths), width, Math.max(...widths)]) {
        const boxes = lay(shapesOf(seed, 24), width, undefined, shownAt);
        expect(boxes.filter(({ right }) => right > shownAt + 0.01)).toEqual([]);
        expect(boxes.filter((box, at) => boxes.slice(0, at).some((other) => overlap(box, other)))).toEqual(
          [],
        );
      }
  });

  test("tiles that are read later begin no higher, and the columns end nearly level", () => {
    for (const seed of seeds) {
      const shapes = shapesOf(seed, 40);
      const boxes = lay(shapes, width, shapes.length);
      for (const [at, { top }] of boxes.entries())
        expect(top).toBeGreaterThan((boxes[at - 1]?.top ?? 0) - NEARLY);
      const lefts = [...new Set(boxes.map(({ left }) => left))];
      const bottoms = lefts.map((edge) =>
        Math.max(...boxes.filter(({ left }) => left === edge).map(({ bottom }) => bottom)),
      );
      const tallest = Math.max(...boxes.map(({ top, bottom }) => bottom - top));
      expect(Math.max(...bottoms) - Math.min(...bottoms)).toBeLessThan(tallest + NEARLY + GAP);
    }
  });
});

describe("a few pictures", () => {
  const shape = (width: number, height: number): Shape => ({ ratio: width / height, width, isNamed: false });
  const size = (width: number, ...pictures: Shape[]) => {
    const masonry = new Masonry(width);
    const track = (width + GAP) / masonry.count - GAP;
    return pictures.map((picture) => {
      const { span, widest } = masonry.put(picture, pictures.length);
      return Math.round(Math.min(span * (track + GAP) - GAP, widest ?? Number.POSITIVE_INFINITY));
    });
  };

  test.each([
    ["a figure", 640, 480, [560, 560, 262]],
    ["a photograph on its side", 1_200, 1_600, [315, 315, 262]],
    ["a panorama", 3_000, 1_000, [830, 600, 262]],
    ["a small picture", 300, 180, [375, 375, 262]],
    ["an icon", 32, 32, [202, 195, 127]],
  ])("%s alone fills the room, but is neither tall nor coarse", (_, width, height, widths) => {
    expect([830, 600, 262].map((room) => size(room, shape(width, height))[0])).toEqual(widths);
  });

  test("two share a wide room; many have a column each", () => {
    const figure = shape(640, 480);
    expect(size(830, figure, figure)).toEqual([411, 411]);
    expect(size(262, figure, figure)).toEqual([127, 127]);
    expect(size(830, ...Array(5).fill(figure))).toEqual(Array(5).fill(202));
  });
});
