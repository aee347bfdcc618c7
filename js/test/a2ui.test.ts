import { afterEach, describe, expect, it, vi } from "vitest";
import { dump } from "../src/a2ui/dump";
import { type CatalogDefinition, Engine } from "../src/a2ui/engine";
import { type Action, isNode, type UiNode } from "../src/a2ui/node";
import type { Surface } from "../src/a2ui/surface";
import { examples } from "./a2ui-fixtures";
import { messages08, messages09, Random } from "./a2ui-random";

type Json = Record<string, unknown>;

const V09 = "https://a2ui.org/specification/v0_9/catalogs/basic/catalog.json";
const V10 = "https://a2ui.org/specification/v1_0/catalogs/basic/catalog.json";
const LATE = 1_000_000;

/** An engine with one surface, and everything that left it. */
class Desk {
  readonly sent: Json[] = [];
  readonly metadata: (Json | undefined)[] = [];
  readonly opened: string[] = [];
  readonly timers: { run: () => void; ms: number; isStopped: boolean }[] = [];
  readonly engine: Engine;

  constructor(hooks: { reportErrors?: boolean; hasUserActivation?: () => boolean } = {}) {
    this.engine = new Engine({
      locale: "en-US",
      onMessage: (message, metadata) => {
        this.sent.push(message as Json);
        this.metadata.push(metadata as Json);
      },
      openUrl: (url) => this.opened.push(url),
      now: () => new Date("2026-01-02T03:04:05Z"),
      timer: (run, ms) => {
        const timer = { run, ms, isStopped: false };
        this.timers.push(timer);
        return () => {
          timer.isStopped = true;
        };
      },
      ...hooks,
    });
  }

  /** Open surface `s` in 0.9 (or as `version` says) with these components and data. */
  show(components: readonly Json[], data?: unknown, version = "v0.9", more: Json = {}): this {
    const catalogId = version.includes("1.0") ? V10 : V09;
    this.engine.process([
      { version, createSurface: { surfaceId: "s", catalogId, ...more } },
      { version, updateComponents: { surfaceId: "s", components } },
      ...(data === undefined ? [] : [{ version, updateDataModel: { surfaceId: "s", value: data } }]),
    ]);
    return this;
  }

  set(path: string, value?: unknown, version = "v0.9"): void {
    this.engine.process({ version, updateDataModel: { surfaceId: "s", path, value } });
  }

  get surface(): Surface {
    return this.engine.surfaces.get("s") as Surface;
  }

  get root(): UiNode {
    return this.surface.root as UiNode;
  }

  child(...at: number[]): UiNode {
    return at.reduce<UiNode>((node, i) => children(node)[i] as UiNode, this.root);
  }

  get codes(): string[] {
    return [...this.engine.problems, ...(this.surface?.problems ?? [])].map(({ code }) => code);
  }
}

function children(node: UiNode): UiNode[] {
  return Object.values(node.props).flat().filter(isNode);
}

function column(...ids: string[]): Json {
  return { id: "root", component: "Column", children: ids };
}

function text(id: string, value: unknown): Json {
  return { id, component: "Text", text: value };
}

function shown(text: unknown, data: unknown, version?: string): unknown {
  return new Desk().show([{ id: "root", component: "Text", text }], data, version).root.props.text;
}

/** The tree as it is drawn, without problems, which tell of the way there. */
function drawing(engine: Engine): unknown {
  const { surfaces } = JSON.parse(JSON.stringify(dump(engine))) as { surfaces: Record<string, Json> };
  return Object.fromEntries(
    Object.entries(surfaces).map(([id, { tree, dataModel }]) => [id, { tree, dataModel }]),
  );
}

function drawn(messages: readonly unknown[]): unknown {
  const engine = new Engine({ locale: "en-US" });
  engine.process(messages);
  return drawing(engine);
}

const MARKS: Json = { path: "@path", call: "@call", checks: "@checks", accessibility: "@accessibility" };

/** As the final 1.0 spells it: data and lists of children have no marks. */
function marked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== "object" || value === null) return value;
  const isPlain = "componentId" in value;
  const entries = Object.entries(value).map(([key, item]) => {
    if (key === "updateDataModel") return [key, item];
    return [isPlain ? key : (MARKS[key] ?? key), marked(item)];
  });
  return Object.fromEntries(entries);
}

describe("payloads", () => {
  const messages = [
    { version: "v0.9", createSurface: { surfaceId: "s", catalogId: V09 } },
    { version: "v0.9", updateComponents: { surfaceId: "s", components: [text("root", "Hi")] } },
  ];
  const flat = [
    { type: "create_surface", surface_id: "s", catalog_id: V09 },
    { type: "update_components", surfaceId: "s", components: [text("root", "Hi")] },
  ];
  it.each([
    ["an array", messages],
    ["an object", { messages }],
    ["JSON", JSON.stringify(messages)],
    ["JSONL", messages.map((message) => JSON.stringify(message)).join("\r\n\n")],
    ["the flat form", flat],
  ])("may be %s", (_, payload) => {
    const desk = new Desk();
    desk.engine.process(payload);
    expect(desk.root.props).toEqual({ text: "Hi" });
  });

  it("report what is bad, and go on with the next", () => {
    const desk = new Desk();
    const bad = [
      null,
      7,
      "no",
      {},
      { version: "v9", createSurface: {} },
      { version: "v0.9", deleteSurface: 1 },
    ];
    desk.engine.process([
      messages[0],
      ...bad,
      { updateComponents: { surfaceId: "x", components: [] } },
      messages[1],
    ]);
    expect(desk.root.props).toEqual({ text: "Hi" });
    expect(desk.engine.problems).toHaveLength(7);
    expect(desk.engine.problems.at(-1)).toMatchObject({ code: "SURFACE_NOT_FOUND", surfaceId: "x" });
  });

  it("keep the good lines of a JSONL of which one is cut", () => {
    const desk = new Desk();
    desk.engine.process(`${messages.map((message) => JSON.stringify(message)).join("\n")}\n{"version": "v0`);
    expect(desk.root.props).toEqual({ text: "Hi" });
    expect(desk.codes).toEqual(["VALIDATION_FAILED"]);
  });

  it("lose only the component that is bad", () => {
    const desk = new Desk().show([{ component: "Text" }, text("root", "Hi"), { id: "x" }, null as never]);
    expect(desk.root.props).toEqual({ text: "Hi" });
    expect(desk.surface.problems.map(({ path }) => path)).toEqual([
      "/components/0/id",
      "/components/x",
      "/components/3",
    ]);
  });

  it("delete a surface in any version, and may open it again", () => {
    const desk = new Desk().show([text("root", "Hi")]);
    desk.engine.process([{ deleteSurface: { surfaceId: "s" } }, ...messages]);
    expect(desk.root.props).toEqual({ text: "Hi" });
  });

  it("may hold both 0.8 and 0.9", () => {
    const desk = new Desk().show([text("root", "new")]);
    const components = [{ id: "a", component: { Text: { text: { literalString: "old" } } } }];
    desk.engine.process([
      { surfaceUpdate: { surfaceId: "t", components } },
      { beginRendering: { surfaceId: "t", root: "a" } },
    ]);
    expect(desk.engine.surfaces.get("t")?.root?.props).toEqual({ text: "old" });
    expect(desk.root.props).toEqual({ text: "new" });
  });
});

describe("0.8", () => {
  const show = (components: readonly Json[], contents: readonly Json[]) => {
    const desk = new Desk();
    desk.engine.process([
      { surfaceUpdate: { surfaceId: "s", components } },
      { dataModelUpdate: { surfaceId: "s", contents } },
    ]);
    expect(desk.surface.root).toBeUndefined();
    desk.engine.process({
      beginRendering: { surfaceId: "s", root: "r", styles: { primaryColor: "#00ff00" } },
    });
    return desk;
  };

  it("waits for its beginning, and takes its styles as theme", () => {
    const desk = show([{ id: "r", component: { Text: { text: { literalString: "Hi" } } } }], []);
    expect([desk.root.props, desk.surface.theme]).toEqual([{ text: "Hi" }, { primaryColor: "#00ff00" }]);
  });

  it("shows a literal while there is nothing at the path beside it", () => {
    const text = { path: "/x", literalString: "start" };
    const desk = show([{ id: "r", component: { TextField: { label: { literalString: "x" }, text } } }], []);
    expect([desk.root.props.text, desk.surface.data.value]).toEqual(["start", {}]);
    desk.root.write("text", "typed");
    expect([desk.root.props.text, desk.surface.data.value]).toEqual(["typed", { x: "typed" }]);
  });

  it("repeats a template for the entries of a map, where every path is relative", () => {
    const template = { componentId: "t", dataBinding: "/people" };
    const people = ["ada", "bob"].map((key) => ({
      key,
      valueMap: [{ key: "name", valueString: key.toUpperCase() }],
    }));
    const desk = show(
      [
        { id: "r", weight: 2, component: { Column: { children: { template } } } },
        { id: "t", component: { Text: { text: { path: "/item/name" } } } },
      ],
      [{ key: "people", valueMap: people }],
    );
    expect(children(desk.root).map(({ id, path, props }) => [id, path, props.text])).toEqual([
      ["t:ada", "/people/ada", "ADA"],
      ["t:bob", "/people/bob", "BOB"],
    ]);
    expect(desk.root.props.weight).toBe(2);
  });

  it("shows the entries that a map has now, also where it has as many as before", () => {
    const template = { componentId: "t", dataBinding: "/people" };
    const person = (key: string) => ({
      key: "people",
      valueMap: [{ key, valueMap: [{ key: "name", valueString: key.toUpperCase() }] }],
    });
    const desk = show(
      [
        { id: "r", component: { Column: { children: { template } } } },
        { id: "t", component: { Text: { text: { path: "name" } } } },
      ],
      [person("ada")],
    );
    desk.engine.process({ dataModelUpdate: { surfaceId: "s", contents: [person("bob")] } });
    expect(children(desk.root).map(({ id, path, props }) => [id, path, props.text])).toEqual([
      ["t:bob", "/people/bob", "BOB"],
    ]);
  });

  it.each(["/list/0", "list[0]", "/text/0"])("makes maps on the way to %s, and of what is in it", (path) => {
    const desk = show([], [{ key: "text", valueString: "a text" }]);
    desk.engine.process({
      dataModelUpdate: { surfaceId: "s", path, contents: [{ key: "x", valueNumber: 1 }] },
    });
    const [name] = path.match(/\w+/) as [string];
    expect(desk.surface.data.value).toEqual({ text: "a text", [name]: { 0: { x: 1 } } });
    expect(desk.surface.problems).toEqual([]);
  });

  it("takes JSON in texts, keys with dots, and a value for itself", () => {
    const desk = show(
      [],
      [
        { key: "list", valueString: '[1, {"a": 2}]' },
        { key: "a.b", valueBoolean: true },
        { key: "no", valueString: "[no" },
      ],
    );
    desk.engine.process({
      dataModelUpdate: { surfaceId: "s", path: "a[0].c", contents: [{ key: ".", valueNumber: 1 }] },
    });
    expect(desk.surface.data.value).toEqual({ list: [1, { a: 2 }], a: { b: true, 0: { c: 1 } }, no: "[no" });
  });
});

describe("data", () => {
  it.each([
    ["v0.9", undefined, { b: 1 }],
    ["v0.9", null, { a: null, b: 1 }],
    ["v1.0", null, { b: 1 }],
  ])("in %s, %s at a path leaves %j", (version, value, expected) => {
    const desk = new Desk().show([], { a: 1, b: 1 }, version);
    desk.set("/a", value, version);
    expect(desk.surface.data.value).toEqual(expected);
  });

  it("leave what they were given as it was", () => {
    const data = { list: [{ a: 1 }] };
    const desk = new Desk().show([], data);
    desk.set("/list/0/a", 2);
    expect([data, desk.surface.data.value]).toEqual([{ list: [{ a: 1 }] }, { list: [{ a: 2 }] }]);
  });

  it("refuse to lead through a value, and change nothing then", () => {
    const desk = new Desk().show([], { a: 1 });
    desk.set("/a/b/c", 2);
    expect([desk.codes, desk.surface.data.value]).toEqual([["DATA_ERROR"], { a: 1 }]);
  });
});

describe("nodes", () => {
  it("tell of a change once, whatever a list of messages says", () => {
    const desk = new Desk().show([column("a", "b"), text("a", { path: "/x" }), text("b", { path: "/y" })], {
      x: 1,
      y: 1,
    });
    const heard = [0, 1].map((i) => {
      const listener = vi.fn();
      desk.child(i).watch(listener);
      return listener;
    });
    const set = (value: number) => ({
      version: "v0.9",
      updateDataModel: { surfaceId: "s", path: "/x", value },
    });
    desk.engine.process([set(2), set(3), set(4)]);
    expect(heard.map((listener) => listener.mock.calls.length)).toEqual([1, 0]);
    expect(desk.child(0).props.text).toBe(4);
  });

  it("tell of nothing where everything is said again, or comes out the same", () => {
    const rows = [
      { id: 1, n: "a" },
      { id: 2, n: "b" },
    ];
    const list = { id: "root", component: "List", children: { componentId: "row", path: "/rows" } };
    const row = text("row", { call: "formatString", args: { value: "${n}!" } });
    const desk = new Desk().show([list, row], { rows, other: 1 });
    const heard = vi.fn();
    for (const node of [desk.root, ...children(desk.root)]) node.watch(heard);
    desk.surface.watch(heard);
    desk.set("/rows", structuredClone(rows));
    desk.set("/", { rows: structuredClone(rows), other: 2 });
    desk.engine.process({ updateComponents: { surfaceId: "s", components: [list, { ...row }] } });
    desk.set("/rows/0/unused", 1);
    expect(heard).not.toHaveBeenCalled();
  });

  it("drop a property that a component no longer has", () => {
    const desk = new Desk().show([{ ...text("root", "Hi"), variant: "h1" }]);
    desk.engine.process({ updateComponents: { surfaceId: "s", components: [text("root", "Hi")] } });
    expect(desk.root.props).toEqual({ text: "Hi" });
  });

  it("stand in for a child that is late, and change their parent once when it comes", () => {
    const desk = new Desk().show([column("a")]);
    const heard = vi.fn();
    desk.root.watch(heard);
    expect(desk.child(0)).toMatchObject({ id: "a", state: "pending" });
    desk.engine.process({ updateComponents: { surfaceId: "s", components: [text("a", "now")] } });
    expect(desk.child(0)).toMatchObject({ state: "resolved", props: { text: "now" } });
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("are others when their type is", () => {
    const desk = new Desk().show([column("a"), text("a", "x")]);
    const before = desk.child(0);
    desk.engine.process({
      updateComponents: { surfaceId: "s", components: [{ id: "a", component: "Divider" }] },
    });
    expect(desk.child(0)).not.toBe(before);
    expect(desk.child(0).type).toBe("Divider");
  });

  it("stay the same when children are put in another order", () => {
    const desk = new Desk().show([column("a", "b", "a"), text("a", 1), text("b", 2)]);
    const [a, b, again] = children(desk.root);
    expect(a).not.toBe(again);
    desk.engine.process({ updateComponents: { surfaceId: "s", components: [column("b", "a")] } });
    expect(children(desk.root)).toEqual([b, a]);
    expect(children(desk.root)[1]).toBe(a);
  });

  const LIST = [
    { id: "root", component: "List", children: { componentId: "row", path: "/rows" } },
    { id: "row", component: "Row", children: ["name"] },
    text("name", { path: "name" }),
  ];
  const rows = (...ids: string[]) => ids.map((id) => ({ id, name: `row ${id}` }));

  it("follow their rows", () => {
    const desk = new Desk().show(LIST, { rows: rows("a", "b", "c") });
    const [a, b, c] = children(desk.root);
    const name = (b as UiNode).props.children;
    desk.set("/rows", rows("c", "x", "b", "a"));
    expect(children(desk.root).map((node) => [a, b, c].indexOf(node))).toEqual([2, -1, 1, 0]);
    expect((b as UiNode).props.children).toBe(name);
    expect(children(desk.root).map(({ path }) => path)).toEqual(["/rows/0", "/rows/1", "/rows/2", "/rows/3"]);
    expect(children(desk.root).map((row) => children(row)[0]?.props.text)).toEqual([
      "row c",
      "row x",
      "row b",
      "row a",
    ]);
  });

  it("stay where a row's own key is edited", () => {
    const desk = new Desk().show(LIST, { rows: [{ name: "a" }, { name: "b" }] });
    const before = children(desk.root);
    desk.set("/rows/0/name", "other");
    expect(children(desk.root)[0]).toBe(before[0]);
    desk.set("/rows/0/name", "b");
    expect(children(desk.root)[0]).toBe(before[0]);
  });

  it("go by position where rows have nothing to tell them apart", () => {
    const desk = new Desk().show(LIST, { rows: [{ name: "x" }, { name: "x" }] });
    const before = children(desk.root);
    desk.set("/rows", [{ name: "y" }, { name: "y" }, { name: "y" }]);
    expect(children(desk.root).slice(0, 2)).toEqual(before);
  });

  it("tell everybody, even if somebody raises", () => {
    const desk = new Desk().show([column("a", "b"), text("a", { path: "/x" }), text("b", { path: "/x" })], {
      x: 1,
    });
    const later = vi.spyOn(globalThis, "queueMicrotask").mockReturnValue(undefined);
    const heard = vi.fn();
    desk.child(0).watch(() => {
      throw new Error("of the listener");
    });
    desk.child(1).watch(heard);
    desk.set("/x", 2);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(() => later.mock.calls[0]?.[0]()).toThrow("of the listener");
    later.mockRestore();
  });

  it("are let go with their surface, and watch nothing then", () => {
    const desk = new Desk().show(LIST, { rows: rows("a") });
    const node = desk.child(0, 0);
    const heard = vi.fn();
    node.watch(heard);
    desk.engine.process({ deleteSurface: { surfaceId: "s" } });
    expect(desk.engine.surfaces.size).toBe(0);
    expect(heard).not.toHaveBeenCalled();
  });
});

describe("whatever the way there, the end is the same", () => {
  const seeds = Array.from({ length: 12 }, (_, i) => i);

  it.each(seeds)("cumulative snapshots are the one at the end, seed %i", (seed) => {
    const random = new Random(seed);
    const messages = random.isOne(0.5) ? messages09(random) : messages08(random);
    const engine = new Engine({ locale: "en-US" });
    for (let end = 1; end <= messages.length; end++) {
      if (random.isOne(0.3)) engine.applySnapshot("m", structuredClone(messages.slice(0, end)));
      if (random.isOne(0.7)) engine.applySnapshot("m", structuredClone(messages.slice(0, end)));
    }
    engine.applySnapshot("m", messages);
    engine.applySnapshot("m", { messages });
    expect(drawing(engine)).toEqual(drawn(messages));
  });

  it.each(seeds)("a snapshot that is another leaves nothing of the one before, seed %i", (seed) => {
    const random = new Random(seed);
    const engine = new Engine({ locale: "en-US" });
    for (let i = 0; i < 4; i++) {
      const messages = random.isOne(0.5) ? messages09(random) : messages08(random);
      const part = messages.slice(0, 1 + random.below(messages.length));
      engine.applySnapshot("m", part);
      expect(drawing(engine)).toEqual(drawn(part));
    }
  });

  it.each(seeds)("components come in any order, in any pieces, once or again, seed %i", (seed) => {
    const random = new Random(seed);
    const [created, ...rest] = messages09(random);
    const parts = rest.map((message) => (message.updateComponents as Json)?.components as Json[] | undefined);
    const data = rest.filter((_, i) => !parts[i]);
    const components = parts.flatMap((part) => part ?? []);
    const update = (part: readonly Json[]) => ({
      version: "v0.9",
      updateComponents: { surfaceId: "s", components: part },
    });
    const whole = drawn([created, update(components), ...data]);
    const pieces = random.chunks(random.shuffle([...components, ...components])).map(update);
    const engine = new Engine({ locale: "en-US" });
    engine.process(created);
    const mixed: unknown[] = [...pieces];
    let from = 0;
    for (const one of data) {
      from += random.below(mixed.length - from + 1);
      mixed.splice(from++, 0, one);
    }
    for (const chunk of random.chunks(mixed)) engine.process(chunk);
    expect(drawing(engine)).toEqual(whole);
  });

  it.each(seeds)("marked or not, 1.0 is the same, seed %i", (seed) => {
    const messages = messages09(new Random(seed), "v1.0");
    expect(drawn(messages.map(marked))).toEqual(drawn(messages));
  });

  it.each(examples("v0_9/examples_basic", "v0_8/examples_basic"))(
    "one message or all at once: $name",
    ({ messages }) => {
      const engine = new Engine({ locale: "en-US" });
      for (const message of messages) engine.process(JSON.stringify(message));
      expect(drawing(engine)).toEqual(drawn(messages));
    },
  );
});

describe("what the user enters", () => {
  const FORM = [
    column("name", "note"),
    { id: "name", component: "TextField", label: "Name", value: { path: "/name" } },
    { id: "note", component: "TextField", label: "Note", value: "as is" },
  ];

  it("is seen at once, and sent to nobody", () => {
    const desk = new Desk().show(FORM, { name: "" });
    desk.child(0).write("value", "Ada");
    desk.child(1).write("value", "mine");
    expect([desk.child(0).props.value, desk.child(1).props.value]).toEqual(["Ada", "mine"]);
    expect([desk.child(0).isBound("value"), desk.child(1).isBound("value")]).toEqual([true, false]);
    expect([desk.surface.data.value, desk.sent]).toEqual([{ name: "Ada" }, []]);
  });

  it("is there again after a reload", () => {
    const desk = new Desk().show(FORM, { name: "" });
    desk.child(0).write("value", "Ada");
    desk.child(1).write("value", "mine");
    const edits = JSON.parse(JSON.stringify(desk.engine.edits()));
    for (const isFirst of [true, false]) {
      const again = new Desk();
      if (isFirst) again.engine.restore(edits);
      again.show(FORM, { name: "" });
      if (!isFirst) again.engine.restore(edits);
      expect([again.child(0).props.value, again.child(1).props.value]).toEqual(["Ada", "mine"]);
      expect(again.engine.edits()).toEqual(edits);
    }
  });

  it("gives way to what the agent says of it afterwards", () => {
    const desk = new Desk().show(FORM, { name: "" });
    desk.child(0).write("value", "Ada");
    desk.child(1).write("value", "mine");
    desk.set("/name", "Grace");
    desk.engine.process({ updateComponents: { surfaceId: "s", components: [{ ...FORM[2], value: "new" }] } });
    expect([desk.child(0).props.value, desk.child(1).props.value]).toEqual(["Grace", "new"]);
    expect(desk.engine.edits()).toEqual({});
  });

  it("outlives a snapshot that corrects something else", () => {
    const operations = (label: string, name: string) => [
      { version: "v0.9", createSurface: { surfaceId: "s", catalogId: V09 } },
      { version: "v0.9", updateComponents: { surfaceId: "s", components: [...FORM, text("x", label)] } },
      { version: "v0.9", updateDataModel: { surfaceId: "s", value: { name } } },
    ];
    const desk = new Desk();
    desk.engine.applySnapshot("m", operations("one", ""));
    const [field, note] = [desk.child(0), desk.child(1)];
    field.write("value", "Ada");
    note.write("value", "mine");
    const heard = vi.fn();
    field.watch(heard);
    desk.engine.applySnapshot("m", operations("two", ""));
    expect([desk.child(0), desk.child(1)]).toEqual([field, note]);
    expect([field.props.value, note.props.value]).toEqual(["Ada", "mine"]);
    desk.engine.applySnapshot("m", operations("two", "Grace"));
    expect(field.props.value).toBe("Grace");
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it("is kept in the row that it was entered in", () => {
    const list = { id: "root", component: "List", children: { componentId: "field", path: "/rows" } };
    const field = { id: "field", component: "TextField", label: "x", value: "" };
    const desk = new Desk().show([list, field], { rows: [{ id: 1 }, { id: 2 }] });
    desk.child(1).write("value", "second");
    desk.set("/rows", [{ id: 2 }, { id: 1 }]);
    expect(children(desk.root).map(({ props }) => props.value)).toEqual(["second", ""]);
  });
});

describe("actions", () => {
  const button = (action: unknown, more: Json = {}) => [
    { id: "root", component: "Button", child: "label", action, ...more },
    text("label", "Go"),
  ];
  const run = (desk: Desk) => (desk.root.props.action as Action).run();
  const event = { event: { name: "go", context: { who: { path: "/name" }, always: 1 } } };
  const base = {
    name: "go",
    surfaceId: "s",
    sourceComponentId: "root",
    timestamp: "2026-01-02T03:04:05.000Z",
  };

  it.each(["v0.9", "v0.9.1", "v0.10", "v1.0", "1.0"])("are told in %s as it is spelled", (version) => {
    const desk = new Desk().show(button(event), { name: "Ada" }, version);
    desk.set("/name", "Grace", version);
    if (version === "1.0") return; // plain bindings are literals there
    run(desk);
    expect(desk.sent).toEqual([{ version, action: { ...base, context: { who: "Grace", always: 1 } } }]);
  });

  it("are told in 0.8 as it spells them", () => {
    const desk = new Desk();
    const context = [
      { key: "who", value: { path: "/name" } },
      { key: "n", value: { literalNumber: 1 } },
    ];
    const components = [
      { id: "b", component: { Button: { child: "t", action: { name: "go", context } } } },
      { id: "t", component: { Text: { text: { literalString: "Go" } } } },
    ];
    desk.engine.process([
      { surfaceUpdate: { surfaceId: "s", components } },
      { dataModelUpdate: { surfaceId: "s", contents: [{ key: "name", valueString: "Ada" }] } },
      { beginRendering: { surfaceId: "s", root: "b" } },
    ]);
    run(desk);
    expect(desk.sent).toEqual([
      { userAction: { ...base, sourceComponentId: "b", context: { who: "Ada", n: 1 } } },
    ]);
  });

  it("carry the data of a surface that asked for them, and of no other", () => {
    const desk = new Desk().show(button(event), { name: "Ada" }, "v0.9", { sendDataModel: true });
    desk.engine.process({
      version: "v0.9",
      createSurface: { surfaceId: "t", catalogId: V09, sendDataModel: true },
    });
    run(desk);
    expect(desk.metadata).toEqual([
      { a2uiClientDataModel: { version: "v0.9", surfaces: { s: { name: "Ada" } } } },
    ]);
  });

  it("say what the user is shown to say, in 1.0", () => {
    const userMessage = { call: "formatString", args: { value: "I am ${/name}" } };
    const desk = new Desk().show(button({ event: { name: "go", userMessage } }), { name: "Ada" }, "v1.0");
    run(desk);
    expect(desk.sent[0]?.action).toMatchObject({ userMessage: "I am Ada" });
  });

  it("are not done while a check fails", () => {
    const checks = [
      { condition: { call: "required", args: { value: { path: "/name" } } }, message: "Say who" },
    ];
    const desk = new Desk().show(button(event, { checks }), { name: "" });
    expect(desk.root.failures).toEqual([{ message: "Say who", severity: "error" }]);
    run(desk);
    expect(desk.sent).toEqual([]);
    desk.set("/name", "Ada");
    run(desk);
    expect(desk.sent).toHaveLength(1);
  });

  const open = (url: unknown) => ({ functionCall: { call: "openUrl", args: { url } } });

  it("open pages, and only pages", () => {
    for (const url of [
      "https://a.example/x",
      "javascript:alert(1)",
      "data:text/html,x",
      "file:///etc",
      " java\nscript:x",
    ]) {
      const desk = new Desk().show(button(open({ path: "/url" })), { url });
      run(desk);
      expect(desk.opened).toEqual(url.startsWith("https") ? [url] : []);
    }
  });

  it("are what it takes to open a page: showing it does not", () => {
    const desk = new Desk().show([text("root", open("https://a.example/").functionCall)]);
    expect([desk.opened, desk.codes]).toEqual([[], ["EXPRESSION_ERROR"]]);
  });

  it("may be answered into the data, in a draft of 1.0", () => {
    const desk = new Desk().show(button({ event: { name: "go", responsePath: "/answer" } }), {}, "v1.0");
    run(desk);
    const { actionId } = (desk.sent[0] as Json).action as Json;
    desk.engine.process({ version: "v1.0", actionResponse: { actionId, value: 42 } });
    expect(desk.surface.data.value).toEqual({ answer: 42 });
  });

  it("are the same while they say the same", () => {
    const desk = new Desk().show(button(event));
    const { action } = desk.root.props;
    desk.engine.process({
      updateComponents: {
        surfaceId: "s",
        components: button(structuredClone(event), { variant: "primary" }),
      },
    });
    expect(desk.root.props.action).toBe(action);
  });
});

describe("checks", () => {
  const field = (...checks: unknown[]) => [
    { id: "root", component: "TextField", label: "x", value: { path: "/x" }, checks },
  ];
  const email = { call: "email", args: { value: { path: "/x" } } };

  it("may be written without a condition", () => {
    expect(new Desk().show(field({ ...email, message: "no" }), { x: "y" }).root.failures).toMatchObject([
      { message: "no" },
    ]);
  });

  it("prefer what a function says itself, and take the rule's word where it says nothing", () => {
    const desk = new Desk();
    const run = () => ({ valid: false, code: "TAKEN", severity: "warning", message: "Taken" });
    const quiet = () => ({ valid: false });
    desk.engine.registerCatalog({ catalogId: "c", functions: { free: { run }, quiet: { run: quiet } } });
    const rule = (call: string) => ({ condition: { call, catalogId: "c", args: {} }, message: "The rule's" });
    desk.show(field(rule("free"), rule("quiet"), { condition: email }), { x: "y" }, "v1.0");
    expect(desk.root.failures).toEqual([
      { message: "Taken", severity: "warning", code: "TAKEN" },
      { message: "The rule's", severity: "error" },
      { message: expect.stringContaining("valid email"), severity: "error", code: "INVALID_EMAIL" },
    ]);
  });

  it("hold what is typed against a text field's pattern", () => {
    const desk = new Desk().show([
      { id: "root", component: "TextField", label: "x", value: { path: "/x" }, validationRegexp: "^\\d+$" },
    ]);
    expect(desk.root.failures).toEqual([]);
    desk.root.write("value", "12a");
    expect(desk.root.failures).toMatchObject([{ code: "PATTERN_MISMATCH" }]);
  });
});

describe("functions", () => {
  it.each([
    ["${/n}", "3"],
    ["\\${/n} is ${/n}", "${/n} is 3"],
    ["${'a}b'}${\"c\\n\"}", "a}bc\n"],
    ["${formatNumber(value: ${/big}, decimals: 2)}", "1,234.50"],
    ["${formatNumber(value: /big, decimals: 0, grouping: false)}", "1235"],
    ["${pluralize(value: /n, one: 'one', other: formatString(value: 'many'))}", "many"],
    ["${/list} ${/none}.", '[1,{"a":2}] .'],
    ["${true} ${null}.", "true ."],
  ])("make %j into %j", (value, expected) => {
    const data = { n: 3, big: 1234.5, list: [1, { a: 2 }] };
    expect(shown({ call: "formatString", args: { value } }, data)).toBe(expected);
  });

  it.each([
    ["${", "Unclosed interpolation: missing '}'"],
    ["${a b}", "Unexpected characters at end of expression: 'b'"],
    ["${f(x)}", "Expected ':' after argument name 'x' in function 'f'"],
    ["${1.2.3}", "Invalid number literal: '1.2.3'"],
    ["${f(a: ".repeat(LATE / 5000), "Unclosed interpolation: missing '}'"],
    [`${"${".repeat(200)}${"}".repeat(200)}`, "Max recursion depth reached in parse"],
  ])("say what is wrong with %s", (value, message) => {
    const desk = new Desk().show([text("root", { call: "formatString", args: { value } })]);
    expect(desk.surface.problems.map((problem) => problem.message)).toEqual([message]);
  });

  it("say nothing of what is not there yet", () => {
    const call = (name: string) =>
      text("root", { call: name, args: { value: { path: "/x" }, min: 1, currency: "EUR" } });
    for (const name of [
      "required",
      "length",
      "numeric",
      "email",
      "formatNumber",
      "formatCurrency",
      "not",
      "formatDate",
    ]) {
      const desk = new Desk().show([call(name)]);
      expect([name, desk.root.props.text, desk.codes]).toEqual([name, undefined, []]);
    }
  });

  it("speak the language they are told", () => {
    const german = new Engine({ locale: "de-DE" });
    const call = {
      call: "formatString",
      args: {
        value:
          "${formatNumber(value: 1234.5)} ${formatDate(value: '2025-03-02T08:00', format: 'EEEE, d. MMMM y, H:mm')}",
      },
    };
    german.process([
      { createSurface: { surfaceId: "s", catalogId: V09 } },
      { updateComponents: { surfaceId: "s", components: [text("root", call)] } },
    ]);
    expect(german.surfaces.get("s")?.root?.props.text).toBe("1.234,5 Sonntag, 2. März 2025, 8:00");
  });

  it("are nested 20 deep and no deeper", () => {
    const nested = (depth: number): unknown =>
      depth ? { call: "not", args: { value: nested(depth - 1) } } : true;
    expect(shown(nested(20), {})).toBe(true);
    const desk = new Desk().show([text("root", nested(21))]);
    expect(desk.codes).toEqual(["EXPRESSION_ERROR"]);
  });

  it("count rows, and move with them", () => {
    const list = { id: "root", component: "List", children: { componentId: "row", path: "/rows" } };
    const desk = new Desk().show(
      [list, text("row", { call: "@index", args: { offset: 1 } })],
      { rows: [{ id: "a" }, { id: "b" }] },
      "v1.0",
    );
    const [first] = children(desk.root);
    desk.set("/rows", [{ id: "c" }, { id: "b" }, { id: "a" }], "v1.0");
    expect(children(desk.root).map(({ props }) => props.text)).toEqual([1, 2, 3]);
    expect(children(desk.root)[2]).toBe(first);
  });
});

describe("the spellings of 1.0", () => {
  it("take a plain object for a literal where bindings are marked", () => {
    const desk = new Desk().show(
      [column("a", "b"), text("a", { "@path": "/x" }), text("b", { path: "/x", "@@k": 1 })],
      { x: 1 },
      "1.0",
    );
    expect([desk.child(0).props.text, desk.child(1).props.text]).toEqual([1, { path: "/x", "@k": 1 }]);
  });

  it("report a mark that there is not", () => {
    const desk = new Desk().show([column("a"), text("a", { x: { "@path": "/x" }, "@what": 1 })], {}, "1.0");
    expect(desk.codes).toEqual(["INVALID_RESERVED_KEY"]);
  });

  it("take components from several catalogs, and none from a catalog that there is not", () => {
    const desk = new Desk();
    const schema = { properties: { inner: { $ref: "common_types.json#/$defs/ComponentId" }, points: {} } };
    desk.engine.registerCatalog({ catalogId: "charts", components: { Pie: schema } } as CatalogDefinition);
    const pie = { id: "a", component: "Pie", catalogId: "charts", inner: "b", points: { path: "/p" } };
    desk.show(
      [column("a", "c"), pie, text("b", "x"), { id: "c", component: "Pie", catalogId: "none" }],
      { p: [1] },
      "v1.0",
    );
    expect(desk.child(0).props).toMatchObject({ inner: { id: "b", state: "resolved" }, points: [1] });
    expect(desk.child(1)).toMatchObject({ state: "unknown-type", type: "Pie", catalogId: "none" });
  });

  it("show what was unknown when its catalog is registered", () => {
    const desk = new Desk().show([{ id: "root", component: "Pie" }]);
    expect([desk.root.state, desk.codes]).toEqual(["unknown-type", ["UNKNOWN_COMPONENT_TYPE"]]);
    desk.engine.registerCatalog({ catalogId: V09, extends: "basic", components: { Pie: {} } });
    expect(desk.root.state).toBe("resolved");
  });
});

describe("calls of the agent's functions", () => {
  const CALL = { call: "shorten", args: { text: { path: "/x" } } };
  const asked = (desk: Desk) => desk.sent.map(({ callAgentFunction }) => callAgentFunction as Json);
  const answer = (desk: Desk, i: number, body: Json) => {
    const { functionCallId } = asked(desk)[i] as Json;
    desk.engine.process({ version: "v1.0", agentFunctionResponse: { functionCallId, ...body } });
  };

  it("are made once for the same arguments, and fill in when they are answered", () => {
    const desk = new Desk().show([column("a", "b"), text("a", CALL), text("b", CALL)], { x: "long" }, "v1.0");
    expect(asked(desk)).toEqual([
      { surfaceId: "s", functionCallId: "call-1", callFunction: { call: "shorten", args: { text: "long" } } },
    ]);
    expect(desk.child(0).props.text).toBeUndefined();
    const heard = vi.fn();
    desk.child(0).watch(heard);
    answer(desk, 0, { value: "short" });
    expect([desk.child(0).props.text, desk.child(1).props.text]).toEqual(["short", "short"]);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(desk.timers[0]).toMatchObject({ ms: 30_000, isStopped: true });
    desk.set("/x", "other", "v1.0");
    expect(asked(desk)).toHaveLength(2);
  });

  it("are nothing in a binding when they fail or are late, and not passed in a check", () => {
    const field = {
      id: "f",
      component: "TextField",
      label: "x",
      checks: [{ condition: { call: "ok" }, message: "no" }],
    };
    const desk = new Desk().show([column("a", "f"), text("a", CALL), field], { x: 1 }, "v1.0");
    answer(desk, 0, { error: { code: "E", message: "broken" } });
    desk.timers[1]?.run();
    expect([desk.child(0).props.text, desk.child(1).failures]).toMatchObject([null, [{ message: "no" }]]);
    expect(desk.codes).toEqual(["E", "TIMEOUT"]);
  });

  it("that nobody made cannot be answered, nor one of a surface that is gone", () => {
    const desk = new Desk().show([text("root", CALL)], { x: 1 }, "v1.0");
    desk.engine.process({ version: "v1.0", deleteSurface: { surfaceId: "s" } });
    expect(desk.timers[0]?.isStopped).toBe(true);
    answer(desk, 0, { value: 1 });
    expect(desk.engine.problems.map(({ code }) => code)).toEqual(["INVALID_FUNCTION_CALL"]);
  });

  it("are not made before 1.0, unless a catalog has the function", () => {
    const desk = new Desk().show([text("root", CALL)], { x: 1 });
    expect([desk.sent, desk.codes]).toEqual([[], ["EXPRESSION_ERROR"]]);
    const kernel = new Desk();
    kernel.engine.registerCatalog({ catalogId: V09, extends: "basic", functions: { shorten: {} } });
    expect(asked(kernel.show([text("root", CALL)], { x: 1 }))).toHaveLength(1);
  });

  it("of ours are refused for what only we may call", async () => {
    const desk = new Desk();
    const callFunction = { "@call": "formatNumber", catalogId: V10, args: { value: 1 } };
    desk.engine.process({ version: "1.0", callRendererFunction: { functionCallId: "c", callFunction } });
    await vi.waitFor(() => expect(desk.sent).toHaveLength(1));
    expect(desk.sent[0]).toMatchObject({
      version: "1.0",
      rendererFunctionResponse: { error: { code: "INVALID_FUNCTION_CALL" } },
    });
  });
});

describe("problems", () => {
  it("are told to the agent only where that is wished", () => {
    for (const reportErrors of [true, false]) {
      const desk = new Desk({ reportErrors }).show([{ id: "root", component: "Nothing" }]);
      const error = {
        code: "UNKNOWN_COMPONENT_TYPE",
        surfaceId: "s",
        path: "/components/root",
        message: expect.any(String),
      };
      expect(desk.sent).toEqual(reportErrors ? [{ version: "v0.9", error }] : []);
    }
  });

  it("are said once", () => {
    const desk = new Desk().show([
      text("root", { call: "regex", args: { value: { path: "/x" }, pattern: "[" } }),
    ]);
    for (let i = 0; i < 5; i++) desk.set("/x", `${i}`);
    expect(desk.surface.problems).toMatchObject([
      { code: "EXPRESSION_ERROR", path: "/components/root", surfaceId: "s" },
    ]);
  });
});

describe("hostile input", () => {
  const KEYS = ["__proto__", "constructor", "prototype"];
  afterEach(() => expect(({} as Json).polluted).toBeUndefined());

  it.each(KEYS)("does not reach %s by a path", (key) => {
    const desk = new Desk().show([text("root", { path: `/${key}/polluted` })], {});
    desk.set(`/${key}/polluted`, 1);
    desk.engine.process({
      dataModelUpdate: { surfaceId: "old", contents: [{ key: `${key}.polluted`, valueNumber: 1 }] },
    });
    expect(desk.surface.data.value).toEqual({});
    expect(desk.root.props.text).toBeUndefined();
    expect(desk.codes.length).toBeGreaterThan(1);
  });

  it("does not reach it by keys of JSON", () => {
    const evil = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}');
    const desk = new Desk().show(
      [{ ...text("root", evil), ...JSON.parse('{"__proto__": {"polluted": 1}}') }],
      evil,
    );
    desk.engine.process(
      JSON.parse('[{"__proto__": {"createSurface": {}}}, {"constructor": {}}, {"toString": {}}]'),
    );
    desk.set("/x", 1);
    expect(dump(desk.engine)).toMatchObject({ surfaces: { s: { dataModel: { x: 1 } } } });
    expect(shown({ call: "constructor", args: {} }, {})).toBeUndefined();
    expect(shown({ call: "formatString", args: { value: "${toString(a: 1)}" } }, {})).toBe("");
  });

  it("cuts what is in itself", () => {
    const desk = new Desk().show([column("a"), { id: "a", component: "Card", child: "root" }]);
    expect(desk.child(0, 0)).toMatchObject({ id: "root", state: "cyclic" });
    const list = { id: "root", component: "List", children: { componentId: "root", path: "" } };
    expect(new Desk().show([list], [[], [[]]]).root.state).toBe("resolved");
  });

  it("is shown 50 deep", () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => ({
      id: i ? `c${i}` : "root",
      component: "Card",
      child: `c${i + 1}`,
    }));
    const desk = new Desk().show(chain);
    let [node, depth] = [desk.root, 1];
    for (let below = children(node); below.length; below = children(node), depth++) node = below[0] as UiNode;
    expect([depth, node.state]).toEqual([51, "cyclic"]);
  });

  it.each([
    [
      "data",
      (deep: string) => `{"version": "v0.9", "updateDataModel": {"surfaceId": "s", "value": ${deep}}}`,
    ],
    [
      "a property",
      (deep: string) =>
        `{"version": "v0.9", "updateComponents": {"surfaceId": "s", "components": [{"id": "root", "component": "Text", "text": ${deep}}]}}`,
    ],
  ])("does not end the stack by nesting %s 100,000 deep", (_, message) => {
    const desk = new Desk().show([text("root", "Hi")], { a: 1 });
    const deep = message("[".repeat(100_000) + "]".repeat(100_000));
    desk.engine.process(deep);
    desk.engine.applySnapshot("m", [JSON.parse(deep)]);
    desk.engine.applySnapshot("m", [JSON.parse(deep)]);
    expect([desk.root.props.text, desk.surface.data.value]).toEqual(["Hi", { a: 1 }]);
    expect(desk.codes.length).toBeGreaterThan(0);
  });

  it("does not make a list of a milliard", () => {
    const desk = new Desk().show([], { list: [] });
    desk.set("/list/400000001", 1);
    desk.set("/list/100000", 1);
    expect((desk.surface.data.value as { list: unknown[] }).list).toHaveLength(100_001);
    expect(desk.codes).toEqual(["DATA_ERROR"]);
  });

  it("shows 2,000 rows, and more when asked", () => {
    const list = { id: "root", component: "List", children: { componentId: "row", path: "/rows" } };
    const rows = Array.from({ length: 4100 }, (_, i) => ({ id: i }));
    const desk = new Desk().show([list, text("row", { path: "id" })], { rows });
    expect([children(desk.root).length, desk.root.unshown]).toEqual([2000, 2100]);
    const heard = vi.fn();
    desk.root.watch(heard);
    desk.set("/rows/4100", { id: 4100 });
    expect([heard.mock.calls.length, desk.root.unshown]).toEqual([1, 2101]);
    desk.set("/rows", rows);
    desk.root.showMore();
    desk.root.showMore();
    expect([children(desk.root).length, desk.root.unshown]).toEqual([4100, 0]);
  });

  it("makes 20,000 nodes and no more", () => {
    const many = { componentId: "b", path: "/rows" };
    const rows = Array.from({ length: 200 }, (_, i) => i);
    const desk = new Desk().show(
      [
        { id: "root", component: "List", children: { ...many, componentId: "a" } },
        { id: "a", component: "List", children: many },
        text("b", 1),
      ],
      { rows },
    );
    expect(JSON.stringify(dump(desk.engine)).match(/"id":"b"/g)?.length).toBeLessThan(20_000);
    expect(desk.codes).toEqual(["LIMIT_EXCEEDED"]);
  });

  it("cuts a text of many megabytes", () => {
    const data = { x: "x".repeat(900_000) };
    const value = "${/x}".repeat(10_000);
    expect(shown({ path: "/x" }, { x: data.x + data.x })).toHaveLength(1_048_576);
    expect(shown({ call: "formatString", args: { value } }, data)).toHaveLength(1_048_576);
  });

  it.each(["(a+)+$", "(a|a)*$", "((a)?b)*", "(.*)*x", "(a{1,50}){20,50}", "(a)\\1", "x".repeat(501)])(
    "does not try the pattern %s",
    (pattern) => {
      const desk = new Desk().show([
        text("root", { call: "regex", args: { value: `${"a".repeat(40)}!`, pattern } }),
      ]);
      expect([desk.root.props.text, desk.codes]).toEqual([undefined, ["EXPRESSION_ERROR"]]);
    },
  );

  it("does not match for long: a pattern that tries everything is ended by the time limit", () => {
    for (const pattern of [".*.*.*.*x", "^\\s*\\s*\\s*\\s*$", "a*a*a*a*b", "(?=a*a*)a*b"]) {
      shown({ call: "regex", args: { value: "a".repeat(10_000), pattern } }, {});
      const value = `${" ".repeat(9999)}x`;
      expect(shown({ call: "regex", args: { value, pattern } }, {})).toBeDefined();
    }
  });
});
