/** What is in a grid of integers, as the page dares to show it. */

export interface Meaning {
  readonly label: string;
  /** As it was given, or nothing. */
  readonly colour: string;
  /** Which of our colours it has in place of one. */
  readonly own: string;
  /** Figures on it are white. */
  readonly isDark: boolean;
}

export interface Cells {
  readonly title: string;
  readonly rows: number[][];
  /** Of each number that is in the grid or its legend, in their order. */
  readonly meanings: ReadonlyMap<number, Meaning>;
}

const MAX_ROWS = 4_096;
const MAX_COLUMNS = 128;
const MAX_CELLS = 4_096;
const OWN_COLOURS = 10;
const COLOUR = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

export function readCells(value: unknown): Cells {
  const { title, rows, legend } = (value ?? {}) as Record<string, unknown>;
  const said = isRecord(legend) ? legend : {};
  const clean = bounded(Array.isArray(rows) ? rows : []);
  const numbers = new Set([...Object.keys(said).map(Number), ...clean.flat()].filter(Number.isSafeInteger));
  const sorted = [...numbers].sort((one, other) => one - other);
  return {
    title: typeof title === "string" ? title : "",
    rows: clean,
    meanings: new Map(sorted.map((number, at) => [number, meaningOf(said[String(number)], at)])),
  };
}

function bounded(rows: readonly unknown[]): number[][] {
  let room = MAX_CELLS;
  return rows.slice(0, MAX_ROWS).map((row) => {
    const cells = (Array.isArray(row) ? row : []).slice(0, Math.min(MAX_COLUMNS, room));
    room -= cells.length;
    return cells.map((cell) => (Number.isSafeInteger(cell) ? (cell as number) : 0));
  });
}

function meaningOf(said: unknown, at: number): Meaning {
  const { label, colour } = isRecord(said) ? said : {};
  const given = typeof colour === "string" && COLOUR.test(colour) ? colour : "";
  return {
    label: typeof label === "string" ? label : "",
    colour: given,
    own: given ? "" : String(at % OWN_COLOURS),
    isDark: given !== "" && isDark(given),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** By WCAG's relative luminance, where white and black are equally far. */
function isDark(colour: string): boolean {
  const digits = colour.length === 4 ? colour.replace(/[0-9a-f]/gi, "$&$&") : colour;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(digits.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179;
}
