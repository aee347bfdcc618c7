/** How uPlot draws a chart: a line for each series, and a scale for each of two units. */

import type uPlot from "uplot";
import { PALETTES } from "../charts/theme";
import type { Scheme } from "../drawer";
import { type Data, type Series, valueText } from "./data";

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly font: string;
  readonly scheme: Scheme;
  /** Of each series. */
  readonly colours: readonly string[];
  readonly isLog: boolean;
  isHidden(name: string): boolean;
  /** The pointer is at a row, or at none. */
  pointed(row: number | null | undefined): void;
}

/** As long as its points can be told apart. */
const MAX_DOTTED_ROWS = 60;
/** Longer ones stand in the legend alone. */
const AXIS_UNIT_CHARS = 2;

export function optionsFor(data: Data, look: Look): uPlot.Options {
  const units = unitsOf(data);
  const scale = { distr: look.isLog ? 3 : 1 } as const;
  return {
    width: look.width,
    height: look.height,
    legend: { show: false },
    padding: [8, units.length > 1 ? 0 : 16, 0, 0], // the last number of x is centred on the edge
    cursor: { y: false, points: { size: 7 }, drag: { x: true, y: false } },
    scales: { x: { time: false }, ...Object.fromEntries(units.map((unit) => [scaleOf(unit), scale])) },
    axes: [alongX(data, look), ...units.map((unit, at) => alongY(unit, at, look))],
    series: [{}, ...data.series.map((each, at) => lineOf(each, at, units, look))],
    hooks: { setCursor: [(plot) => look.pointed(plot.cursor.idx)] },
  };
}

/** Two units have a scale each, on the left and on the right; what has a further one shares the first. */
function unitsOf({ series }: Data): string[] {
  return [...new Set(series.map(({ unit }) => unit))].slice(0, 2);
}

function scaleOf(unit: string): string {
  return `y:${unit}`;
}

function axis({ scheme, font }: Look): uPlot.Axis {
  const { soft, grid } = PALETTES[scheme];
  return {
    stroke: soft,
    font,
    labelFont: font,
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
  };
}

function alongX({ x }: Data, look: Look): uPlot.Axis {
  return { ...axis(look), grid: { show: false }, size: 28, ...(x ? { label: x, labelSize: 16 } : {}) };
}

function alongY(unit: string, at: number, look: Look): uPlot.Axis {
  const shown = unit.length <= AXIS_UNIT_CHARS ? unit : "";
  const values = (_: unknown, splits: number[]) => splits.map((value) => tick(value, shown));
  const side = at ? { side: 1, grid: { show: false } } : { side: 3 };
  return { ...axis(look), ...side, scale: scaleOf(unit), size: 52, values };
}

/** On a logarithmic scale only some have a number. */
function tick(value: number | null, unit: string): string {
  return value === null ? "" : valueText(value, unit);
}

function lineOf({ name, unit }: Series, at: number, units: readonly string[], look: Look): uPlot.Series {
  const [first = ""] = units;
  return {
    label: name,
    scale: scaleOf(units.includes(unit) ? unit : first),
    stroke: look.colours[at] ?? "",
    width: 2,
    pxAlign: 0, // to whole pixels, a line that hardly falls would be a staircase
    spanGaps: true,
    show: !look.isHidden(name),
    points: { show: (plot) => plot.data[0].length <= MAX_DOTTED_ROWS, size: 5 },
  };
}
