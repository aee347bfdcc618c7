/** Flow diagrams: nodes and edges as JSON, drawn as shapes of our own. A page loads this when the first one shows. */

import ELK from "asset:elkjs/lib/elk-worker.min.js";
import css from "../css/flow.css";
import { h } from "../dom";
import type { Drawn, Source, Stage, Tool } from "../drawer";
import type { Branch } from "../nodes";
import { type Card, cardOf, type Tag, tagOf } from "./cards";
import { layOutByDagre } from "./dagre";
import { elkGraph, layoutOfElk } from "./elk";
import type { Graph } from "./graph";
import type { Layout, Task } from "./layout";
import { parse } from "./parse";
import { pictureOf } from "./picture";
import { savePng, saveSvg } from "./save";
import { idle, inSlices } from "./slices";
import { snapshotOf } from "./snapshot";
import { STRINGS } from "./strings";
import { type Measure, measureIn } from "./text";
import { Diagram } from "./view";
import { layOutInWorker, NoWorker } from "./worker";

export { css };

/** More nodes than this are laid out in a worker. */
const MAX_HERE = 300;
/** Where no worker is allowed, the page stands still meanwhile: not for longer than seconds. */
const MAX_WITHOUT_WORKER = 600;

export async function draw({ text }: Source, stage: Stage): Promise<Drawn> {
  const { place, signal } = stage;
  const graph = parse(text);
  if (graph.nodes.length === 0) throw new Error(STRINGS.empty);
  place.replaceChildren(h("p", { class: "flow-wait" }, STRINGS.layingOut(graph.nodes.length)));
  try {
    return await show(graph, stage);
  } catch (error) {
    place.replaceChildren();
    throw error;
  } finally {
    signal.throwIfAborted();
  }
}

async function show(graph: Graph, stage: Stage): Promise<Drawn> {
  const { place, signal, say } = stage;
  const measure = measureIn(getComputedStyle(place).fontFamily);
  const task = await measured(graph, measure, signal);
  const { layout, note } = await laidOut(task, stage);
  signal.throwIfAborted();
  const picture = pictureOf(task, layout, measure);
  const selected = ({ id, label, kind }: Graph["nodes"][number]) =>
    stage.act("select", { node: id, label, kind });
  const diagram = new Diagram(graph, layout, { selected, say: (words) => say(words) }, signal);
  place.replaceChildren(diagram.element, ...(note ? [h("p", { class: "flow-note" }, note)] : []));
  await diagram.fill(picture);
  const snapshot = () => snapshotOf(picture, layout, diagram.surface);
  return {
    label: STRINGS.described(graph.title || STRINGS.diagram, graph.nodes.length, graph.edges.length),
    snapshot: async () => snapshot(),
    repaint: () => {}, // its colours are the page's
    tools: toolsOf(diagram, graph.title, snapshot, say),
  };
}

async function measured(graph: Graph, measure: Measure, signal: AbortSignal): Promise<Task> {
  const cards: Card[] = [];
  const tags: (Tag | undefined)[] = [];
  await inSlices(graph.nodes, (node) => cards.push(cardOf(node, measure)), signal);
  await inSlices(graph.edges, (edge) => tags.push(tagOf(edge, measure)), signal);
  return { graph, cards, tags };
}

async function laidOut(task: Task, stage: Stage): Promise<{ layout: Layout; note?: string }> {
  const { nodes, isOrthogonal } = task.graph;
  if (nodes.length <= MAX_HERE && !isOrthogonal) return { layout: await here(task) };
  try {
    const answer = await layOutInWorker(await stage.asset(ELK), elkGraph(task), stage.signal);
    return { layout: layoutOfElk(answer, task) };
  } catch (error) {
    if (!(error instanceof NoWorker)) throw error;
    if (nodes.length > MAX_WITHOUT_WORKER) throw new Error(STRINGS.tooLarge(MAX_WITHOUT_WORKER));
    return { layout: await here(task), note: STRINGS.noWorker };
  }
}

async function here(task: Task): Promise<Layout> {
  await idle();
  return layOutByDagre(task);
}

function toolsOf(
  diagram: Diagram,
  title: string,
  snapshot: () => Branch | undefined,
  say: (text: string) => void,
): Tool[] {
  const saving = (save: (picture: Branch, name: string) => void | Promise<void>) => async () => {
    try {
      const picture = snapshot();
      if (!picture) throw new Error("too large");
      await save(picture, title);
    } catch {
      say(STRINGS.notSaved);
    }
  };
  return [
    { label: STRINGS.fit, run: () => diagram.fit() },
    { label: STRINGS.saveSvg, run: saving(saveSvg) },
    { label: STRINGS.savePng, run: saving(savePng) },
  ];
}
