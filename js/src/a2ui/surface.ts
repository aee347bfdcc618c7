/** One interface of an agent: its components, its data, and the tree of what is on screen. */

import { BASIC, type Catalog, type Family, isBasicId } from "./catalog";
import { DataModel } from "./data";
import { type Edit, Edits } from "./edits";
import type { FunctionSpec } from "./functions";
import { equal, isObject, type Pointer, type Props, pathOf, pointerOf } from "./json";
import { Listeners } from "./listeners";
import { LiveNode, type Outlook, type Position } from "./live-node";
import { type Create, type Definition, type Problem, Rejection, readComponent, unfolded } from "./message";
import type { UiSurface } from "./node";
import { judgePlace } from "./placement";
import { Reader } from "./reader";
import { isMarked, MARKED, PLAIN, type Spelling } from "./spelling";

/** What the engine asks of who holds it. */
export interface Hooks {
  readonly locale: string | undefined;
  /** Whether the agent is to hear of problems too, as `error` messages. */
  readonly reportErrors: boolean;
  /** To the agent, in its version and spelling; `metadata` belongs to the transport. */
  onMessage(message: Props, metadata: Props | undefined): void;
  onProblem(problem: Problem): void;
  /** The user entered something. */
  onEdit(): void;
  openUrl(url: string): void;
  now(): Date;
  /** Run later; gives the way to stop it. */
  timer(run: () => void, ms: number): () => void;
  hasUserActivation(): boolean;
}

/** What a surface needs of the engine that it belongs to. */
export interface Home {
  readonly hooks: Hooks;
  readonly catalogs: ReadonlyMap<string, Catalog>;
  report(problem: Problem): void;
  settle(): void;
  act(surface: Surface, node: LiveNode, event: Props, reader: Reader): void;
  askAgent(
    surface: Surface,
    reader: Reader,
    name: string,
    args: Props,
    catalogId: string | undefined,
  ): unknown;
}

const MAX_NODES = 20_000;
const MAX_TREE_DEPTH = 50;
const MAX_PROBLEMS = 100;

export class Surface implements UiSurface {
  version: string;
  family: Family;
  catalogId: string | undefined;
  theme: Props = {};
  sendDataModel = false;
  root: LiveNode | undefined;
  readonly data = new DataModel(() => this.family !== "0.8");
  readonly #edits = new Edits(this.data);
  readonly definitions = new Map<string, Definition>();
  readonly problems: Problem[] = [];
  readonly dirty = new Set<LiveNode>();
  #isBegun = false;
  #rootId = "root";
  /** Undefined until a component tells: 1.0 marks its bindings with `@`, its drafts do not. */
  #isMarked: boolean | undefined;
  #isStale = false;
  #nodeCount = 0;
  #keys = 0;
  readonly #nodes = new Map<string, Set<LiveNode>>();
  readonly #listeners = new Listeners();

  constructor(
    readonly id: string,
    readonly home: Home,
    family: Family,
    version: string | undefined,
  ) {
    this.family = family;
    this.version = version ?? `v${family}`;
  }

  get hooks(): Hooks {
    return this.home.hooks;
  }

  get isBegun(): boolean {
    return this.#isBegun;
  }

  get spelling(): Spelling {
    return this.family === "1.0" && (this.#isMarked ?? /^\d/.test(this.version)) ? MARKED : PLAIN;
  }

  watch(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  nextKey(): string {
    return String(++this.#keys);
  }

  settle(): void {
    this.home.settle();
  }

  report(code: string, message: string, path: string): void {
    const problem = { code, message, path, surfaceId: this.id };
    const isKnown = this.problems.some((known) => equal(known, problem));
    if (isKnown || this.problems.length >= MAX_PROBLEMS) return;
    this.problems.push(problem);
    this.home.report(problem);
  }

  // What messages do

  begin({ family, version, catalogId, theme, sendDataModel, root }: Create): void {
    this.family = family;
    this.version = version ?? `v${family}`;
    this.catalogId = catalogId;
    this.sendDataModel = sendDataModel;
    this.#rootId = root;
    this.#isBegun = true;
    this.refresh();
    if (!equal(theme, this.theme)) this.theme = theme;
    if (catalogId !== undefined && !this.home.catalogs.has(catalogId) && !isBasicId(catalogId)) {
      this.report("CATALOG_NOT_FOUND", `Catalog not found: ${catalogId}`, "/createSurface/catalogId");
    }
  }

  /** A component that cannot be read is reported, and the others taken. */
  define(components: readonly unknown[]): void {
    if (this.family === "1.0") this.#isMarked ??= isMarked(components);
    for (const [i, component] of components.entries()) {
      try {
        for (const one of unfolded(component)) this.#define(readComponent(one, `/components/${i}`));
      } catch (error) {
        if (!(error instanceof Rejection)) throw error;
        this.report(error.code, error.message, error.path);
      }
    }
  }

  /** Of the agent, so it ends what the user entered there. Raises where nothing can be put. */
  setData(pointer: Pointer, value: unknown): void {
    this.data.set(pointer, value);
    this.#edits.end(pathOf(pointer));
  }

  /** Forget what the agent said, before it is said anew: nodes stay, and find themselves in what comes. */
  clear(): void {
    this.#edits.withdraw(); // what belongs to nodes stays in them
    this.data.set([], {});
    this.definitions.clear();
    this.#isMarked = undefined;
    this.#isBegun = false;
    this.refresh();
  }

  dispose(): void {
    this.#isBegun = false;
    this.root?.dispose();
    this.root = undefined;
    this.dirty.clear();
    this.#tell();
    this.#listeners.clear();
  }

  // Components

  #define(given: Definition): void {
    const known = this.definitions.get(given.id);
    const type = given.type ?? known?.type;
    const path = `/components/${given.id}`;
    if (!type)
      throw new Rejection("VALIDATION_FAILED", `Cannot create component ${given.id} without a type.`, path);
    if (type === "Surface")
      throw new Rejection("VALIDATION_FAILED", "'Surface' is reserved for the renderer", path);
    const definition = { ...given, type };
    if (known && equal(known, definition)) return;
    this.definitions.set(given.id, definition);
    this.#redefined(given.id);
  }

  #redefined(id: string): void {
    if (id === this.#rootId) this.#isStale = true;
    for (const node of this.#nodes.get(id) ?? []) {
      if (node.fits(this.outlook(id, node.position))) node.touched();
      else if (node.position.parent) node.position.parent.touched();
      else this.#isStale = true;
    }
  }

  /** Look at every component again: catalogs are others now, or nothing is as it was. */
  refresh(): void {
    this.#isStale = true;
    for (const id of this.#nodes.keys()) this.#redefined(id);
  }

  /** What stands for a component at a position. */
  outlook(id: string, position: Position): Outlook {
    const definition = this.definitions.get(id);
    const nothing = { type: "Placeholder", catalogId: undefined, spec: undefined, definition };
    if (isCyclic(id, position)) return { ...nothing, state: "cyclic" };
    if (!definition?.type) return { ...nothing, state: "pending" };
    const { type } = definition;
    const catalogId = definition.catalogId ?? this.catalogId;
    const spec = this.catalogOf(definition.catalogId)?.components.get(type);
    return { type, catalogId, spec, definition, state: spec ? "resolved" : "unknown-type" };
  }

  make(id: string, position: Position, outlook: Outlook): LiveNode | undefined {
    if (this.#nodeCount >= MAX_NODES) {
      this.report("LIMIT_EXCEEDED", `Only ${MAX_NODES} components are shown.`, "/");
      return undefined;
    }
    if (outlook.state !== "pending") judgePlace(this, id, position, outlook);
    return new LiveNode(this, id, position, outlook);
  }

  enter(node: LiveNode): void {
    this.#nodeCount++;
    const same = this.#nodes.get(node.componentId) ?? new Set();
    this.#nodes.set(node.componentId, same.add(node));
  }

  exit(node: LiveNode): void {
    this.#nodeCount--;
    this.dirty.delete(node);
    const same = this.#nodes.get(node.componentId);
    same?.delete(node);
    if (!same?.size) this.#nodes.delete(node.componentId);
  }

  // Catalogs

  /** That of a component or call; else of the surface. Before 1.0, what is not known is taken for the basic one. */
  catalogOf(ownId?: string): Catalog | undefined {
    const id = ownId ?? this.catalogId;
    const isOld = this.family !== "1.0";
    if (id === undefined) return isOld ? BASIC : undefined;
    const known = this.home.catalogs.get(id) ?? (isBasicId(id) ? BASIC : undefined);
    if (known?.family && known.family !== this.family) {
      const versions = `(v${known.family}) with surface version ${this.version}`;
      const message = `Protocol version mismatch: cannot mix catalog '${id}' ${versions}.`;
      this.report("CATALOG_MISMATCH", message, "/catalogId");
      return undefined;
    }
    if (known || (isOld && ownId === undefined)) return known ?? BASIC;
    this.report(
      "CATALOG_NOT_FOUND",
      `Catalog '${id}' is not supported by surface '${this.id}'.`,
      "/catalogId",
    );
    return undefined;
  }

  functionOf(name: string, catalogId: string | undefined): FunctionSpec | undefined {
    const id = catalogId ?? this.catalogId;
    // A call may name a catalog that only the agent has.
    const isHere = id === undefined || this.home.catalogs.has(id) || isBasicId(id) || this.family !== "1.0";
    return isHere ? this.catalogOf(catalogId)?.functions.get(name) : undefined;
  }

  askAgent(reader: Reader, name: string, args: Props, catalogId: string | undefined): unknown {
    return this.home.askAgent(this, reader, name, args, catalogId);
  }

  // What the user does

  edit(pointer: Pointer, value: unknown, isSecret: boolean): void {
    try {
      this.#edits.make(pointer, value, isSecret);
    } catch (error) {
      this.report("DATA_ERROR", (error as Error).message, pathOf(pointer));
    }
  }

  act(node: LiveNode, raw: Props): void {
    const reader = new Reader(this, node.position, node.address, undefined, true);
    if (isObject(raw.event)) this.home.act(this, node, raw.event, reader);
    else void this.#await(reader.value(raw.functionCall), node.address);
    this.settle();
  }

  /** A function may take its time; nothing waits for it but its failure. */
  async #await(result: unknown, path: string): Promise<void> {
    try {
      await result;
    } catch (error) {
      this.report("EXECUTION_ERROR", (error as Error).message, path);
      this.settle();
    }
  }

  /** What the user entered and the agent has not changed since, to be kept: never what is meant to be seen by nobody. */
  edits(): Edit[] {
    const open = [...this.#everyNode()].filter(({ isSecret }) => !isSecret);
    const local = open.flatMap((node) =>
      [...node.local].map(([prop, { value, base }]) => ({ path: addressOf(node), prop, value, base })),
    );
    return [...this.#edits.made(), ...local];
  }

  /** Enter again what was entered, where the agent's own value still is what it was then. */
  restore(edits: readonly Edit[]): void {
    this.#edits.expect(edits);
    this.#isStale = true;
  }

  /** Into nodes what belongs to no data; those have to be there. */
  #restoreLocal(edits: readonly Edit[]): void {
    for (const node of this.#everyNode()) {
      const own = edits.filter(({ prop, path }) => prop !== undefined && path === addressOf(node));
      for (const { prop, value, base } of own) node.local.set(prop as string, { value, base });
      if (own.length) node.touched();
    }
  }

  #everyNode(): Iterable<LiveNode> {
    return [...this.#nodes.values()].flatMap((same) => [...same]);
  }

  // The tree

  /** Bring what was touched up to date, then tell who watches it: once each, and not if it came out the same. */
  flush(): void {
    const before = this.root;
    const edits = this.#isBegun ? this.#edits.expected() : [];
    for (const { path, value, base, prop } of edits) {
      const isOfData = prop === undefined && this.#edits.isAt(path, base);
      if (isOfData) this.edit(pointerOf(path), value, false);
    }
    const changed = this.#grow();
    if (edits.length) {
      this.#restoreLocal(edits);
      for (const node of this.#grow()) changed.add(node);
    }
    if (this.root !== before || this.theme !== this.#toldTheme) this.#tell();
    for (const node of changed) if (!node.isGone) node.emit();
  }

  #toldTheme: Props = this.theme;

  #tell(): void {
    this.#toldTheme = this.theme;
    this.#listeners.tell();
  }

  #grow(): Set<LiveNode> {
    const changed = new Set<LiveNode>();
    if (this.#isStale) this.#growRoot();
    while (this.dirty.size) {
      // Parents first: they may move their children, or let them go.
      const batch = [...this.dirty].sort((a, b) => a.depth - b.depth);
      this.dirty.clear();
      for (const node of batch) if (!node.isGone && node.resolve()) changed.add(node);
    }
    return changed;
  }

  #growRoot(): void {
    this.#isStale = false;
    const position = { parent: undefined, pointer: [], row: undefined, suffix: "" };
    const outlook = this.outlook(this.#rootId, position);
    const isFit = this.root?.componentId === this.#rootId && this.root.fits(outlook);
    if (isFit && this.#isBegun) return;
    this.root?.dispose();
    this.root =
      this.#isBegun && outlook.state !== "pending" ? this.make(this.#rootId, position, outlook) : undefined;
  }
}

function isCyclic(id: string, { parent, pointer }: Position): boolean {
  if ((parent?.depth ?? 0) >= MAX_TREE_DEPTH) return true;
  for (let node = parent; node; node = node.position.parent) {
    if (node.componentId === id && equal(node.position.pointer, pointer)) return true;
  }
  return false;
}

function addressOf(node: LiveNode): string {
  return `${node.componentId}@${node.path}`;
}
