/** Flow diagrams: nodes and edges as JSON, drawn as shapes of our own. A page loads this when the first one shows. */

import ELK from "asset:elkjs/lib/elk-worker.min.js";
import css from "../css/flow.css";
import { h } from "../dom";
import type { Drawn, Source, Stage, Tool } from "../drawer";
import type { Branch } from "../nodes";
import { idle, pause } from "../pause";
import { savePng, saveSvg } from "../picture-files";
import { type Card, cardOf, type Tag, tagOf } from "./cards";
import { layOutByDagre } from "./dagre";
import { effortOf } from "./effort";
import { elkGraph, layoutOfElk } from "./elk";
import { type FlowNode, type Graph, linksOf } from "./graph";
import type { Layout, Task } from "./layout";
import { asList } from "./list";
import { parse } from "./parse";
import { pictureOf } from "./picture";
import { inSlices } from "./slices";
import { snapshotOf } from "./snapshot";
import { STRINGS } from "./strings";
import { build } from "./svg";
import { type Measure, measureIn } from "./text";
import { Diagram } from "./view";
import { layOutInWorker, NoWorker } from "./worker";

export { css };

/** More than this is laid out in a worker: it takes longer than nobody minds. */
const HERE = { nodes: 300, effort: 1_000 };
/** Where no worker is allowed, the page stands still meanwhile: not for longer than seconds. */
const WITHOUT_WORKER = { nodes: 600, effort: 2_000 };

interface Shown {
  readonly diagram: Diagram;
  /** None if it would be too large to hand on. */
  picture(): Branch | undefined;
}

/** What takes its time says so on the page, and what went wrong then, too: the drawing is there from then on. */
export async function draw({ text }: Source, stage: Stage): Promise<Drawn> {
  const graph = parse(text);
  if (graph.nodes.length === 0) throw new Error(STRINGS.empty);
  const isQuick = !graph.isOrthogonal && isWithin(graph, HERE);
  const shown = isQuick ? show(graph, stage, here) : showLater(graph, stage, await stage.asset(ELK));
  if (isQuick) await shown;
  return {
    label: STRINGS.described(graph.title || STRINGS.diagram, graph.nodes.length, graph.edges.length),
    snapshot: async () => (await shown).picture(),
    repaint: () => {}, // its colours are the page's
    tools: toolsOf(shown, graph.title, stage.say),
  };
}

function isWithin(graph: Graph, most: typeof HERE): boolean {
  return graph.nodes.length <= most.nodes && effortOf(graph) <= most.effort;
}

function showLater(graph: Graph, stage: Stage, program: Uint8Array<ArrayBuffer>): Promise<Shown> {
  const words = STRINGS.layingOut(graph.nodes.length);
  stage.place.replaceChildren(h("p", { class: "flow-wait", role: "status" }, words));
  const shown = show(graph, stage, (task) => elsewhere(task, program, stage.signal));
  shown.catch((error: Error) => {
    if (stage.signal.aborted) return;
    const why = h("p", { class: "flow-wait", role: "alert" }, error.message);
    stage.place.replaceChildren(why, asList(graph, linksOf(graph)));
  });
  return shown;
}

async function show(graph: Graph, stage: Stage, layOut: (task: Task) => Promise<LaidOut>): Promise<Shown> {
  const { place, signal, say } = stage;
  const measure = measureIn(getComputedStyle(place).fontFamily);
  const task = await measured(graph, measure, signal);
  const { layout, note } = await layOut(task);
  await pause(); // a layout takes a task for itself
  signal.throwIfAborted();
  const picture = pictureOf(task, layout, measure);
  const selected = ({ id, label, kind }: FlowNode) => stage.act("select", { node: id, label, kind });
  const diagram = new Diagram(graph, layout, { selected, say }, signal);
  place.replaceChildren(diagram.element, ...(note ? [h("p", { class: "flow-note" }, note)] : []));
  await diagram.fill(picture);
  return { diagram, picture: () => snapshotOf(picture, layout, diagram.element) };
}

async function measured(graph: Graph, measure: Measure, signal: AbortSignal): Promise<Task> {
  const cards: Card[] = [];
  const tags: (Tag | undefined)[] = [];
  await inSlices(graph.nodes, (node) => cards.push(cardOf(node, measure)), signal);
  await inSlices(graph.edges, (edge) => tags.push(tagOf(edge, measure)), signal);
  return { graph, cards, tags };
}

interface LaidOut {
  readonly layout: Layout;
  readonly note?: string;
}

async function here(task: Task): Promise<LaidOut> {
  await idle();
  return { layout: layOutByDagre(task) };
}

async function elsewhere(
  task: Task,
  program: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<LaidOut> {
  try {
    return { layout: layoutOfElk(await layOutInWorker(program, elkGraph(task), signal), task) };
  } catch (error) {
    if (!(error instanceof NoWorker)) throw error;
    if (!isWithin(task.graph, WITHOUT_WORKER)) throw new Error(STRINGS.tooLarge(WITHOUT_WORKER.nodes));
    return { ...(await here(task)), note: STRINGS.noWorker };
  }
}

function toolsOf(shown: Promise<Shown>, title: string, say: (text: string) => void): Tool[] {
  const saving = (save: (svg: SVGSVGElement, name: string) => void | Promise<void>) => async () => {
    try {
      const picture = (await shown).picture();
      if (!picture) throw new Error("too large");
      await save(build(picture) as SVGSVGElement, title || "flow");
    } catch {
      say(STRINGS.notSaved);
    }
  };
  return [
    { label: STRINGS.savePng, run: saving(savePng) },
    { label: STRINGS.saveSvg, run: saving(saveSvg) },
  ];
}
