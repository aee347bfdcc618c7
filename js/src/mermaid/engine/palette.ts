/** Diagrams in the colours of the chat (`css/theme.css`): thin lines, quiet surfaces, one accent, and a series of eight of one weight. */

import type { Scheme } from "../../drawer";
import { PAPER } from "../../paper";

interface Colours {
  readonly paper: string;
  readonly wash: string;
  readonly tint: string;
  readonly line: string;
  readonly ink: string;
  readonly soft: string;
  readonly brand: string;
  readonly note: string;
  readonly bad: string;
  /** Surfaces under text in `ink`. */
  readonly series: readonly string[];
  /** Lines and bars, seen against the paper. */
  readonly strong: readonly string[];
}

const COLOURS: Record<Scheme, Colours> = {
  light: {
    paper: PAPER.light,
    wash: "#f5f6f7",
    tint: "#e8f1fa",
    line: "#9aa4ae",
    ink: "#212121",
    soft: "#5f6368",
    brand: "#1976d2",
    note: "#fff6dd",
    bad: "#d32f2f",
    series: ["#cfe3f7", "#d3ebd6", "#fbe3c3", "#e5d8f3", "#cdeae9", "#f8d5da", "#e7e6c5", "#dce1e7"],
    strong: ["#1976d2", "#388e3c", "#e07b00", "#8a4fc7", "#00838f", "#c2385a", "#8a7f1a", "#607080"],
  },
  dark: {
    paper: PAPER.dark,
    wash: "#242628",
    tint: "#1f2d3b",
    line: "#75808b",
    ink: "#e6e6e6",
    soft: "#a8adb3",
    brand: "#64b5f6",
    note: "#3a3320",
    bad: "#ef7070",
    series: ["#25435f", "#27472c", "#553c1c", "#44335c", "#1f4748", "#572f3a", "#46431f", "#3a4149"],
    strong: ["#64b5f6", "#81c784", "#ffb74d", "#b993e6", "#4dc4cf", "#f08aa3", "#cbc264", "#9fb0c0"],
  },
};

/** The variables of mermaid's theme `base`. */
export function themeVariables(scheme: Scheme, fontFamily: string): Record<string, unknown> {
  const colours = COLOURS[scheme];
  return {
    darkMode: scheme === "dark",
    fontFamily,
    fontSize: "14px",
    ...surfaces(colours),
    ...lines(colours),
    ...parts(colours),
    ...charts(colours),
    ...numbered(colours),
  };
}

/** What no variable reaches: black and glaring parts, and titles in another size than everybody's. */
export function themeCss(scheme: Scheme): string {
  const { paper, ink, line, soft, strong } = COLOURS[scheme];
  const curves = strong.map(
    (colour, n) =>
      `.radarCurve-${n},.radarLegendBox-${n}{fill:${colour};fill-opacity:.18;stroke:${colour};stroke-width:2}`,
  );
  return [
    `.grid .tick line,.grid path{stroke:${line};stroke-opacity:.35}`,
    `.grid .tick text{fill:${soft}}`,
    `marker [fill=white]{fill:${paper}}`,
    `[stroke="#444444"]{stroke:${soft}}`,
    `text.journey-section{fill:${ink}}`,
    `text[font-weight=bold][font-size]{font-size:16px;font-weight:600}`,
    `.radarGraticule{fill:none;stroke:${line};stroke-opacity:.5}`,
    ...curves,
  ].join("");
}

function surfaces({ paper, wash, tint, ink, line, brand, note }: Colours): Record<string, string> {
  return {
    background: paper,
    mainBkg: tint,
    primaryColor: tint,
    primaryTextColor: ink,
    primaryBorderColor: brand,
    secondaryColor: wash,
    secondaryTextColor: ink,
    secondaryBorderColor: line,
    tertiaryColor: wash,
    tertiaryTextColor: ink,
    tertiaryBorderColor: line,
    nodeBorder: brand,
    nodeTextColor: ink,
    clusterBkg: wash,
    clusterBorder: line,
    noteBkgColor: note,
    noteTextColor: ink,
    noteBorderColor: line,
    edgeLabelBackground: paper,
  };
}

function lines({ ink, soft, line }: Colours): Record<string, string> {
  return {
    lineColor: soft,
    textColor: ink,
    titleColor: ink,
    arrowheadColor: soft,
    defaultLinkColor: soft,
    transitionColor: soft,
    transitionLabelColor: ink,
    relationColor: soft,
    relationLabelColor: ink,
    signalColor: soft,
    signalTextColor: ink,
    actorLineColor: line,
    loopTextColor: ink,
    labelTextColor: ink,
  };
}

/** What single kinds of diagrams have. */
function parts({
  paper,
  wash,
  tint,
  ink,
  soft,
  line,
  brand,
  bad,
  series,
  strong,
}: Colours): Record<string, string> {
  return {
    actorBkg: tint,
    actorBorder: brand,
    actorTextColor: ink,
    labelBoxBkgColor: wash,
    labelBoxBorderColor: line,
    activationBkgColor: wash,
    activationBorderColor: line,
    sequenceNumberColor: paper,
    classText: ink,
    stateBkg: tint,
    stateLabelColor: ink,
    compositeBackground: wash,
    compositeTitleBackground: tint,
    altBackground: wash,
    specialStateColor: soft,
    innerEndBackground: soft,
    rowOdd: paper,
    rowEven: wash,
    attributeBackgroundColorOdd: paper,
    attributeBackgroundColorEven: wash,
    sectionBkgColor: wash,
    altSectionBkgColor: paper,
    sectionBkgColor2: wash,
    gridColor: line,
    todayLineColor: bad,
    taskBkgColor: series[0] as string,
    taskBorderColor: brand,
    taskTextColor: ink,
    taskTextLightColor: ink,
    taskTextDarkColor: ink,
    taskTextOutsideColor: ink,
    taskTextClickableColor: ink,
    activeTaskBkgColor: series[4] as string,
    activeTaskBorderColor: strong[4] as string,
    doneTaskBkgColor: wash,
    doneTaskBorderColor: line,
    critBkgColor: series[5] as string,
    critBorderColor: bad,
    requirementBackground: tint,
    requirementBorderColor: brand,
    requirementTextColor: ink,
    errorBkgColor: wash,
    errorTextColor: bad,
    personBkg: tint,
    personBorder: brand,
    archEdgeColor: soft,
    archEdgeArrowColor: soft,
    archGroupBorderColor: line,
    quadrant1Fill: tint,
    quadrant2Fill: wash,
    quadrant3Fill: paper,
    quadrant4Fill: wash,
    ...Object.fromEntries([1, 2, 3, 4].map((n) => [`quadrant${n}TextFill`, soft])),
    quadrantPointFill: brand,
    quadrantPointTextFill: ink,
    quadrantXAxisTextFill: ink,
    quadrantYAxisTextFill: ink,
    quadrantInternalBorderStrokeFill: line,
    quadrantExternalBorderStrokeFill: line,
    quadrantTitleFill: ink,
    pieStrokeColor: paper,
    pieStrokeWidth: "2px",
    pieOuterStrokeWidth: "0px",
    pieOpacity: "1",
    pieTitleTextSize: "16px",
    pieSectionTextSize: "13px",
    pieLegendTextSize: "13px",
    pieTitleTextColor: ink,
    pieSectionTextColor: ink,
    pieLegendTextColor: ink,
    tagLabelColor: ink,
    tagLabelBackground: tint,
    tagLabelBorder: brand,
    commitLabelColor: ink,
    commitLabelBackground: wash,
    commitLabelFontSize: "11px",
    tagLabelFontSize: "11px",
  };
}

function charts({ ink, soft, line, strong }: Colours): Record<string, unknown> {
  const [blue, green, orange, ...others] = strong;
  return {
    xyChart: {
      backgroundColor: "transparent", // as the others: a page may have a paper of its own
      titleColor: ink,
      plotColorPalette: [blue, orange, green, ...others].join(","), // a line over bars is far from their colour
      ...Object.fromEntries(
        ["x", "y"].flatMap((axis) => [
          [`${axis}AxisLabelColor`, soft],
          [`${axis}AxisTitleColor`, soft],
          [`${axis}AxisTickColor`, line],
          [`${axis}AxisLineColor`, line],
        ]),
      ),
    },
    radar: { axisColor: line, graticuleColor: line, graticuleOpacity: 0.25, curveOpacity: 0.25 },
  };
}

/** Most diagrams count to eight, some to twelve, from nought or from one. */
const MOST = 12;

/** The variables that end in a number: sections of maps and timelines, slices, branches. */
function numbered({ paper, ink, series, strong }: Colours): Record<string, string> {
  const counted: Record<string, readonly string[]> = {
    ...{ cScale: series, cScaleLabel: [ink], cScaleInv: strong, cScalePeer: strong },
    ...{ git: strong, gitInv: [ink], gitBranchLabel: [paper] },
    ...{ pie: fromOne(series), venn: fromOne(strong), fillType: series, actor: strong },
  };
  const each = ([name, colours]: [string, readonly string[]]) =>
    Array.from({ length: MOST + 1 }, (_, n) => [`${name}${n}`, colours[n % colours.length] as string]);
  return Object.fromEntries(Object.entries(counted).flatMap(each));
}

function fromOne(colours: readonly string[]): readonly string[] {
  return [...colours.slice(-1), ...colours.slice(0, -1)];
}
