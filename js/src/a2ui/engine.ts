/** A2UI of every version: messages of an agent in, surfaces to draw and answers to the agent out. */

import { type Catalog, type CatalogDefinition, catalogOf } from "./catalog";
import { equal, isObject, isTooDeep, mapValues, type Pointer, type Props } from "./json";
import { Listeners } from "./listeners";
import type { LiveNode } from "./live-node";
import {
  type Answer,
  type Create,
  messagesOf,
  type Operation,
  type Problem,
  Rejection,
  readMessage,
} from "./message";
import { pointerIn, type Reader } from "./reader";
import { AgentCalls, callHere } from "./rpc";
import { type Edit, type Home, type Hooks, Surface } from "./surface";

export type { CatalogDefinition } from "./catalog";
export type { Problem } from "./message";
export type { Edit, Hooks } from "./surface";

export type Edits = Readonly<Record<string, readonly Edit[]>>;

const MAX_PROBLEMS = 100;
const DEFAULTS: Hooks = {
  locale: undefined,
  reportErrors: false,
  onMessage: () => {},
  onProblem: () => {},
  onEdit: () => {},
  openUrl: () => {},
  now: () => new Date(),
  timer: (run, ms) => {
    const id = setTimeout(run, ms);
    return () => clearTimeout(id);
  },
  hasUserActivation: () => false,
};

/** Where the answer to an action is to go. */
interface Awaited {
  readonly surface: Surface;
  readonly pointer: Pointer;
}

export class Engine implements Home {
  readonly surfaces = new Map<string, Surface>();
  readonly catalogs = new Map<string, Catalog>();
  readonly hooks: Hooks;
  /** What was wrong with messages that belong to no surface. */
  readonly problems: Problem[] = [];
  readonly #calls: AgentCalls;
  readonly #snapshots = new Map<string, readonly unknown[]>();
  readonly #awaited = new Map<string, Awaited>();
  readonly #restoring = new Map<string, readonly Edit[]>();
  readonly #listeners = new Listeners();
  #outbox: [Props, Props | undefined][] = [];
  #told: readonly Surface[] = [];
  #isApplying = false;
  #actions = 0;

  constructor(hooks: Partial<Hooks> = {}) {
    this.hooks = {
      ...DEFAULTS,
      ...hooks,
      openUrl: (url) => (hooks.openUrl ?? DEFAULTS.openUrl)(webUrl(url)),
    };
    this.#calls = new AgentCalls(this.hooks, (message) => this.#outbox.push([message, undefined]));
  }

  /** Call `listener` after a surface came or went. Gives the way to leave. */
  watch(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  registerCatalog(definition: CatalogDefinition): void {
    this.catalogs.set(definition.catalogId, catalogOf(definition));
    for (const surface of this.surfaces.values()) surface.refresh();
    this.settle();
  }

  /**
   * Apply a message, a list, `{messages}`, or any of them as JSON or JSONL text.
   *
   * A list is no transaction: what cannot be applied is reported, and the next is. Nodes change when all are applied.
   */
  process(payload: unknown): void {
    this.#applyAll(messagesOf(payload), false);
    this.settle();
  }

  /**
   * Apply all operations that `key` stands for so far. If they only became more, the new ones are applied; if they
   * are others, their surfaces are built anew and keep what the user entered where the agent's value is the same.
   */
  applySnapshot(key: string, operations: unknown): void {
    const before = this.#snapshots.get(key) ?? [];
    const given = messagesOf(operations);
    const isLonger =
      before.length <= given.length && before.every((operation, i) => equal(operation, given[i]));
    const kept = isLonger ? before : [];
    // Whoever keeps the list may change it in place.
    const added = given.slice(kept.length).map((one) => (isTooDeep(one) ? null : structuredClone(one)));
    this.#snapshots.set(key, [...kept, ...added]);
    if (isLonger) this.#applyAll(added, true);
    else this.#rebuild(new Set(before.flatMap((one) => surfaceIdOf(one) ?? [])), key);
    this.settle();
  }

  /** What the user entered in each surface, to be kept over a reload. */
  edits(): Edits {
    const entries = [...this.surfaces].map(([id, surface]) => [id, surface.edits()] as const);
    return Object.fromEntries([...this.#restoring, ...entries.filter(([, edits]) => edits.length)]);
  }

  /** Enter again what `edits` gave. Surfaces that are not there yet get theirs when they come. */
  restore(edits: Edits): void {
    for (const [id, own] of Object.entries(edits)) {
      const surface = this.surfaces.get(id);
      if (surface) surface.restore(own);
      else this.#restoring.set(id, own);
    }
    this.settle();
  }

  /** The data of the surfaces whose agent asked for them, as `version` spells it. Undefined if there are none. */
  dataModels(version: string, surfaceId?: string): Props | undefined {
    const asked = [...this.surfaces.values()].filter((surface) => {
      return surface.sendDataModel && (surfaceId === undefined || surface.id === surfaceId);
    });
    const surfaces = asked.map(({ id, data }) => [id, data.value] as const);
    return asked.length ? { version, surfaces: Object.fromEntries(surfaces) } : undefined;
  }

  /** Bring every surface up to date, then send what came of it. Nothing while a list is being applied. */
  settle(): void {
    if (this.#isApplying) return;
    for (const surface of this.surfaces.values()) surface.flush();
    const surfaces = [...this.surfaces.values()];
    const isOther = surfaces.length !== this.#told.length || surfaces.some((one, i) => one !== this.#told[i]);
    this.#told = surfaces;
    if (isOther) this.#listeners.tell();
    const outbox = this.#outbox;
    this.#outbox = [];
    for (const [message, metadata] of outbox) this.hooks.onMessage(message, metadata);
  }

  report(problem: Problem): void {
    const { surfaceId, code, message, path } = problem;
    const surface = surfaceId === undefined ? undefined : this.surfaces.get(surfaceId);
    if (!surface && this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
    this.hooks.onProblem(problem);
    if (!this.hooks.reportErrors || surfaceId === undefined) return;
    const head = surface?.family === "0.8" ? {} : { version: surface?.version ?? "v0.9" };
    this.#outbox.push([{ ...head, error: { code, surfaceId, path, message } }, undefined]);
  }

  // What surfaces ask for

  act(surface: Surface, node: LiveNode, event: Props, reader: Reader): void {
    const { name, context, userMessage, metadata, responsePath, wantResponse } = event;
    const action = {
      name,
      surfaceId: surface.id,
      sourceComponentId: node.id,
      timestamp: this.hooks.now().toISOString(),
      context: isObject(context) ? mapValues(context, (value) => reader.value(value)) : {},
      ...(userMessage !== undefined && { userMessage: reader.value(userMessage) }),
      ...(metadata !== undefined && { metadata }),
      ...((responsePath !== undefined || wantResponse === true) &&
        this.#await(surface, reader, responsePath)),
    };
    const message = surface.family === "0.8" ? { userAction: action } : { version: surface.version, action };
    const models = this.dataModels(surface.version, surface.id);
    const key = surface.family === "1.0" ? "a2uiRendererDataModel" : "a2uiClientDataModel";
    this.#outbox.push([message, models && { [key]: models }]);
  }

  askAgent(
    surface: Surface,
    reader: Reader,
    name: string,
    args: Props,
    catalogId: string | undefined,
  ): unknown {
    const isDeclared = surface.functionOf(name, catalogId) !== undefined;
    if (isDeclared || surface.family === "1.0")
      return this.#calls.ask(surface, reader, name, args, catalogId);
    surface.report(
      "EXPRESSION_ERROR",
      `Function not found in catalog '${surface.catalogId}': ${name}`,
      reader.of,
    );
    return undefined;
  }

  /** A draft of 1.0 answers actions, into the data. */
  #await(surface: Surface, reader: Reader, path: unknown): Props {
    const actionId = `action-${++this.#actions}`;
    if (typeof path === "string") {
      this.#awaited.set(actionId, { surface, pointer: pointerIn(surface, path, reader.scope.pointer) });
    }
    return { actionId, wantResponse: true };
  }

  // What messages ask for

  #applyAll(messages: readonly unknown[], isSnapshot: boolean): void {
    const wasApplying = this.#isApplying; // who hears of a problem may say something in turn
    this.#isApplying = true;
    try {
      for (const message of messages) this.#attempt(message, isSnapshot);
    } finally {
      this.#isApplying = wasApplying;
    }
  }

  #attempt(message: unknown, isSnapshot: boolean): void {
    try {
      this.#apply(readMessage(message), isSnapshot);
    } catch (error) {
      const { code, path } = error instanceof Rejection ? error : { code: "DATA_ERROR", path: "/" };
      const surfaceId = surfaceIdOf(message);
      const surface = surfaceId === undefined ? undefined : this.surfaces.get(surfaceId);
      const text = (error as Error).message;
      if (surface) surface.report(code, text, path);
      else this.report({ code, message: text, path, ...(surfaceId !== undefined && { surfaceId }) });
    }
  }

  #apply(operation: Operation, isSnapshot: boolean): void {
    if (operation.kind === "answer") this.#answer(operation);
    else if (operation.kind === "create") this.#create(operation, isSnapshot);
    else if (operation.kind === "call") {
      void callHere(operation, this.catalogs, this.hooks).then((answer) =>
        this.hooks.onMessage(answer, undefined),
      );
    } else {
      const surface = this.#surfaceFor(operation);
      if (operation.kind === "components") surface.define(operation.components);
      else if (operation.kind === "data") surface.setData(operation.pointer, operation.value);
      else this.#delete(surface);
    }
  }

  #create(operation: Create, isSnapshot: boolean): void {
    const known = this.surfaces.get(operation.surfaceId);
    const isLive = known?.isBegun && operation.family !== "0.8";
    if (isLive && !isSnapshot) throw new Rejection("SURFACE_EXISTS", `Surface ${known.id} already exists.`);
    if (isLive && known.catalogId === operation.catalogId) return;
    if (isLive) this.#delete(known);
    const surface = (isLive ? undefined : known) ?? this.#open(operation);
    surface.begin(operation);
    if (isObject(operation.data)) surface.setData([], operation.data);
    if (operation.components) surface.define(operation.components);
  }

  /** In 0.8 a surface is there as soon as something is said of it. */
  #surfaceFor(operation: Operation & { surfaceId: string; family: string }): Surface {
    const known = this.surfaces.get(operation.surfaceId);
    if (known && (known.isBegun || known.family === "0.8" || operation.kind === "delete")) return known;
    if (operation.family === "0.8" && operation.kind !== "delete")
      return known ?? this.#open(operation as Create);
    throw new Rejection("SURFACE_NOT_FOUND", `Surface not found for message: ${operation.surfaceId}`);
  }

  #open({ surfaceId, family, version }: Pick<Create, "surfaceId" | "family" | "version">): Surface {
    const surface = new Surface(surfaceId, this, family, version);
    this.surfaces.set(surfaceId, surface);
    surface.restore(this.#restoring.get(surfaceId) ?? []);
    this.#restoring.delete(surfaceId);
    return surface;
  }

  #delete(surface: Surface): void {
    this.surfaces.delete(surface.id);
    this.#calls.forget(surface);
    surface.dispose();
  }

  #answer(answer: Answer): void {
    const awaited = this.#awaited.get(answer.callId);
    this.#awaited.delete(answer.callId);
    if (awaited && !answer.error) awaited.surface.setData(awaited.pointer, answer.value);
    else if (!awaited && !this.#calls.answer(answer)) {
      throw new Rejection("INVALID_FUNCTION_CALL", `No call '${answer.callId}' waits for an answer.`);
    }
  }

  /** Say again what all snapshots say of these surfaces, as one of them is another now. */
  #rebuild(ids: Set<string>, changedKey: string): void {
    for (const operation of this.#snapshots.get(changedKey) ?? []) {
      const id = surfaceIdOf(operation);
      if (id !== undefined) ids.add(id);
    }
    for (const id of ids) this.surfaces.get(id)?.clear();
    for (const [key, operations] of this.#snapshots) {
      const own = operations.filter((one) => {
        const id = surfaceIdOf(one);
        return id === undefined ? key === changedKey : ids.has(id);
      });
      this.#applyAll(own, true);
    }
    for (const id of ids) {
      const surface = this.surfaces.get(id);
      if (surface && !surface.isBegun && !surface.definitions.size) this.#delete(surface);
    }
  }
}

/** Only pages are opened. Raises for a script, a file, or what is no address. */
function webUrl(url: string): string {
  const base = typeof location === "undefined" ? undefined : location.href;
  const { protocol, href } = new URL(url, base);
  if (protocol !== "https:" && protocol !== "http:") throw new Error(`Unsupported URL scheme: ${protocol}`);
  return href;
}

function surfaceIdOf(message: unknown): string | undefined {
  if (!isObject(message)) return undefined;
  const bodies = [message, ...Object.values(message)].filter(isObject);
  const id = bodies
    .map((body) => body.surfaceId ?? body.surface_id)
    .find((value) => typeof value === "string");
  return id as string | undefined;
}
