/** Line drawings on a 16-unit grid, in the colour of the text around them. */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  chevron: "M6 4l4 4-4 4",
  check: "M3.5 8.5l3 3 6-7",
  cross: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  dash: "M4.5 8h7",
  arc: "M8 2.5A5.5 5.5 0 0 1 13.5 8",
  ring: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11",
  hourglass: "M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11M8 5v3.2l2 1.3",
  up: "M8 13V3.5M3.8 7.5L8 3.3l4.2 4.2",
  down: "M8 3v9.5M3.8 8.5L8 12.7l4.2-4.2",
  copy: "M6 6h7.5v7.5H6zM3.5 10.5h-1v-8h8v1",
  picture: "M2.5 3.5h11v9h-11zM3 11l3.2-3.2 2.6 2.6 1.7-1.7 2.7 2.7M10.4 6.3h.1",
  dots: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  square: "M5 4h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z",
} as const;

export type IconName = keyof typeof PATHS;

/** Several names are drawn one over the other. */
export function icon(...names: IconName[]): SVGSVGElement {
  return lines(names.map((name) => [name, PATHS[name]]));
}

/** The same of paths by their names. */
export function lines(paths: readonly (readonly [name: string, path: string])[]): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", ["icon", ...paths.map(([name]) => name)].join(" "));
  svg.setAttribute("aria-hidden", "true");
  for (const [name, d] of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    path.setAttribute("class", name);
    svg.append(path);
  }
  return svg;
}
