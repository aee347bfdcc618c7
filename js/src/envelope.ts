/** The words of the wire, `agui.v1`, as the page reads them. docs/wire.md is the contract. */

import type { Node, Op } from "./nodes";

/** In the order of the screen. */
export const LANE_ORDER = [
  "thinking",
  "reasoning",
  "text",
  "tools",
  "a2ui",
  "citations",
  "errors",
  "status",
] as const;
export type LaneName = (typeof LANE_ORDER)[number];

export type ToolState = "queued" | "running" | "waiting" | "done" | "error" | "cancelled";

export interface ToolRow {
  call_id: string;
  name: string;
  state: ToolState;
  args?: string;
  progress?: number;
  summary?: string;
  result?: string;
  error?: string;
  started_ms?: number;
  duration_ms?: number;
  /** What it gave, when that is more than text. */
  output?: OutputValue;
}

export interface ErrorValue {
  message: string;
  code?: string;
  kept?: string;
  recovery?: { label: string; action: string }[];
  detail?: string;
}

/** An object of Python as it is shown: what it says of itself, by MIME type, and how to ask for more of it. */
export interface OutputValue {
  data: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  name?: string;
  /** By this the kernel still knows the object. */
  object?: string;
  /** What it is in Python: `DataFrame`. */
  type?: string;
  /** What is too large to be sent before somebody wants it, and its bytes. */
  withheld?: Record<string, number>;
}

export interface NoticeValue {
  code: string;
  message: string;
}

/** A source of an answer; later kinds of sources say more of `location`. */
export interface CitationValue {
  /** The number that is shown, from 1. */
  index: number;
  title?: string;
  url?: string;
  host?: string;
  snippet?: string;
  location?: { type?: string; page?: number; start?: number; end?: number; [more: string]: unknown };
}

/** What a run waits for, and the line of Python that answers it. */
export interface QuestionValue {
  id: string;
  reason: string;
  message: string;
  answer: string;
  call_id?: string;
}

/** An interface that an agent has built: the messages that make it, how far it is, and what was entered in each of its surfaces. */
export interface SurfaceValue {
  operations: unknown[];
  status?: Record<string, unknown>;
  edits?: Record<string, unknown[]>;
  /** Of an older protocol, in place of operations. */
  spec?: unknown;
}

/** What a page drew of a fence or an output, as a node tree: for who reads without us. */
export interface DrawingValue {
  kind: string;
  scheme: "light" | "dark";
  node: Node;
}

/** An AG-UI activity that has no renderer of its own. */
export interface ActivityValue {
  type: string;
  content: unknown;
}

export type Part =
  | { key: string; kind: "text"; text: string }
  | { key: string; kind: "blocks"; nodes: Node[]; text: string }
  | { key: string; kind: "output"; value: OutputValue }
  | { key: string; kind: "tool"; value: ToolRow }
  | { key: string; kind: "error"; value: ErrorValue }
  | { key: string; kind: "citation"; value: CitationValue }
  | { key: string; kind: "notice"; value: NoticeValue }
  | { key: string; kind: "question"; value: QuestionValue }
  | { key: string; kind: "activity"; value: ActivityValue }
  | { key: string; kind: "surface"; value: SurfaceValue }
  | { key: string; kind: "drawing"; value: DrawingValue };
export type PartOf<K extends Part["kind"]> = Extract<Part, { kind: K }>;

export type ActiveState = "preparing" | "streaming" | "executing_tools" | "awaiting_input";
export type Ending = "finished" | "error" | "rejected" | "truncated" | "aborted";
export type RunState = ActiveState | Ending;
export type Footer = "done" | "stopped" | "failed" | "truncated" | "waiting";

/** Token counts of one model, in AG-UI's words. */
export interface TokenUsage {
  inputTokens?: number;
  outputTokens?: number;
}

export interface Status {
  status: ActiveState | Footer;
  label?: string;
  progress?: number;
  duration_ms?: number;
  usage?: TokenUsage | TokenUsage[];
}

export interface Run {
  run_id: string;
  state: RunState;
  detail?: string;
  usage?: TokenUsage | TokenUsage[];
  started_ms?: number;
  duration_ms?: number;
}

export interface Payloads {
  "message.start": { role: string; name?: string; after?: string | null; parent?: string; nonce?: string };
  "message.remove": Record<string, never>;
  "message.move": { after: string | null };
  "token.delta": { text: string; part?: string };
  "blocks.patch": { ops: Op[]; text?: string; part?: string };
  "lane.seal": { duration_ms?: number };
  "tools.update": { tools: (Partial<ToolRow> & { call_id: string })[] };
  "tools.progress": { tools: (Partial<ToolRow> & { call_id: string })[] };
  "tool.args": { call_id: string; text: string };
  "part.put": Part;
  "part.remove": { key: string };
  "citations.update": { citations: (Omit<CitationValue, "index"> & { index?: number })[] };
  "a2ui.render": {
    part: string;
    operations?: unknown[];
    reset?: boolean;
    status?: Record<string, unknown> | null;
  };
  "a2ui.edit": { part: string; surface: string; edits: unknown[] };
  "telemetry.append": { part: string; rows: unknown[] };
  "error.raise": ErrorValue & { key: string };
  "message.status": Status;
  "run.update": Partial<Run> & { run_id: string };
  "state.update": { state: unknown };
}
export type Kind = keyof Payloads;

export interface EnvelopeOf<K extends Kind> {
  v: "agui.v1";
  id: string;
  ts: number;
  stream: string;
  message_id: string | null;
  kind: K;
  lane: LaneName | null;
  corr: string | null;
  seq: number;
  seq_from?: number;
  payload: Payloads[K];
}
export type Envelope = { [K in Kind]: EnvelopeOf<K> }[Kind];

/** What the order rule says about an envelope after `last`; on a gap nothing may change. */
export function verdict({ seq, seq_from = seq }: Envelope, last: number): "apply" | "drop" | "gap" {
  if (seq <= last) return "drop";
  return seq_from === last + 1 ? "apply" : "gap";
}

const ACTIVE: ReadonlySet<string> = new Set<ActiveState>([
  "preparing",
  "streaming",
  "executing_tools",
  "awaiting_input",
]);

/** A run in a state that nobody here knows is none that is still on. */
export function isOver(run: Run): boolean {
  return !ACTIVE.has(run.state);
}
