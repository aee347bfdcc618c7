/** The part of the 1.0 conformance suites that is about processing; validation, catalogs and schemas are Python's. */

import { readFileSync } from "node:fs";
import axe from "axe-core";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { COMPONENTS } from "../src/a2ui/components";
import { Engine } from "../src/a2ui/engine";
import { pathOf, pointerOf, pointerOf08 } from "../src/a2ui/json";
import type { LiveNode } from "../src/a2ui/live-node";
import type { View, ViewClass } from "../src/a2ui/part";
import type { Surface } from "../src/a2ui/surface";
import { SurfaceView } from "../src/a2ui/view";
import { fixture, HAS_FIXTURES } from "./a2ui-fixtures";

// biome-ignore lint/suspicious/noExplicitAny: what a case holds depends on its suite
type Json = Record<string, any>;

/** Problems of the engine by the kind that the suites name. */
const CATEGORIES: Record<string, RegExp> = {
  ValidationError: /^(VALIDATION_FAILED|UNALLOWED_PARENT|UNALLOWED_CHILD|EXPRESSION_ERROR)$/,
  IntegrityError: /^(SURFACE_EXISTS|SURFACE_NOT_FOUND)$/,
  CatalogError: /^(CATALOG_NOT_FOUND|CATALOG_MISMATCH)$/,
};

/** Ids that the suites give to the basic catalog that they load. */
const BASIC_IDS = ["test-catalog", "test-catalog-v10", "v08-cat", "v09-cat", "basic_v1_0"];

/** By suite, the cases that either language answers for: tests/test_a2ui_conformance.py counts that they are all there are. */
const CLAIMS: Record<"typescript" | "python", Record<string, string[]>> = JSON.parse(
  readFileSync(`${import.meta.dirname}/../../tests/a2ui_conformance.json`, "utf8"),
);

function suites(): Json[] {
  return Object.entries(CLAIMS.typescript).flatMap(([suite, names]) => {
    const cases = parse(fixture(`v1_0/conformance/${suite}.yaml`)) as Json[];
    return names.map((name) => ({ ...cases.find((one) => one.name === name), name, suite }));
  });
}

const RUNS: Record<string, (test: Json) => unknown> = {
  process_messages: (test) => judge(processed([test.messages], test), test),
  validate: (test) =>
    judge(
      processed(
        test.steps.map((step: Json) => step.payload),
        test,
      ),
      test,
    ),
  get_renderer_data_model: ({ messages, args, expect: expected }) => {
    const engine = processed([messages], {});
    expect(engine.dataModels(args.version) ?? null).toEqual(expected);
  },
  resolve_path: ({ args: { path, contextPath = "" }, expect: expected }) => {
    for (const read of [pointerOf, pointerOf08]) expect(pathOf(read(path, read(contextPath)))).toBe(expected);
  },
  handle_rpc: (test) => (test.args.outboundCall ? judgeOutbound(test) : judgeInbound(test)),
  accessibility_check: judgeAccessibility,
  select_catalog: judgeSelection,
};

function processed(payloads: readonly unknown[], test: Json): Engine {
  const engine = new Engine({ locale: "en-US" });
  for (const catalogId of BASIC_IDS) engine.registerCatalog({ catalogId, extends: "basic" });
  for (const catalog of test.catalogs ?? []) engine.registerCatalog(catalog);
  if (test.catalog?.catalogSchema)
    engine.registerCatalog({ extends: "basic", ...test.catalog.catalogSchema });
  for (const payload of payloads) engine.process(payload);
  return engine;
}

function judge(engine: Engine, test: Json): void {
  const error = test.expectError ?? test.steps?.find((step: Json) => step.expectError)?.expectError;
  const surfaces = [...engine.surfaces.values()];
  const problems = [...engine.problems, ...surfaces.flatMap((surface) => surface.problems)];
  if (error) {
    const category = CATEGORIES[error.category] as RegExp;
    const named = problems.filter(({ code }) => category.test(code)).map(({ message }) => message);
    expect(named).toEqual(expect.arrayContaining([expect.stringContaining(error.message)]));
  }
  for (const [id, expected] of Object.entries((test.expect?.surfaces ?? {}) as Json)) {
    judgeSurface(engine.surfaces.get(id), expected);
  }
}

function judgeSurface(surface: Surface | undefined, expected: Json): void {
  expect(surface !== undefined).toBe(expected.exists ?? true);
  if (!surface) return;
  if ("sendDataModel" in expected) expect(surface.sendDataModel).toBe(expected.sendDataModel);
  if (expected.theme) expect(surface.theme).toEqual(expected.theme);
  if (expected.dataModel) expect(surface.data.value).toEqual(expected.dataModel);
  for (const [id, result] of Object.entries((expected.validationResult ?? {}) as Json)) {
    expect({ valid: false, ...find(surface, id)?.failures[0] }).toMatchObject(result); // the suites say: contains
  }
  for (const component of listed(expected.components)) judgeComponent(surface, component);
}

function listed(components: unknown): Json[] {
  if (!components) return [];
  if (Array.isArray(components)) return components;
  return Object.entries(components as Json).map(([id, component]) => ({ id, ...component }));
}

/** One as it was defined, or (`item_text_1`) as it is shown in a row. */
function judgeComponent(surface: Surface, { id, component, ...props }: Json): void {
  const definition = surface.definitions.get(id);
  if (definition) {
    expect(definition).toMatchObject({ id, type: component, props });
    return;
  }
  const [, name, row] = /^(.*)_(\d+)$/.exec(id) as unknown as [string, string, string];
  const nodes = everyNode(surface).filter((node) => node.componentId === name);
  expect(String(nodes[Number(row)]?.props.text)).toBe(props.text);
}

function everyNode(surface: Surface): LiveNode[] {
  const below = (node: LiveNode): LiveNode[] => [node, ...[...node.children].flatMap(below)];
  return surface.root ? below(surface.root) : [];
}

function find(surface: Surface, id: string): LiveNode | undefined {
  // A field alone has no root to hang from.
  if (!surface.root)
    surface.define([{ id: "root", component: "Column", children: [...surface.definitions.keys()] }]);
  surface.settle();
  return everyNode(surface).find((node) => node.componentId === id);
}

async function judgeInbound({ args, expect: { response } }: Json): Promise<void> {
  const { functionCallId } = args.message.callRendererFunction;
  const sent: Json[] = [];
  const engine = new Engine({
    onMessage: (message) => sent.push(message),
    hasUserActivation: () => args.userActivationPresent === true,
  });
  const run = () => {
    if (response.rendererFunctionResponse.error) throw new Error(`inside ${functionCallId}`);
    return response.rendererFunctionResponse.value;
  };
  const { callFunction } = args.message.callRendererFunction;
  const functions = Object.entries(args.functionMetadata as Json).map(([name, spec]) => [
    name,
    { ...spec, run },
  ]);
  engine.registerCatalog({ catalogId: callFunction.catalogId, functions: Object.fromEntries(functions) });
  engine.process(args.message);
  await new Promise((done) => setTimeout(done));
  expect(sent).toEqual([response]);
}

function judgeOutbound({ args: { outboundCall, inboundResponse }, expect: expected }: Json): void {
  const sent: Json[] = [];
  const engine = new Engine({ onMessage: (message) => sent.push(message) });
  const { surfaceId, callFunction } = outboundCall;
  const components = [{ id: "root", component: "Text", text: callFunction }];
  const catalogId = "https://a2ui.org/specification/v1_0/catalogs/basic/catalog.json";
  engine.process({ version: "v1.0", createSurface: { surfaceId, catalogId, components } });
  expect(sent).toEqual([
    { version: "v1.0", callAgentFunction: expect.objectContaining({ surfaceId, callFunction }) },
  ]);
  const functionCallId = sent[0]?.callAgentFunction.functionCallId;
  const answer = { ...inboundResponse.agentFunctionResponse, functionCallId };
  engine.process({ ...inboundResponse, agentFunctionResponse: answer });
  expect(engine.surfaces.get(surfaceId)?.root?.props.text).toEqual(expected.result);
}

/** What the page says to assistive technology. */
async function judgeAccessibility({ surface: { components, ...root }, assertions }: Json): Promise<void> {
  const engine = new Engine();
  engine.registerCatalog({ catalogId: "own", extends: "basic", components: { Container: {} } });
  const all = [{ ...root, id: "root" }, ...listed(components)];
  engine.process({ version: "v1.0", createSurface: { surfaceId: "s", catalogId: "own", components: all } });
  const surface = engine.surfaces.get("s") as Surface;
  const views = new Map<string, View>();
  const construct = (Kind: ViewClass, args: ConstructorParameters<ViewClass>) => {
    const view = new Kind(...args);
    views.set(view.node.id, view);
    return view;
  };
  const kinds = { ...COMPONENTS, Container: COMPONENTS.Card as ViewClass };
  const drawn = Object.entries(kinds).map(([name, kind]) => [name, new Proxy(kind, { construct })]);
  const { element } = new SurfaceView(surface, { components: Object.fromEntries(drawn) });
  document.body.replaceChildren(element);
  for (const [id, expected] of Object.entries(assertions.accessibilityTree as Json)) {
    expect(saidOf(views.get(id) as View)).toMatchObject(expected);
  }
  const { violations, passes } = await axe.run(element, { runOnly: assertions.axeCore });
  expect(violations).toEqual([]);
  expect(passes.map(({ id }) => id)).toEqual(expect.arrayContaining(assertions.axeCore));
}

function saidOf({ element, target }: View): Json {
  return {
    label: target.getAttribute("aria-label") ?? target.textContent,
    description: target.getAttribute("aria-description"),
    live: element.getAttribute("aria-live"),
    hidden: element.getAttribute("aria-hidden") === "true",
  };
}

function judgeSelection(test: Json): void {
  const { surface, components = {}, catalogs = {}, functionCall } = test.args;
  const engine = new Engine();
  for (const catalogId of surface.supportedCatalogIds) {
    const known = { catalogId, ...catalogs[catalogId] };
    engine.registerCatalog({ ...known, functions: { add: { run: () => catalogId } } });
  }
  const mixed = Object.keys(catalogs).map((catalogId) => ({ id: catalogId, component: "Text", catalogId }));
  const text = { id: "sum", component: "Text", catalogId: "basic", text: functionCall };
  const all = [...listed(components), ...mixed, ...(functionCall ? [text] : [])];
  const root = { id: "root", component: "Column", catalogId: "shell", children: all.map(({ id }) => id) };
  engine.registerCatalog({ catalogId: "shell", extends: "basic" });
  const created = { surfaceId: surface.id, catalogId: surface.defaultCatalogId, components: [root, ...all] };
  engine.process({ version: "v1.0", createSurface: created });
  judge(engine, test);
  if (test.expectSelected === undefined) return;
  const nodes = everyNode(engine.surfaces.get(surface.id) as Surface);
  const live = engine.surfaces.get(surface.id) as Surface;
  const selected = functionCall
    ? live.functionOf(functionCall.call, functionCall.catalogId)?.run?.({}, {} as never)
    : nodes.at(-1)?.catalogId;
  expect(selected).toBe(test.expectSelected);
}

const SUITES = HAS_FIXTURES ? suites() : [];

describe.skipIf(!HAS_FIXTURES)("conformance", () => {
  it.each(SUITES)("$suite: $name", async (test) => {
    await (RUNS[test.action] as (test: Json) => unknown)(test);
  });
});
