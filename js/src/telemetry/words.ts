/** What a chart that grows says of itself, in one place for translation. */
export const WORDS = {
  title: "Telemetry",
  waiting: "Waiting for the first values…",
  log: "Log",
  logHint: "Logarithmic scale",
  savePng: "PNG",
  notSaved: "This browser did not make a picture of it",
  latest: "Latest values",
  series: "Series",
  last: "Last",
  least: "Lowest",
  most: "Highest",
  none: "–",
  noChart: "this is not the JSON of a chart: it needs series and rows",
};
