/** Words that can be read on what they stand on: an author who chooses a colour thinks of light pages, or of dark ones. */

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const INKS = ["#212121", "#f5f5f5"] as const;
/** What WCAG asks for large text; what a theme means to be faint has as much. */
const LEAST = 3;
/** Words stand on what was painted shortly before them. */
const MEMORY = 500;

/** What has been painted, in the order in which it was. */
export class Grounds {
  readonly #paper: string;
  readonly #painted: (readonly [Box, colour: string])[] = [];

  constructor(paper: string) {
    this.#paper = paper;
  }

  paint(box: Box, colour: string): void {
    this.#painted.push([box, colour]);
    if (this.#painted.length > 2 * MEMORY) this.#painted.splice(0, MEMORY);
  }

  /** What is seen around the middle of `box`. */
  under({ left, right, top, bottom }: Box): string {
    const x = (left + right) / 2;
    const y = (top + bottom) / 2;
    const holds = ([box]: readonly [Box, string]) =>
      box.left <= x && x <= box.right && box.top <= y && y <= box.bottom;
    return this.#painted.findLast(holds)?.[1] ?? this.#paper;
  }
}

/** `colour` where it can be read on `ground`, else an ink that can. */
export function readable(colour: string, ground: string): string {
  if (contrast(colour, ground) >= LEAST) return colour;
  const [dark, light] = INKS;
  return contrast(dark, ground) > contrast(light, ground) ? dark : light;
}

/** From 1 to 21, of two colours `#rrggbb`. Source: WCAG 2.2, «contrast ratio». */
export function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
