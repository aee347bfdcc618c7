/** What is written on each node and edge, and how much room it takes. */

import type { FlowEdge, FlowNode } from "./graph";
import { kindOf } from "./kinds";
import { ellipsised, type Measure, wrap } from "./text";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Card extends Size {
  readonly lines: readonly string[];
  readonly detail: string;
}

export const CARD = { inset: 12, mark: 22, gap: 9, line: 18, detail: 16, padding: 9 };
const MAX_WORDS = 190;
const MAX_EDGE_WORDS = 150;
const MIN_WIDTH = 72;

export function cardOf({ label, detail, kind }: FlowNode, measure: Measure): Card {
  const lines = wrap(label, MAX_WORDS, 2, "label", measure);
  const second = detail && ellipsised(detail, MAX_WORDS, "detail", measure);
  const words = Math.max(...lines.map((line) => measure(line, "label")), measure(second, "detail"));
  const mark = kindOf(kind) ? CARD.mark + CARD.gap : 0;
  const width = Math.ceil(Math.max(MIN_WIDTH, words + mark + 2 * CARD.inset));
  return { lines, detail: second, width, height: heightOf(lines.length, second !== "") };
}

function heightOf(lines: number, hasDetail: boolean): number {
  return 2 * CARD.padding + lines * CARD.line + (hasDetail ? CARD.detail : 0);
}

export interface Tag extends Size {
  readonly text: string;
}

/** The words on an edge, if it has any. */
export function tagOf({ label }: FlowEdge, measure: Measure): Tag | undefined {
  if (!label) return undefined;
  const text = ellipsised(label, MAX_EDGE_WORDS, "edge", measure);
  return { text, width: Math.ceil(measure(text, "edge")) + 10, height: 18 };
}
