/** What draws charts, `static/chunks/charts.gz`: Vega-Lite, compiled and interpreted here. The core knows its types alone. */

import css from "../css/charts.css";
import type { Draw } from "../drawer";
import "./bounds";
import { Chart } from "./chart";
import { read } from "./spec";

export { css };

export const draw: Draw = async (source, stage) => {
  const chart = new Chart(read(source), stage);
  try {
    await chart.draw();
  } catch (error) {
    chart.destroy();
    throw error;
  }
  return chart;
};
