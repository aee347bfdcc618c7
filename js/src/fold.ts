/** How one envelope changes the conversation: `fold(snapshot(n), envelope(n + 1)) == snapshot(n + 1)`. */

import type { Envelope, EnvelopeOf, Kind, LaneName, Part, PartOf, Run, Status, ToolRow } from "./envelope";
import { patch } from "./nodes";

export interface Lane {
  parts: Part[];
  sealed: boolean;
  duration_ms?: number;
  status?: Status;
}

export interface Message {
  id: string;
  role: string;
  name?: string;
  corr: string | null;
  parent?: string;
  nonce?: string;
  ts: number;
  lanes: Partial<Record<LaneName, Lane>>;
}

export interface Snapshot {
  v: "agui.v1";
  stream: string;
  seq: number;
  messages: Message[];
  runs: Run[];
  state: unknown;
}

export function emptySnapshot(stream = ""): Snapshot {
  return { v: "agui.v1", stream, seq: 0, messages: [], runs: [], state: null };
}

/** Change `snapshot`, which it owns, and return it. An unknown kind only counts. */
export function fold(snapshot: Snapshot, envelope: Envelope): Snapshot {
  if (Object.hasOwn(FOLDS, envelope.kind)) {
    const change = FOLDS[envelope.kind] as (snapshot: Snapshot, envelope: Envelope) => void;
    change(snapshot, envelope);
  }
  snapshot.stream = envelope.stream;
  snapshot.seq = envelope.seq;
  return snapshot;
}

const FOLDS: { [K in Kind]: (snapshot: Snapshot, envelope: EnvelopeOf<K>) => void } = {
  "message.start": startMessage,
  "message.remove": (snapshot, { message_id }) => {
    snapshot.messages = snapshot.messages.filter(({ id }) => id !== message_id);
  },
  "message.move": moveMessage,
  "token.delta": appendToken,
  "blocks.patch": patchBlocks,
  "lane.seal": sealLane,
  "tools.update": mergeRows,
  "tools.progress": mergeRows,
  "tool.args": appendArgs,
  "part.put": (snapshot, envelope) => putPart(laneOf(snapshot, envelope), owned(envelope.payload)),
  "part.remove": (snapshot, envelope) => {
    const lane = laneOf(snapshot, envelope);
    if (lane) lane.parts = lane.parts.filter(({ key }) => key !== envelope.payload.key);
  },
  "citations.update": listSources,
  "a2ui.render": renderSurface,
  "a2ui.edit": keepEdits,
  "telemetry.append": (snapshot, envelope) =>
    grow(snapshot, envelope, TELEMETRY, "rows", (rows) =>
      [...rows, ...envelope.payload.rows].slice(-MAX_ROWS),
    ),
  "media.append": (snapshot, envelope) => {
    const { items, text = "" } = envelope.payload;
    const fit = (shown: unknown[]) => [...shown, ...items].slice(0, MAX_IMAGES);
    grow(snapshot, envelope, MEDIA, "items", fit, text);
  },
  "error.raise": (snapshot, envelope) => {
    const { key, ...value } = envelope.payload;
    putPart(laneOf(snapshot, envelope), { key, kind: "error", value });
  },
  "message.status": (snapshot, envelope) => {
    const lane = laneOf(snapshot, envelope);
    if (lane) lane.status = { ...envelope.payload };
  },
  "run.update": mergeRun,
  "state.update": (snapshot, { payload }) => {
    snapshot.state = payload.state;
  },
};

function startMessage(
  snapshot: Snapshot,
  { message_id, corr, ts, payload }: EnvelopeOf<"message.start">,
): void {
  const { messages } = snapshot;
  if (message_id === null || findMessage(snapshot, message_id)) return;
  const { role, name, after, parent, nonce } = payload;
  const message: Message = { id: message_id, role, corr, ts, lanes: {} };
  if (name != null) message.name = name;
  if (parent != null) message.parent = parent;
  if (nonce != null) message.nonce = nonce;
  const at = after == null ? -1 : messages.findIndex(({ id }) => id === after);
  messages.splice(at < 0 ? messages.length : at + 1, 0, message);
}

function moveMessage(
  snapshot: Snapshot,
  { message_id, payload: { after } }: EnvelopeOf<"message.move">,
): void {
  const { messages } = snapshot;
  const from = messages.findIndex(({ id }) => id === message_id);
  const isKnown = after === null || messages.some(({ id }) => id === after);
  if (from < 0 || after === message_id || !isKnown) return;
  const moved = messages.splice(from, 1);
  messages.splice(messages.findIndex(({ id }) => id === after) + 1, 0, ...moved);
}

function appendToken(snapshot: Snapshot, envelope: EnvelopeOf<"token.delta">): void {
  const lane = laneOf(snapshot, envelope);
  const { text, part: key = "text" } = envelope.payload;
  const part = lane?.parts.findLast((part) => part.key === key);
  if (part?.kind === "text")
    part.text += text; // the engine keeps the pieces and joins them when they are read
  else if (!part) lane?.parts.push({ key, kind: "text", text });
}

/** The tree grows by its operations, the source by its new text; a part that is not of this kind stays as it is. */
function patchBlocks(snapshot: Snapshot, envelope: EnvelopeOf<"blocks.patch">): void {
  const lane = laneOf(snapshot, envelope);
  const { ops, text = "", part: key = "text" } = envelope.payload;
  const part = lane?.parts.findLast((part) => part.key === key);
  if (part?.kind === "blocks") {
    part.nodes = patch(part.nodes, ops);
    part.text += text;
  } else if (!part) lane?.parts.push({ key, kind: "blocks", nodes: patch([], ops), text });
}

function sealLane(snapshot: Snapshot, envelope: EnvelopeOf<"lane.seal">): void {
  const lane = laneOf(snapshot, envelope);
  if (!lane) return;
  lane.sealed = true;
  if (envelope.payload.duration_ms != null) lane.duration_ms = envelope.payload.duration_ms;
}

function mergeRows(snapshot: Snapshot, envelope: EnvelopeOf<"tools.update" | "tools.progress">): void {
  const lane = laneOf(snapshot, envelope);
  for (const row of envelope.payload.tools) {
    const part = lane && findTool(lane, row.call_id);
    if (part)
      part.value = { ...part.value, ...row }; // not `assign`: it would call a setter for "__proto__"
    else putPart(lane, { key: row.call_id, kind: "tool", value: { ...row } as ToolRow });
  }
}

function appendArgs(snapshot: Snapshot, envelope: EnvelopeOf<"tool.args">): void {
  const lane = laneOf(snapshot, envelope);
  const { call_id, text } = envelope.payload;
  const part = lane && findTool(lane, call_id);
  if (part) part.value.args = (part.value.args ?? "") + text;
  else putPart(lane, { key: call_id, kind: "tool", value: { call_id, args: text } as ToolRow });
}

/** The whole list each time; who shows it keeps its rows by their keys. */
function listSources(snapshot: Snapshot, envelope: EnvelopeOf<"citations.update">): void {
  const lane = laneOf(snapshot, envelope);
  if (!lane) return;
  lane.parts = [];
  envelope.payload.citations.forEach((citation, at) => {
    const value = { index: at + 1, ...citation };
    putPart(lane, { key: String(value.index), kind: "citation", value });
  });
}

/** A surface goes on changing, what was given does not. */
function owned(part: Part): Part {
  if (part.kind !== "surface") return { ...part };
  return { ...part, value: { ...part.value, operations: [...part.value.operations] } };
}

/** Operations are the end of what was said of their making. */
function renderSurface(snapshot: Snapshot, envelope: EnvelopeOf<"a2ui.render">): void {
  const lane = laneOf(snapshot, envelope);
  const { part: key, operations = [], reset = false, status } = envelope.payload;
  const known = lane?.parts.find((part) => part.key === key);
  if (!lane || (known && known.kind !== "surface")) return;
  const value = known?.value ?? { operations: [] };
  if (!known) lane.parts.push({ key, kind: "surface", value });
  if (reset) value.operations = [...operations];
  else value.operations.push(...operations);
  if (status) value.status = status;
  else if (status === null || operations.length) delete value.status;
}

function keepEdits(snapshot: Snapshot, envelope: EnvelopeOf<"a2ui.edit">): void {
  const { part: key, surface, edits } = envelope.payload;
  const lane = findMessage(snapshot, envelope.message_id)?.lanes.a2ui;
  const part = lane?.parts.find((part) => part.key === key);
  if (part?.kind === "surface") part.value.edits = { ...part.value.edits, [surface]: edits }; // any name may come
}

/** What a chart is called among an output's data, and how many of its rows stay: the last ones (twin of telemetry.py). */
const TELEMETRY = "application/vnd.agui_widget.telemetry+json";
const MAX_ROWS = 20_000;

/** The same of a gallery, of which the first ones stay (twin of gallery.py). */
const MEDIA = "application/vnd.agui_widget.media+json";
const MAX_IMAGES = 500;

/**
 * Let the list `name` in an output's data grow, and its plain text.
 *
 * A new value each time: who shows the part sees by that that it has changed.
 */
function grow(
  snapshot: Snapshot,
  envelope: EnvelopeOf<"telemetry.append"> | EnvelopeOf<"media.append">,
  mime: string,
  name: string,
  grown: (list: unknown[]) => unknown[],
  text?: string,
): void {
  const part = laneOf(snapshot, envelope)?.parts.findLast(({ key }) => key === envelope.payload.part);
  const { data } = part?.kind === "output" ? part.value : {};
  const shown = data?.[mime] as Record<string, unknown> | undefined;
  const list = shown?.[name];
  if (part?.kind !== "output" || !data || !Array.isArray(list)) return;
  const plain = text === undefined ? {} : { "text/plain": `${data["text/plain"] ?? ""}${text}` };
  part.value = { ...part.value, data: { ...data, ...plain, [mime]: { ...shown, [name]: grown(list) } } };
}

function mergeRun(snapshot: Snapshot, { payload }: EnvelopeOf<"run.update">): void {
  const at = snapshot.runs.findLastIndex(({ run_id }) => run_id === payload.run_id);
  if (at < 0) snapshot.runs.push({ ...payload } as Run);
  else snapshot.runs[at] = { ...snapshot.runs[at], ...payload } as Run;
}

function putPart(lane: Lane | undefined, part: Part): void {
  if (!lane) return;
  const at = lane.parts.findIndex(({ key }) => key === part.key);
  if (at < 0) lane.parts.push(part);
  else lane.parts[at] = part;
}

function findTool(lane: Lane, callId: string): PartOf<"tool"> | undefined {
  return lane.parts.find((part): part is PartOf<"tool"> => part.kind === "tool" && part.key === callId);
}

/** Searched from the end: what changes is nearly always the last message. */
function findMessage({ messages }: Snapshot, id: string | null): Message | undefined {
  return messages.findLast((message) => message.id === id);
}

/** The lane an envelope changes, made by its first change; none if its message was removed meanwhile. */
function laneOf(snapshot: Snapshot, { message_id, lane }: Envelope): Lane | undefined {
  const message = findMessage(snapshot, message_id);
  if (!message || lane === null) return undefined;
  if (!Object.hasOwn(message.lanes, lane)) message.lanes[lane] = { parts: [], sealed: false };
  return message.lanes[lane];
}
