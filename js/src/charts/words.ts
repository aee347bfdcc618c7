/** What a chart says of itself, in one place for translation. */
export const WORDS = {
  savePng: "PNG",
  saveSvg: "SVG",
  data: (rows: string) => `Data (${rows})`,
  rows: (n: number, text: string) => (n === 1 ? "1 row" : `${text} rows`),
  firstRows: (n: string, all: string) => `The first ${n} of ${all} rows`,
  allRows: "The data that is drawn",
  chart: "Chart",
  nothing: "There is no data in this chart.",
  noField: (name: string) => `No row has a field «${name}»: nothing can be drawn.`,
  noInputs: "The inputs that belong to this chart are not shown.",
  notLoaded: (where: string) =>
    `Not loaded from ${where}: a chart here loads nothing. What it shows must be in it.`,
  noUrl: (where: string) =>
    `its data would be loaded from ${where}, and a chart here loads nothing: give the rows in data.values`,
  noObject: "a chart is a JSON object, and this is none",
  notUnderstood: "this is no chart that Vega-Lite understands",
  noMark: (name: string) => `«${name}» is no mark of Vega-Lite`,
  noVega: "this is a Vega specification: only Vega-Lite is drawn",
  tooLong: (most: string) => `it is longer than ${most}`,
  tooManyRows: (most: string) => `it has more than ${most} rows`,
  tooLarge: "it would be larger than a picture can be",
  tooMany: (what: string, most: string) => `${what} would make more than ${most} things`,
  tooSlow: "it takes too long to draw",
  noRegexp: "regular expressions are not evaluated in a chart: compare with indexof() or substring()",
  noFunction: (name: string) => `${name}() is not offered in a chart`,
  noTicks: "axis ticks may be counted, or set by the week, month or year",
};
