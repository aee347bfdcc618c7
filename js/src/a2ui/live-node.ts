/** A component on screen: its properties resolved, and resolved again when what they were read from changes. */

import { isActionShape, LiveAction } from "./action";
import type { ComponentSpec, Slot } from "./catalog";
import { failuresOf, NO_FAILURES } from "./checks";
import { leave, type Place, rowField, type Watcher } from "./data";
import { MAX_TEXT } from "./functions";
import {
  at,
  equal,
  isObject,
  mapValues,
  type Pointer,
  type Props,
  pathOf,
  pointerOf,
  pointerOf08,
} from "./json";
import { Listeners } from "./listeners";
import type { Definition } from "./message";
import { valueIn } from "./names";
import type { Failure, NodeState, UiNode } from "./node";
import { type Answered, pointerIn, Reader, type Scope, type Tracker } from "./reader";
import type { Surface } from "./surface";

const MAX_ROWS = 2000;

/** Where in the tree a node is, and what its relative paths start from. */
export interface Position extends Scope {
  readonly parent: LiveNode | undefined;
  /** What 0.8 puts behind the ids of the rows of a template. */
  readonly suffix: string;
}

/** What stands at a position as things are. */
export interface Outlook {
  readonly state: NodeState;
  readonly type: string;
  readonly catalogId: string | undefined;
  readonly spec: ComponentSpec | undefined;
  readonly definition: Definition | undefined;
}

interface Local {
  readonly value: unknown;
  /** What the agent had said: the user's value goes when that is another. */
  readonly base: unknown;
}

interface Rows {
  readonly keys: readonly string[];
  readonly pointer: Pointer;
  readonly nodes: readonly LiveNode[];
}

const NOTHING: Props = Object.freeze({});

export class LiveNode implements UiNode, Watcher, Tracker {
  readonly key: string;
  readonly depth: number;
  readonly type: string;
  readonly catalogId: string | undefined;
  readonly state: NodeState;
  props: Props = NOTHING;
  failures = NO_FAILURES;
  unshown = 0;
  isGone = false;
  readonly local = new Map<string, Local>();
  #spec: ComponentSpec | undefined;
  #children = new Map<string, LiveNode>();
  readonly #rows = new Map<string, Rows>();
  readonly #uses = new Map<string, number>();
  #shownRows = MAX_ROWS;
  #places = new Set<Place>();
  #answers = new Set<Answered>();
  readonly #actions = new Map<string, LiveAction>();
  readonly #listeners = new Listeners();

  constructor(
    readonly surface: Surface,
    readonly componentId: string,
    public position: Position,
    outlook: Outlook,
  ) {
    this.key = surface.nextKey();
    this.depth = (position.parent?.depth ?? 0) + 1;
    this.type = outlook.type;
    this.catalogId = outlook.catalogId;
    this.state = outlook.state;
    this.#spec = outlook.spec;
    surface.enter(this);
    this.resolve();
  }

  get id(): string {
    return this.componentId + this.position.suffix;
  }

  get path(): string {
    return pathOf(this.position.pointer);
  }

  /** Where problems of it are said to be. */
  get address(): string {
    return `/components/${this.componentId}`;
  }

  get definition(): Definition | undefined {
    return this.surface.definitions.get(this.componentId);
  }

  isBound(prop: string): boolean {
    return this.#boundTo(prop) !== undefined;
  }

  write(prop: string, value: unknown): void {
    const path = this.#boundTo(prop);
    if (path !== undefined)
      this.surface.edit(pointerIn(this.surface, path, this.position.pointer), value, this.isSecret);
    else {
      this.local.set(prop, { value, base: this.definition?.props[prop] });
      this.touched();
    }
    this.surface.hooks.onEdit();
    this.surface.settle();
  }

  /** A password is entered here. */
  get isSecret(): boolean {
    return valueIn(this.type, this.props, "variant") === "obscured";
  }

  watch(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  showMore(): void {
    this.#shownRows += MAX_ROWS;
    this.touched();
    this.surface.settle();
  }

  emit(): void {
    this.#listeners.tell();
  }

  touched(): void {
    this.surface.dirty.add(this);
  }

  reads(pointer: Pointer): void {
    this.#places.add(this.surface.data.watch(pointer, this));
  }

  waitsFor(answer: Answered): void {
    answer.watchers.add(this);
    this.#answers.add(answer);
  }

  /** It is at another place now: its row was moved. */
  move(position: Position): void {
    const before = this.position;
    this.position = position;
    const isSame = position.row === before.row && position.suffix === before.suffix;
    if (!isSame || !equal(position.pointer, before.pointer)) this.touched();
  }

  get children(): Iterable<LiveNode> {
    return this.#children.values();
  }

  /** Resolve anew. Gives whether anything of it is another now. */
  resolve(): boolean {
    this.surface.dirty.delete(this);
    const { definition } = this;
    if (this.state !== "resolved" || !definition) return false;
    const [places, answers, children, unshown] = [this.#places, this.#answers, this.#children, this.unshown];
    this.#places = new Set();
    // Most nodes are leaves that read one place: what is empty is not made anew.
    if (answers.size) this.#answers = new Set();
    if (children.size) this.#children = new Map();
    this.#uses.clear();
    const props = this.#resolveProps(definition, children);
    const failures = failuresOf(this, definition, props);
    for (const place of places) if (!this.#places.has(place)) leave(place, this);
    for (const answer of answers) if (!this.#answers.has(answer)) answer.watchers.delete(this);
    if (children !== this.#children) disposeOthers(children, this.#children);
    return this.#take(props, failures) || this.unshown !== unshown;
  }

  dispose(): void {
    this.isGone = true;
    for (const place of this.#places) leave(place, this);
    for (const answer of this.#answers) answer.watchers.delete(this);
    for (const child of this.#children.values()) child.dispose();
    this.#children.clear();
    this.#listeners.clear();
    this.surface.exit(this);
  }

  #take(props: Props, failures: readonly Failure[]): boolean {
    const isSame = equal(props, this.props);
    // What is equal stays the same object, so that who draws can compare by identity.
    if (!isSame)
      this.props = mapValues(props, (item, name) =>
        equal(item, this.props[name]) ? this.props[name] : item,
      );
    const areSame = equal(failures, this.failures);
    if (!areSame) this.failures = failures;
    return !isSame || !areSame;
  }

  #resolveProps(definition: Definition, before: ReadonlyMap<string, LiveNode>): Props {
    const reader = new Reader(this.surface, this.position, this.address, this);
    this.unshown = 0;
    const { checks: _, ...given } = definition.props;
    const props = mapValues(given, (raw, name) => {
      const slot = this.#spec && Object.hasOwn(this.#spec.slots, name) ? this.#spec.slots[name] : undefined;
      if (slot) return this.#fill(name, slot, raw, reader, before);
      if (isActionShape(raw)) return this.#action(name, raw);
      const value = reader.value(raw);
      return typeof value === "string" ? value.slice(0, MAX_TEXT) : value;
    });
    for (const [name, { base }] of this.local) if (!equal(base, given[name])) this.local.delete(name);
    const entered = [...this.local].map(([name, { value }]) => [name, value]);
    return entered.length ? { ...props, ...Object.fromEntries(entered) } : props;
  }

  #action(name: string, raw: Props): LiveAction {
    const known = this.#actions.get(name);
    if (known && equal(known.raw, raw)) return known;
    const action = new LiveAction(this, raw);
    this.#actions.set(name, action);
    return action;
  }

  #boundTo(prop: string): string | undefined {
    const raw = this.definition?.props[prop];
    const path = isObject(raw) ? raw[this.surface.spelling.path] : undefined;
    return typeof path === "string" ? path : undefined;
  }

  // Children

  #fill(
    name: string,
    slot: Slot,
    raw: unknown,
    reader: Reader,
    before: ReadonlyMap<string, LiveNode>,
  ): unknown {
    if (typeof slot !== "string") return this.#fillNested(name, slot, raw, reader, before);
    if (slot === "one")
      return typeof raw === "string" && raw ? this.#child(name, raw, before) : reader.value(raw);
    if (isObject(raw) && typeof raw.componentId === "string") return this.#template(name, raw);
    const items = typeof raw === "string" ? [raw] : raw;
    if (!Array.isArray(items)) return undefined;
    return present(items.map((item) => this.#listed(name, item, before)));
  }

  #listed(name: string, item: unknown, before: ReadonlyMap<string, LiveNode>): LiveNode | undefined {
    const id = isObject(item) ? item.componentId : item;
    return typeof id === "string" && id ? this.#child(name, id, before) : undefined;
  }

  #fillNested(
    name: string,
    fields: readonly string[],
    raw: unknown,
    reader: Reader,
    before: ReadonlyMap<string, LiveNode>,
  ): unknown {
    if (!Array.isArray(raw)) return reader.value(raw);
    return raw.filter(isObject).map((item) =>
      mapValues(item, (value, field) => {
        const isChild = fields.includes(field) && typeof value === "string" && value;
        return isChild ? this.#child(`${name}.${field}`, value, before) : reader.value(value);
      }),
    );
  }

  #child(slot: string, id: string, before: ReadonlyMap<string, LiveNode>): LiveNode | undefined {
    const times = (this.#uses.get(`${slot}|${id}`) ?? 0) + 1; // the same component may be there again
    this.#uses.set(`${slot}|${id}`, times);
    const key = `${slot}|${id}|${times}`;
    const { pointer, row, suffix } = this.position;
    return this.#adopt(key, id, before.get(key), { parent: this, pointer, row, suffix });
  }

  /** The node that was there, if it still is what belongs there; else a new one. */
  #adopt(
    key: string,
    id: string,
    known: LiveNode | undefined,
    position: Position,
    outlook = this.surface.outlook(id, position),
  ): LiveNode | undefined {
    if (!known?.isFor(id, outlook)) return this.#keep(key, this.surface.make(id, position, outlook));
    known.move(position);
    return this.#keep(key, known);
  }

  #keep<T extends LiveNode | undefined>(key: string, node: T): T {
    if (node) this.#children.set(key, node);
    return node;
  }

  /** In a map, another row may have come to the same position. */
  isRow(row: number, name: string): boolean {
    return this.position.row === row && this.position.pointer.at(-1) === name;
  }

  isFor(id: string, outlook: Outlook): boolean {
    return !this.isGone && this.componentId === id && this.fits(outlook);
  }

  fits({ state, type, catalogId, spec }: Outlook): boolean {
    return state === this.state && type === this.type && catalogId === this.catalogId && spec === this.#spec;
  }

  /** One child for each item of a list; of a map as well in 0.8. */
  #template(slot: string, raw: Props): LiveNode[] {
    const id = raw.componentId as string;
    const pointer = this.#templatePointer(raw.path ?? raw["@path"]);
    const rows = pointer && this.surface.data.get(pointer);
    if (!pointer) return [];
    const field = Array.isArray(rows) ? rowField(rows) : undefined;
    this.#places.add(this.surface.data.watchRows(pointer, this, field));
    const names = this.#rowNames(rows);
    const keys = names.map((name) => (field ? `=${at(at(rows, name), field)}` : name));
    const known = this.#match(slot, keys);
    const isSamePlace = equal(this.#rows.get(slot)?.pointer, pointer);
    const shared = this.#sharedOutlook(id, pointer);
    const nodes = names.map((name, i) => {
      const key = `${slot}[${keys[i]}]`;
      const node = known[i];
      if (isSamePlace && node?.isRow(i, name) && shared && node.isFor(id, shared))
        return this.#keep(key, node);
      const own = { pointer: [...pointer, name], row: i, suffix: this.#suffix(name, rows) };
      return this.#adopt(key, id, node, { parent: this, ...own }, shared);
    });
    const made = present(nodes);
    this.#rows.set(slot, { keys, pointer, nodes: made });
    return made;
  }

  /** All rows look the same, unless the component is in itself: then where they are matters. */
  #sharedOutlook(id: string, pointer: Pointer): Outlook | undefined {
    for (let node: LiveNode | undefined = this; node; node = node.position.parent) {
      if (node.componentId === id) return undefined;
    }
    return this.surface.outlook(id, { parent: this, pointer, row: undefined, suffix: "" });
  }

  #templatePointer(path: unknown): Pointer | undefined {
    if (typeof path !== "string") return undefined;
    try {
      return (this.surface.family === "0.8" ? pointerOf08 : pointerOf)(path, this.position.pointer);
    } catch (error) {
      this.surface.report("EXPRESSION_ERROR", (error as Error).message, this.address);
      return undefined;
    }
  }

  #rowNames(rows: unknown): string[] {
    const isMap = this.surface.family === "0.8" && isObject(rows);
    const names = Array.isArray(rows)
      ? Array.from(rows, (_, i) => String(i))
      : isMap
        ? Object.keys(rows)
        : [];
    this.unshown += Math.max(0, names.length - this.#shownRows);
    return names.slice(0, this.#shownRows);
  }

  /** The node of the same key, wherever it was; else the one that was here, if its own row is gone. */
  #match(slot: string, keys: readonly string[]): readonly (LiveNode | undefined)[] {
    const before = this.#rows.get(slot);
    if (!before || before.keys.every((key, i) => key === keys[i])) return before?.nodes ?? [];
    const byKey = new Map(before.keys.map((key, i) => [key, before.nodes[i]]));
    const found = keys.map((key) => byKey.get(key));
    const taken = new Set(found);
    return found.map((node, i) => node ?? (taken.has(before.nodes[i]) ? undefined : before.nodes[i]));
  }

  #suffix(name: string, rows: unknown): string {
    if (this.surface.family !== "0.8") return "";
    const outer = Array.isArray(rows) ? this.position.pointer.filter((segment) => /^\d+$/.test(segment)) : [];
    return `:${[...outer, name].join(":")}`;
  }
}

function disposeOthers(before: ReadonlyMap<string, LiveNode>, now: ReadonlyMap<string, LiveNode>): void {
  const kept = new Set(now.values());
  for (const child of before.values()) if (!kept.has(child)) child.dispose();
}

function present<T>(items: readonly (T | undefined)[]): T[] {
  return items.filter((item) => item !== undefined) as T[];
}
