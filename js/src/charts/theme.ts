/** How charts look: a configuration of Vega-Lite for light and for dark paper. What a specification says itself holds. */

import type { Config } from "vega-lite";
import type { Scheme } from "../drawer";
import { PAPER } from "../paper";

interface Palette {
  readonly paper: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly grid: string;
  readonly series: readonly string[];
  /** From little to much. */
  readonly ramp: readonly string[];
  /** From one side over nothing to the other. */
  readonly diverging: readonly string[];
}

export const PALETTES: Readonly<Record<Scheme, Palette>> = {
  light: {
    paper: PAPER.light,
    ink: "#212121",
    soft: "#5c5c5c",
    line: "#bdbdbd",
    grid: "#ececec",
    series: [
      "#1976d2",
      "#e8710a",
      "#2e8b57",
      "#c2418f",
      "#7a5cb8",
      "#008394",
      "#b58900",
      "#d43f3a",
      "#5d6d7e",
      "#8d6e4b",
    ],
    ramp: ["#e6f1fc", "#a5cdf5", "#5ba3e8", "#1f74cc", "#124a8c"],
    diverging: ["#b3402e", "#e39a7f", "#f0efee", "#86b6e3", "#1d62ae"],
  },
  dark: {
    paper: PAPER.dark,
    ink: "#e6e6e6",
    soft: "#b0b0b0",
    line: "#5c5c5c",
    grid: "#333333",
    series: [
      "#64b5f6",
      "#ffa657",
      "#6fcf97",
      "#f48fc5",
      "#b39ddb",
      "#4dd0e1",
      "#e6c34a",
      "#ef7f7a",
      "#a3b4c2",
      "#c9a27c",
    ],
    ramp: ["#17334f", "#1c4a75", "#2567a1", "#3a8acb", "#6bb8f7"],
    diverging: ["#ef8a75", "#94513f", "#3a3a3a", "#3f6f9e", "#7cb8f2"],
  },
};

export function configFor(scheme: Scheme, font: string): Config {
  const { ink, soft, line, grid, series, ramp, diverging } = PALETTES[scheme];
  const [first = ink] = series;
  const words = { labelColor: soft, titleColor: soft, labelFontSize: 11, titleFontSize: 12 } as const;
  return {
    font,
    background: "transparent",
    padding: 4,
    view: { stroke: null, continuousHeight: 240, discreteHeight: { step: 24 } },
    axis: {
      ...words,
      domainColor: line,
      tickColor: line,
      gridColor: grid,
      tickSize: 4,
      labelPadding: 4,
      titlePadding: 8,
      titleFontWeight: "normal",
      labelLimit: 160,
    },
    axisQuantitative: { domain: false, ticks: false, labelSeparation: 8 },
    axisBand: { grid: false, ticks: false },
    axisTemporal: { grid: false },
    legend: {
      ...words,
      titleFontWeight: "normal",
      symbolSize: 64,
      gradientStrokeColor: null,
      labelLimit: 180,
    },
    header: { ...words, titleFontWeight: "normal", labelColor: ink },
    title: {
      anchor: "start",
      color: ink,
      subtitleColor: soft,
      fontSize: 14,
      subtitleFontSize: 12,
      fontWeight: 600,
      offset: 12,
      subtitlePadding: 4,
    },
    mark: { color: first },
    bar: { cornerRadiusEnd: 2 },
    line: { strokeWidth: 2, strokeJoin: "round", strokeCap: "round" },
    trail: { color: first },
    area: { fillOpacity: 0.8 },
    point: { filled: true, size: 44, opacity: 0.85 },
    arc: { stroke: PALETTES[scheme].paper, strokeWidth: 1.5 },
    rule: { color: soft },
    text: { color: ink },
    tick: { thickness: 1.5 },
    boxplot: { median: { color: PALETTES[scheme].paper }, ticks: false, rule: { color: soft } },
    errorbar: { rule: { color: soft }, ticks: { color: soft } },
    errorband: { band: { opacity: 0.22 } },
    geoshape: { stroke: grid },
    range: {
      category: [...series],
      ramp: [...ramp],
      heatmap: [...ramp],
      ordinal: [...ramp],
      diverging: [...diverging],
    },
  };
}
