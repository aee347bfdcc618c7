/** Messages of every version and spelling, as the one kind of operation that the engine knows. */

import { type Family, familyOf } from "./catalog";
import {
  isObject,
  isTooDeep,
  mapValues,
  type Pointer,
  type Props,
  pointerOf,
  pointerOf08,
  withValue,
} from "./json";

/** What was wrong, and where: `path` points into the message, or to a component. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly path: string;
  readonly surfaceId?: string;
}

export class Rejection extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly path = "/",
  ) {
    super(message);
  }
}

export interface Definition {
  readonly id: string;
  /** Undefined leaves the type that the component has. */
  readonly type: string | undefined;
  readonly catalogId: string | undefined;
  readonly props: Props;
}

interface OnSurface {
  readonly surfaceId: string;
  readonly family: Family;
  /** As it was spelled, if it was. */
  readonly version: string | undefined;
}
export interface Create extends OnSurface {
  readonly kind: "create";
  readonly catalogId: string | undefined;
  readonly theme: Props;
  readonly sendDataModel: boolean;
  /** 0.8 names its root, and may say it again. */
  readonly root: string;
  readonly components: readonly unknown[] | undefined;
  readonly data: unknown;
}
export interface Components extends OnSurface {
  readonly kind: "components";
  readonly components: readonly unknown[];
}
export interface Data extends OnSurface {
  readonly kind: "data";
  readonly pointer: Pointer;
  readonly value: unknown;
}
export interface Delete extends OnSurface {
  readonly kind: "delete";
}
/** The agent calls a function here. */
export interface CallHere {
  readonly kind: "call";
  readonly version: string | undefined;
  readonly callId: string;
  readonly name: string;
  readonly catalogId: string | undefined;
  readonly args: Props;
}
/** The agent answers a call or an action. */
export interface Answer {
  readonly kind: "answer";
  readonly callId: string;
  readonly value: unknown;
  readonly error: { readonly code: string; readonly message: string } | undefined;
}
export type Operation = Create | Components | Data | Delete | CallHere | Answer;

interface Envelope {
  readonly family: Family;
  readonly version: string | undefined;
  readonly body: Props;
  readonly key: string;
}
type Read = (envelope: Envelope) => Operation;

const READS: Readonly<Record<string, Read>> = {
  beginRendering: readCreate,
  surfaceUpdate: readComponents,
  dataModelUpdate: readData08,
  createSurface: readCreate,
  updateComponents: readComponents,
  updateDataModel: readData,
  deleteSurface: (envelope) => ({ kind: "delete", ...onSurface(envelope) }),
  callRendererFunction: readCall,
  callFunction: readCall,
  agentFunctionResponse: readAnswer,
  functionResponse: readAnswer,
  actionResponse: readAnswer,
};
const KEYS_08 = new Set(["beginRendering", "surfaceUpdate", "dataModelUpdate"]);

/** The messages in a payload: one, an array of them, `{messages}`, or either as JSON or JSONL text. */
export function messagesOf(payload: unknown): unknown[] {
  if (typeof payload === "string") return parse(payload);
  if (Array.isArray(payload)) return payload;
  return isObject(payload) && Array.isArray(payload.messages) ? payload.messages : [payload];
}

function parse(text: string): unknown[] {
  try {
    return messagesOf(JSON.parse(text));
  } catch {
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
    return lines.flatMap((line) => {
      try {
        return messagesOf(JSON.parse(line));
      } catch {
        return [line]; // not a message, which is said of it in its turn
      }
    });
  }
}

/** What a message asks for. Raises `Rejection`. */
export function readMessage(message: unknown): Operation {
  if (!isObject(message)) throw new Rejection("VALIDATION_FAILED", "A message must be an object");
  if (isTooDeep(message)) throw new Rejection("VALIDATION_FAILED", "The message is nested too deep");
  const spelled = typeof message.type === "string" ? fromFlat(message) : message;
  const keys = Object.keys(spelled).filter((key) => Object.hasOwn(READS, key));
  const envelope = envelopeOf(spelled, keys);
  return (READS[envelope.key] as Read)(envelope);
}

function envelopeOf(message: Props, keys: readonly string[]): Envelope {
  const version = typeof message.version === "string" ? message.version : undefined;
  const said = familyOf(version);
  const [key] = keys;
  if (version !== undefined && !said)
    throw new Rejection("VALIDATION_FAILED", `Unknown version '${version}'`, "/version");
  if (key === undefined) throw new Rejection("VALIDATION_FAILED", "Message contains no update that is known");
  if (keys.length > 1) {
    const what = said === "1.0" ? "multiple update types" : "multiple conflicting update actions";
    throw new Rejection("VALIDATION_FAILED", `Message contains ${what}: ${keys.join(", ")}.`);
  }
  const family = said ?? (KEYS_08.has(key) ? "0.8" : "0.9");
  if (KEYS_08.has(key) !== (family === "0.8") && key !== "deleteSurface") {
    throw new Rejection("VALIDATION_FAILED", `'${key}' is no message of version ${version}`, `/${key}`);
  }
  const body = message[key];
  if (!isObject(body)) throw new Rejection("VALIDATION_FAILED", `'${key}' must be an object`, `/${key}`);
  return { family, version, body, key };
}

/** The form before there were envelopes: `{type: "create_surface", …}`. */
function fromFlat({ type, version, ...body }: Props): Props {
  const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const named = Object.entries(body).map(([key, value]) => [camel(key), value]);
  return { ...(version !== undefined && { version }), [camel(type as string)]: Object.fromEntries(named) };
}

function onSurface({ family, version, body, key }: Envelope): OnSurface {
  const { surfaceId } = body;
  if (typeof surfaceId !== "string" || surfaceId === "") {
    throw new Rejection(
      "VALIDATION_FAILED",
      `${key}: 'surfaceId' is a required property`,
      `/${key}/surfaceId`,
    );
  }
  return { surfaceId, family, version };
}

function readCreate(envelope: Envelope): Create {
  const { body, family } = envelope;
  const theme = body.theme ?? body.styles ?? body.surfaceProperties;
  return {
    kind: "create",
    ...onSurface(envelope),
    catalogId: textOf(body.catalogId),
    theme: isObject(theme) ? theme : {},
    sendDataModel: body.sendDataModel === true,
    root: (family === "0.8" && textOf(body.root)) || "root",
    components: Array.isArray(body.components) ? body.components : undefined,
    data: body.dataModel,
  };
}

function readComponents(envelope: Envelope): Components {
  const { components } = envelope.body;
  if (!Array.isArray(components)) {
    const path = `/${envelope.key}/components`;
    throw new Rejection("VALIDATION_FAILED", `${envelope.key}: 'components' must be a list`, path);
  }
  return { kind: "components", ...onSurface(envelope), components };
}

function readData(envelope: Envelope): Data {
  const { path, value } = envelope.body;
  const isDeletion = value === undefined || (value === null && envelope.family === "1.0");
  const pointer = pointerOf(textOf(path) || "/");
  return { kind: "data", ...onSurface(envelope), pointer, value: isDeletion ? undefined : value };
}

function readData08(envelope: Envelope): Data {
  const { path, contents } = envelope.body;
  const value = Array.isArray(contents) ? contentOf(contents) : contents;
  return { kind: "data", ...onSurface(envelope), pointer: pointerOf08(textOf(path) ?? "/"), value };
}

/** Contents of 0.8: entries with typed values, where the key `.` stands for the value itself. */
function contentOf(contents: readonly unknown[]): unknown {
  const entries = contents.filter(isObject).filter((entry) => typeof entry.key === "string");
  const [first] = entries;
  if (entries.length === 1 && first?.key === ".") return entryValue(first);
  return entries.reduce<unknown>(
    (data, entry) => withValue(data, pointerOf08(entry.key as string, []), entryValue(entry) ?? null, false),
    {},
  );
}

function entryValue(entry: Props): unknown {
  const key = Object.keys(entry).find((name) => name.startsWith("value"));
  const value = key && entry[key];
  if (key === "valueMap" && Array.isArray(value)) return contentOf(value);
  return typeof value === "string" ? jsonIn(value) : value;
}

/** Agents put JSON into texts of 0.8, which has no other way to say a list. */
function jsonIn(text: string): unknown {
  const bare = text.trim();
  if (!["{}", "[]"].includes(bare.charAt(0) + bare.slice(-1))) return text;
  try {
    const value: unknown = JSON.parse(text);
    return isTooDeep(value) ? text : value;
  } catch {
    return text;
  }
}

function readCall({ body, version, key }: Envelope): CallHere {
  const call = isObject(body.callFunction) ? body.callFunction : body;
  const name = textOf(call.call) ?? textOf(call["@call"]);
  const callId = textOf(body.functionCallId);
  if (!name || !callId)
    throw new Rejection("INVALID_FUNCTION_CALL", "A call needs a name and an id", `/${key}`);
  const args = isObject(call.args) ? call.args : {};
  return { kind: "call", version, callId, name, catalogId: textOf(call.catalogId), args };
}

function readAnswer({ body, key }: Envelope): Answer {
  const callId = textOf(body.functionCallId) ?? textOf(body.actionId);
  if (!callId) throw new Rejection("VALIDATION_FAILED", `${key}: no call is named`, `/${key}`);
  const { error } = body;
  const failure = isObject(error)
    ? { code: textOf(error.code) ?? "UNKNOWN_ERROR", message: textOf(error.message) ?? "" }
    : undefined;
  return { kind: "answer", callId, value: body.value, error: failure };
}

/** Properties that the final 1.0 marks with `@`, by their plain names. */
const MARKED = new Set(["@catalogId", "@accessibility", "@metadata", "@checks"]);

/** A draft of 1.0 has collections, with what they repeat written in them: here that is a list, and its template beside it. */
export function unfolded(component: unknown): unknown[] {
  if (!isObject(component) || component.component !== "Collection" || !isObject(component.template))
    return [component];
  const { items, template, ...list } = component;
  const { id = `${list.id}_template`, components, ...repeated } = template as Props;
  const path = isObject(items) ? (items.path ?? items["@path"]) : items;
  const own = Array.isArray(components) ? components : [];
  const below = [{ id, ...repeated }, ...own].flatMap(unfolded);
  return [{ ...list, component: "List", children: { componentId: id, path } }, ...below];
}

/** A component of any version. Raises `Rejection`. */
export function readComponent(component: unknown, path: string): Definition {
  if (!isObject(component)) throw new Rejection("VALIDATION_FAILED", "A component must be an object", path);
  const { id, component: type, weight } = component;
  if (typeof id !== "string" || id === "") {
    const what = isObject(type) ? Object.keys(type)[0] : type;
    throw new Rejection("VALIDATION_FAILED", `Component '${what}' is missing an 'id'.`, `${path}/id`);
  }
  if (isObject(type)) return nested(id, type, weight);
  const own = Object.entries(component)
    .filter(([key]) => key !== "id" && key !== "component")
    .map(([key, value]) => [MARKED.has(key) ? key.slice(1) : key, value] as const);
  const { catalogId, ...props } = Object.fromEntries(own);
  return { id, type: textOf(type), catalogId: textOf(catalogId), props };
}

/** The form of 0.8: `{Type: {…}}`, with its own words for lists of children and contexts. */
function nested(id: string, component: Props, weight: unknown): Definition {
  const [type] = Object.keys(component);
  const given = type === undefined ? undefined : component[type];
  const props = mapValues(isObject(given) ? given : {}, (value, key) => modern(value, key));
  return { id, type, catalogId: undefined, props: weight === undefined ? props : { ...props, weight } };
}

function modern(value: unknown, key: string): unknown {
  if (!isObject(value)) return value;
  if (Array.isArray(value.explicitList)) return value.explicitList;
  if (isObject(value.template)) {
    return { componentId: value.template.componentId, path: value.template.dataBinding };
  }
  if (key !== "action" || typeof value.name !== "string") return value;
  const context = Array.isArray(value.context) ? value.context.filter(isObject) : [];
  return {
    event: {
      name: value.name,
      context: Object.fromEntries(context.map((entry) => [entry.key, entry.value])),
    },
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
