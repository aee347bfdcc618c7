/** What is built of a node tree, and nothing else: the page and the clipboard both ask here. */

/** What may stand in an attribute, given what came; nothing if it may not. */
export type Rule = (value: unknown) => string | undefined;
type Rules = Readonly<Record<string, Rule>>;

export interface Kind {
  /** The element that is made of it. */
  readonly tag: string;
  readonly rules: Rules;
  readonly isSvg?: boolean;
  /** Attributes of ours. */
  readonly own?: Readonly<Record<string, string>>;
}

const MAX_TEXT = 2_000;
const MAX_PATH = 100_000;
const MAX_IMAGE = 500_000;
const MAX_URL = 4_000;

const text: Rule = (value) => (typeof value === "string" ? value.slice(0, MAX_TEXT) : undefined);
const flag: Rule = (value) => (value === true ? "" : undefined);

function integer(least: number, most: number): Rule {
  return (value) => {
    const number = typeof value === "string" ? Number(value) : value;
    const isWithin = Number.isInteger(number) && (number as number) >= least && (number as number) <= most;
    return isWithin ? String(number) : undefined;
  };
}

function oneOf(...words: string[]): Rule {
  return (value) => words.find((word) => word === value);
}

/** A drawing's attribute is read as CSS: without a backslash and `url` it can reach for nothing. */
const drawn: Rule = (value) => {
  const said = typeof value === "number" ? String(value) : value;
  const isPlain = typeof said === "string" && said.length <= MAX_PATH && /^[\w\s#.,%()+-]*$/.test(said);
  return isPlain && !/url|image|var\(/i.test(said) ? said : undefined;
};

const NONE: Rules = {};
const SIZE: Rules = { width: integer(1, 10_000), height: integer(1, 10_000) };
const CELL: Rules = {
  align: oneOf("left", "center", "right"),
  colspan: integer(1, 1000),
  rowspan: integer(1, 1000),
};

const HTML: Readonly<Record<string, Rules>> = {
  ...each("p blockquote ul hr br strong em del code sub sup kbd mark u s small dl dt dd summary", NONE),
  ...each("figure figcaption div span table thead tbody tr a", NONE),
  abbr: { title: text },
  details: { open: flag },
  ol: { start: integer(-1_000_000, 1_000_000_000) },
  li: { task: oneOf("done", "open"), n: integer(1, 1_000_000) },
  th: CELL,
  td: CELL,
};

const SVG_RULES: Rules = {
  ...each("x y x1 y1 x2 y2 cx cy r rx ry dx dy d points width height viewBox transform", drawn),
  ...each("pathLength preserveAspectRatio", drawn),
  ...each("fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap", drawn),
  ...each("stroke-linejoin stroke-dasharray stroke-dashoffset stroke-miterlimit opacity", drawn),
  ...each("color font-size font-family font-weight font-style text-anchor", drawn),
  ...each("dominant-baseline letter-spacing", drawn),
};
const SVG = "svg g path circle rect line polyline polygon ellipse text tspan title";

/** A chat is a part of a page: its headings begin below the page's own. */
const HEADINGS: [string, string][] = [
  ["h1", "h3"],
  ["h2", "h4"],
  ["h3", "h5"],
  ["h4", "h6"],
  ["h5", "h6"],
  ["h6", "h6"],
];

/** What becomes an element with the same children. What has a view of its own is in `view.ts`. */
const KINDS: Readonly<Record<string, Kind>> = {
  ...Object.fromEntries(Object.entries(HTML).map(([tag, rules]) => [tag, { tag, rules }])),
  ...Object.fromEntries(SVG.split(" ").map((tag) => [tag, { tag, rules: SVG_RULES, isSvg: true }])),
  ...Object.fromEntries(
    HEADINGS.map(([name, tag], at) => [name, { tag, rules: {}, own: { "aria-level": String(at + 3) } }]),
  ),
  footnotes: { tag: "ol", rules: {}, own: { class: "footnotes", role: "doc-endnotes" } },
  note: { tag: "div", rules: {}, own: { class: "remark", role: "note" } },
};

function each<T>(names: string, value: T): Record<string, T> {
  return Object.fromEntries(names.split(" ").map((name) => [name, value]));
}

export function kindOf(name: string): Kind | undefined {
  return Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
}

/** The attributes of a picture, a film or a sound, beside where it comes from. */
export const MEDIA: Rules = { alt: text, title: text, ...SIZE };

/** What is not seen changes what an address seems to be: controls, and marks of width and direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: to refuse them is what this is for
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
const LINKS = new Set(["http:", "https:", "mailto:"]);
const SOURCES = new Set(["http:", "https:"]);

/** An address that may be linked to: absolute, elsewhere (this host is the Jupyter server), without a password. */
export function linkTo(value: unknown): URL | undefined {
  return addressOf(value, LINKS);
}

/** An address that may be fetched from when the reader asks for it. */
export function remoteSource(value: unknown): URL | undefined {
  return addressOf(value, SOURCES);
}

/** A picture that is its own content. */
export function dataImage(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > MAX_IMAGE) return undefined;
  return /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}$/i.test(value) ? value : undefined;
}

/** Whom an address belongs to, as the reader should see it. */
export function ownerOf({ protocol, pathname, hostname }: URL): string {
  return protocol === "mailto:" ? pathname : hostname;
}

function addressOf(value: unknown, schemes: ReadonlySet<string>): URL | undefined {
  if (typeof value !== "string" || value.length > MAX_URL || UNSEEN.test(value)) return undefined;
  try {
    const url = new URL(value);
    const isOurs = url.host !== "" && (url.host === location.host || url.origin === window.origin);
    return schemes.has(url.protocol) && !isOurs && !url.username && !url.password ? url : undefined;
  } catch {
    return undefined; // relative, or no address at all
  }
}
