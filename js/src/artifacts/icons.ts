/** What cards are known by: line drawings of ours on a 16-unit grid, in the colour of the text around them. */

const SVG = "http://www.w3.org/2000/svg";

const wheel = (x: number) => `M${x} 12.9a1.4 1.4 0 1 0 0-2.8 1.4 1.4 0 0 0 0 2.8`;

const PATHS = {
  person: "M8 8.2a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4M2.8 13.5c.5-2.6 2.5-3.9 5.2-3.9s4.7 1.3 5.2 3.9",
  organization:
    "M3.5 13.5v-11h6v11M9.5 6.5h3v7M2 13.5h12M5.4 5.2h.01M7.6 5.2h.01M5.4 7.8h.01M7.6 7.8h.01M5.4 10.4h.01M7.6 10.4h.01",
  location:
    "M8 14.2c-3-3.4-4.6-5.6-4.6-7.7a4.6 4.6 0 0 1 9.2 0c0 2.1-1.6 4.3-4.6 7.7M8 8.2a1.6 1.6 0 1 0 0-3.2 1.6 1.6 0 0 0 0 3.2",
  event: "M2.8 3.8h10.4v9.7H2.8zM2.8 6.8h10.4M5.5 2.2v2.6M10.5 2.2v2.6M8.2 9.8h2.3v1.5H8.2z",
  uap_object:
    "M1.8 9.3c0-1.4 2.8-2.5 6.2-2.5s6.2 1.1 6.2 2.5-2.8 2.3-6.2 2.3-6.2-.9-6.2-2.3M4.9 7c0-2.3 1.3-3.9 3.1-3.9s3.1 1.6 3.1 3.9M4.6 14.2l.6-1M8 14.4v-1.1M11.4 14.2l-.6-1",
  vehicle: `M2.9 11.5H1.6v-7h7.6v7H6M9.2 6.8h2.9l2.3 2.5v2.2h-1.2M9.2 11.5h1.1${wheel(4.4)}${wheel(11.7)}`,
  operation:
    "M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3M8 6.4a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2M8 1.2V4M8 12v2.8M1.2 8H4M12 8h2.8",
  concept: "M6 11.4c0-1.5-2-2.3-2-4.7a4 4 0 0 1 8 0c0 2.4-2 3.2-2 4.7zM6.5 13.8h3",
  evidence: "M3.8 1.8h5.7l2.9 3v9.4H3.8zM9.3 2v3h3M6 9.4l1.5 1.5 2.7-3",
  hypothesis: "M6.3 2h3.4M7 2v4.3l-3.6 6.2a1 1 0 0 0 .9 1.5h7.4a1 1 0 0 0 .9-1.5L9 6.3V2M5.2 10.2h5.6",
  case: "M2 3.8h4.2l1.5 1.8H14v7.2H2z",
  unknown:
    "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 1 1 0-11M6.4 6.5a1.7 1.7 0 1 1 2.4 1.6c-.6.3-.8.6-.8 1.2M8 11.3v.01",
  arrow: "M3 8h9.5M8.8 4.3L12.5 8l-3.7 3.7",
} as const;

export type Glyph = keyof typeof PATHS;

/** Classes of entities have an icon each; one that nobody knows has the one of what is unknown. */
export function glyphOf(entityClass: string): Glyph {
  return Object.hasOwn(PATHS, entityClass) ? (entityClass as Glyph) : "unknown";
}

export function glyph(name: Glyph): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
