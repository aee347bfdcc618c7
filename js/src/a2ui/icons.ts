/** The icons of the basic catalog: line drawings of ours on a 24-unit grid, in the colour of the text around them. */

const SVG = "http://www.w3.org/2000/svg";

const STAR = "M12 3l2.8 5.8 6.2.9-4.5 4.4 1.1 6.2L12 17.4l-5.6 2.9 1.1-6.2L3 9.7l6.2-.9z";
const HEART = "M12 20.5l-7.7-7.7a4.9 4.9 0 0 1 6.9-6.9l.8.8.8-.8a4.9 4.9 0 0 1 6.9 6.9z";
const BELL = "M6 17v-6a6 6 0 0 1 12 0v6l1.5 1h-15zM10 21h4M12 3v2";
const EYE = "M2 12c2.5-4.5 6-7 10-7s7.5 2.5 10 7c-2.5 4.5-6 7-10 7s-7.5-2.5-10-7zO12 12 3";
const SPEAKER = "M4 9.5h4l5-4v13l-5-4H4z";
const MONTH = "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4";
const HANDSET = "M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z";
const TRAY = "M4 20h16";
const SLASH = "M4 4l16 16";

/** Behind `!` what is filled; `O` is a circle: centre, radius. */
const PATHS: Readonly<Record<string, string>> = {
  accountCircle: "O12 12 9O12 10 3M6.3 18.8c1.3-2.3 3.3-3.3 5.7-3.3s4.4 1 5.7 3.3",
  add: "M12 5v14M5 12h14",
  arrowBack: "M19 12H5m6-6l-6 6 6 6",
  arrowForward: "M5 12h14m-6-6l6 6-6 6",
  attachFile:
    "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 4.8 4.8l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.6-7.6",
  calendarToday: MONTH,
  call: HANDSET,
  camera: "M3 8h4l2-3h6l2 3h4v11H3zO12 13 3.5",
  check: "M5 12.5l5 5L19.5 7",
  close: "M6 6l12 12M18 6L6 18",
  delete: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  download: `M12 4v11m-5-5l5 5 5-5${TRAY}`,
  edit: "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5",
  event: `${MONTH}M13 14h3v3h-3z`,
  error: "O12 12 9M12 7.5v5.5M12 16.5v.01",
  fastForward: "!M4 6l8 6-8 6zM12 6l8 6-8 6z",
  favorite: `!${HEART}`,
  favoriteOff: HEART,
  folder: "M3 5.5h6.5l2 2.5H21v11H3z",
  help: "O12 12 9M9.5 9.5a2.5 2.5 0 1 1 3.7 2.2c-.8.4-1.2.9-1.2 1.8M12 17v.01",
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  info: "O12 12 9M12 11v5.5M12 7.5v.01",
  locationOn: "M12 21.5c-4.5-5-7-8-7-11.5a7 7 0 0 1 14 0c0 3.5-2.5 6.5-7 11.5zO12 10 2.5",
  lock: "M5 11h14v10H5zM8 11V8a4 4 0 0 1 8 0v3",
  lockOpen: "M5 11h14v10H5zM8 11V7a4 4 0 0 1 7.7-1.5",
  mail: "M3 5h18v14H3zM3 6l9 7 9-7",
  menu: "M4 6h16M4 12h16M4 18h16",
  moreVert: "!O12 5 1O12 12 1O12 19 1",
  moreHoriz: "!O5 12 1O12 12 1O19 12 1",
  notificationsOff: BELL + SLASH,
  notifications: BELL,
  pause: "!M7 5h3v14H7zM14 5h3v14h-3z",
  payment: "M3 5h18v14H3zM3 10h18M6.5 15h4",
  person: "O12 8 4M4 20.5c1-4 4-6 8-6s7 2 8 6",
  phone: HANDSET,
  photo: "M4 4h16v16H4zM4 17l5-5 4 4 3-3 4 4O8.5 8.5 1",
  play: "!M7 5l12 7-12 7z",
  print: "M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z",
  refresh: "M20 12a8 8 0 1 1-2.3-5.7L20 8.5M20 4v4.5h-4.5",
  rewind: "!M20 6l-8 6 8 6zM12 6l-8 6 8 6z",
  search: "O11 11 6.5M16 16l5 5",
  send: "M4 4l17 8-17 8 3-8zM7 12h14",
  settings:
    "O12 12 2.5O12 12 6.5M12 2.5v3M12 18.5v3M2.5 12h3M18.5 12h3M5.3 5.3l2.1 2.1M16.6 16.6l2.1 2.1M5.3 18.7l2.1-2.1M16.6 7.4l2.1-2.1",
  share: "O18 5 2.5O6 12 2.5O18 19 2.5M8.2 10.8l7.6-4.5M8.2 13.2l7.6 4.5",
  shoppingCart: "M2 4h3l3 12h10l3-9H6O9 20 1O17 20 1",
  skipNext: "M18 6v12!M6 6l10 6-10 6z",
  skipPrevious: "M6 6v12!M18 6L8 12l10 6z",
  star: `!${STAR}`,
  starHalf: `${STAR}!M12 3v14.4l-5.6 2.9 1.1-6.2L3 9.7l6.2-.9z`,
  starOff: STAR,
  stop: "!M6 6h12v12H6z",
  upload: `M12 16V5M7 10l5-5 5 5${TRAY}`,
  visibility: EYE,
  visibilityOff: EYE + SLASH,
  volumeDown: `${SPEAKER}M16.5 9.5a4 4 0 0 1 0 5`,
  volumeMute: SPEAKER,
  volumeOff: `${SPEAKER}M16.5 9.5l5 5M21.5 9.5l-5 5`,
  volumeUp: `${SPEAKER}M16.5 9.5a4 4 0 0 1 0 5M19 7a7 7 0 0 1 0 10`,
  warning: "M12 3.5L22 20H2zM12 10v5M12 17.5v.01",
};

const UNKNOWN = "O12 12 8";
const MAX_PATH = 20_000;
const DRAWN = /^[MmLlHhVvCcSsQqTtAaZz0-9eE\s,.+-]*$/;

/** Names are also written with underscores. */
function plainName(name: string): string {
  return name.replace(/[_-](\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** How `name` is said: "skip next". */
export function wordsOf(name: string): string {
  return plainName(name)
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .slice(0, 80);
}

/** What `name` is drawn with; a name that nobody knows is a quiet ring that says it. */
export function glyph(name: string): SVGSVGElement {
  const key = plainName(name);
  const isKnown = Object.hasOwn(PATHS, key);
  const [lines = "", filled = ""] = (isKnown ? (PATHS[key] as string) : UNKNOWN).split("!");
  const svg = drawing([lines, ""], [filled, "fill"]);
  if (!isKnown && name) svg.append(element("title", name.slice(0, 80)));
  return svg;
}

/** What an agent has drawn itself; nothing if that is more than lines. */
export function ownGlyph(path: unknown): SVGSVGElement | undefined {
  if (typeof path !== "string" || path.length > MAX_PATH || !DRAWN.test(path)) return undefined;
  return drawing([path, "own"]);
}

function drawing(...paths: [d: string, className: string][]): SVGSVGElement {
  const svg = element("svg") as SVGSVGElement;
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "a2-glyph");
  svg.setAttribute("aria-hidden", "true");
  for (const [d, className] of paths) {
    if (!d) continue;
    const path = element("path");
    path.setAttribute("d", d.replace(/O(\S+) (\S+) ([\d.]+)/g, circle));
    path.setAttribute("class", className);
    svg.append(path);
  }
  return svg;
}

function circle(_: string, x: string, y: string, r: string): string {
  return `M${Number(x) - Number(r)} ${y}a${r} ${r} 0 1 0 ${2 * Number(r)} 0a${r} ${r} 0 1 0 ${-2 * Number(r)} 0`;
}

function element(tag: string, text = ""): SVGElement {
  const made = document.createElementNS(SVG, tag);
  made.textContent = text;
  return made;
}
