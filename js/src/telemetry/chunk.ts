/** What draws telemetry, `static/chunks/telemetry.gz`: lines that grow. The core knows its types alone. */

import uplotCss from "uplot/dist/uPlot.min.css";
import chartsCss from "../css/charts.css";
import telemetryCss from "../css/telemetry.css";
import type { Draw } from "../drawer";
import { Plot } from "./plot";

export const css = [uplotCss, chartsCss, telemetryCss].join("\n");

export const grows = true;

export const draw: Draw = async ({ text }, stage) => new Plot(text, stage);
