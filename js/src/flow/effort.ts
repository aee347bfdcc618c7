/** How much work a layout in layers is, before it is done. */

import { type Graph, linksOf } from "./graph";

/**
 * How many places the nodes take, the edges in each layer that they pass, and the sides of the groups in each of theirs.
 * Layers are counted from the beginnings and from the ends: what is less is nearer to what the engine finds.
 */
export function effortOf({ nodes, edges, groups }: Graph): number {
  const { outgoing, incoming } = linksOf({ nodes, edges });
  const before = (place: number) => (incoming[place] ?? []).map(({ from }) => from);
  const behind = (place: number) => (outgoing[place] ?? []).map(({ to }) => to);
  const places = [before, behind].map((next) => {
    const layers = layersOf(nodes.length, next);
    const at = (place: number) => layers[place] ?? 0;
    const passed = edges.map(({ from, to }) => Math.max(1, Math.abs(at(from) - at(to))));
    const sides = groups.map((_, group) => 2 * spanOf(layers.filter((_, n) => nodes[n]?.group === group)));
    return [...passed, ...sides].reduce((sum, each) => sum + each, nodes.length);
  });
  return Math.min(...places);
}

/**
 * The layer of each node: behind all that are next to it, but for those by which it would come to itself again. One call for
 * each layer, and no more: a chain may be as long as there are nodes.
 */
function layersOf(count: number, next: (place: number) => readonly number[]): readonly number[] {
  const layers: (number | undefined)[] = Array(count).fill(undefined);
  const find = (place: number): number => {
    const known = layers[place];
    if (known !== undefined) return known;
    layers[place] = 0;
    let layer = 0;
    for (const each of next(place)) layer = Math.max(layer, find(each) + 1);
    layers[place] = layer;
    return layer;
  };
  return layers.map((_, place) => find(place));
}

function spanOf(layers: readonly number[]): number {
  return Math.max(...layers) - Math.min(...layers);
}
