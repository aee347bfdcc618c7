const GAP_PX = 8; // as in media.css
const NAME_PX = 21; // a name and the space above it, as in media.css
const COLUMN_PX = 200; // about as wide as a column should be
const NARROW_PX = 200; // where two pictures side by side would be too small
const MOST_COLUMNS = 6;
const TALLEST_PX = 420; // of a picture over several columns
const STRETCH = 1.25; // at most, of its pixels
const LEVEL_PX = 16; // columns that differ by less are as short: what is read first stands further left

/** What a tile is laid by. */
export interface Shape {
  /** Of width to height. */
  readonly ratio: number;
  /** As many pixels as it has; 0 where that is not known. */
  readonly width: number;
  readonly isNamed: boolean;
}

/** The columns of a tile, and what stands above it: a share of the width of all of them, and pixels. */
export interface Place {
  readonly column: number;
  readonly span: number;
  readonly share: number;
  readonly px: number;
  /** As wide as its picture may become, where that is less than its columns. */
  readonly widest: number | undefined;
}

/** So many times the width of a column, and so many pixels: so it holds while the columns become wider. */
interface Height {
  readonly rise: number;
  readonly px: number;
}

/** How many columns a gallery has. */
export function columnsOf(width: number): number {
  if (width < NARROW_PX) return 1;
  return Math.min(MOST_COLUMNS, Math.max(2, Math.round(width / COLUMN_PX)));
}

/**
 * Columns of one width, in which every tile goes below the shortest: in their order, and for good.
 *
 * A place depends on what was put before, and on nothing that comes later.
 */
export class Masonry {
  readonly #columns: Height[];
  readonly #track: number;

  constructor(width: number) {
    const count = columnsOf(width);
    this.#columns = Array(count).fill({ rise: 0, px: 0 });
    this.#track = (width + GAP_PX) / count - GAP_PX;
  }

  get count(): number {
    return this.#columns.length;
  }

  /** Put the next tile, which is one of `total`. */
  put(shape: Shape, total: number): Place {
    const wish = widestOf(shape);
    const { column, span } = this.#find(this.#span(wish, total));
    const { rise, px } = this.#bottom(column, span);
    const gaps = (span - 1) * GAP_PX;
    const widest = span > 1 && wish < span * this.#track + gaps ? wish : undefined;
    const own = widest
      ? { rise: 0, px: widest / shape.ratio }
      : { rise: span / shape.ratio, px: gaps / shape.ratio };
    const below = { rise: rise + own.rise, px: px + own.px + (shape.isNamed ? NAME_PX : 0) + GAP_PX };
    this.#columns.fill(below, column, column + span);
    return { column, span, share: rise / span, px: px - (rise * gaps) / span, widest };
  }

  /** A few pictures have several columns each, so that they fill the room. */
  #span(wish: number, total: number): number {
    const most = Math.round(this.count / total);
    const near = Math.round((wish + GAP_PX) / (this.#track + GAP_PX));
    return Math.max(1, Math.min(most, near));
  }

  /** As many columns of the same height as it may have, where they end first. */
  #find(most: number): { column: number; span: number } {
    const spans = Array.from({ length: most }, (_, n) => most - n);
    return spans
      .map((span) => this.#shortest(span))
      .reduce((best, next) => (next.top < best.top - LEVEL_PX ? next : best));
  }

  #shortest(span: number): { column: number; span: number; top: number } {
    const starts = this.#columns.slice(span - 1).map((_, column) => this.#bottom(column, span));
    const tops = starts.map(({ rise, px }) => rise * this.#track + px);
    const shortest = Math.min(...tops);
    const column = tops.findIndex((top) => top < shortest + LEVEL_PX);
    return { column, span, top: shortest };
  }

  /** Below all of these columns, however wide they become. */
  #bottom(column: number, span: number): Height {
    const over = this.#columns.slice(column, column + span);
    return {
      rise: Math.max(...over.map(({ rise }) => rise)),
      px: Math.max(...over.map(({ px }) => px)),
    };
  }
}

/** Over several columns a picture is neither too tall nor coarse. */
function widestOf({ ratio, width }: Shape): number {
  return Math.round(Math.min(TALLEST_PX * ratio, width * STRETCH));
}
