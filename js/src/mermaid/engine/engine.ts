/** Mermaid, in the frame: a source goes in, a node tree comes out. */

import mermaid, { type MermaidConfig } from "mermaid";
import { PAPER } from "../../paper";
import { type Commission, MAX_REPORT, type Order, type Report } from "../messages";
import { WORDS } from "../words";
import { themeCss, themeVariables } from "./palette";
import { treeOf } from "./walk";

/** What a source may not change of itself: who it trusts, what it loads, what it looks like as a whole. */
const SECURE = (
  "secure securityLevel startOnLoad maxTextSize maxEdges suppressErrorRendering htmlLabels dompurifyConfig deterministicIds " +
  "deterministicIDSeed arrowMarkerAbsolute logLevel theme darkMode themeCSS fontFamily altFontFamily fontSize " +
  "actorFontFamily noteFontFamily messageFontFamily personFontFamily external_personFontFamily"
).split(" ");

function configFor({ scheme, font }: Commission): MermaidConfig {
  return {
    startOnLoad: false,
    securityLevel: "strict",
    secure: SECURE,
    suppressErrorRendering: true,
    htmlLabels: false,
    deterministicIds: true,
    maxTextSize: 50_000,
    maxEdges: 500,
    layout: "dagre", // ELK is 440 KB more: for a source that asks for it
    look: "classic",
    theme: "base",
    themeVariables: themeVariables(scheme, font),
    themeCSS: themeCss(scheme),
    fontFamily: font,
    fontSize: 14,
    gantt: { axisFormat: "%d %b" },
    state: { minNodeWidth: 0 }, // wider than its words, mermaid sets them to the left of it
  };
}

const bench = document.body;

async function drawn(commission: Commission): Promise<Report> {
  const { id, source, width } = commission;
  mermaid.initialize(configFor(commission));
  bench.style.width = `${width}px`;
  try {
    // Formulas stay TeX: what mermaid makes of them is HTML, and no part of a drawing.
    const { svg, diagramType: type } = await mermaid.render("drawing", source.replaceAll("$$", "$"), bench);
    bench.innerHTML = svg; // here alone: nothing in this frame has an origin, a network or a way to the chat
    const element = bench.querySelector("svg") as SVGSVGElement;
    return {
      t: "drawn",
      id,
      type,
      title: titleOf(element),
      tree: treeOf(element, PAPER[commission.scheme]),
    };
  } catch (error) {
    return failed(id, error instanceof Error ? error.message : String(error));
  } finally {
    bench.replaceChildren();
  }
}

/** What its author calls it: for the ear, else as it stands above the drawing. */
function titleOf(svg: SVGSVGElement): string {
  const title = svg.querySelector(":scope > title, text[class*='TitleText'], text.titleText");
  return (title?.textContent ?? "").slice(0, 200);
}

/** Some complaints repeat the whole source. */
function failed(id: number, message: string): Report {
  return { t: "failed", id, message: message.slice(0, 1000) };
}

function send(report: string): void {
  parent.postMessage(report, "*");
}

addEventListener("message", async ({ source, data }: MessageEvent<Order>) => {
  if (source !== parent || data.t !== "draw") return;
  const report = JSON.stringify(await drawn(data));
  send(report.length <= MAX_REPORT ? report : JSON.stringify(failed(data.id, WORDS.tooLarge)));
});
send(JSON.stringify({ t: "ready" } satisfies Report));
