/** What `@a2ui/web_core` makes of messages, in the form of our own dump. */

import { A2uiMessageProcessor } from "@a2ui/web_core/v0_8";
import {
  BASIC_COMPONENTS,
  Catalog,
  createBasicCatalogFunctions,
  createFunctionImplementation,
  isComponentNode,
  MessageProcessor,
  NodeResolver,
  peekValue,
  ResolvedBinding,
} from "@a2ui/web_core/v0_9";
import { z } from "zod";

type Json = Record<string, unknown>;
type Oracle = Record<string, { tree: unknown; dataModel: unknown }>;

const capitalize = createFunctionImplementation(
  { name: "capitalize", returnType: "string", schema: z.object({ value: z.string() }) } as never,
  (({ value }: { value: string }) => value.charAt(0).toUpperCase() + value.slice(1)) as never,
);

export function oracle09(messages: readonly Json[]): Oracle {
  const ids = messages.flatMap((message) => (message.createSurface as Json)?.catalogId ?? []) as string[];
  const functions = [...createBasicCatalogFunctions({ locale: "en-US" }), capitalize];
  const catalogs = [...new Set(ids)].map(
    (id) => new Catalog(id, BASIC_COMPONENTS as never[], functions as never[]),
  );
  const processor = new MessageProcessor(catalogs as never);
  processor.processMessages(structuredClone(messages) as never); // it writes into what it is given
  const surfaces = [...processor.model.surfacesMap.values()].map((surface) => {
    const root = peekValue(new NodeResolver(surface as never, surface.catalog as never).rootNode);
    return [
      surface.id,
      { tree: root ? dump09(root as never) : null, dataModel: surface.dataModel.get("/") },
    ] as const;
  });
  return Object.fromEntries(surfaces);
}

function dump09(node: {
  componentId: string;
  type: string;
  dataPath: string;
  state: string;
  props: never;
}): Json {
  const { componentId: id, type, dataPath: path, state } = node;
  return { id, type, path, state, props: value09(peekValue(node.props)) };
}

function value09(value: unknown): unknown {
  if (isComponentNode(value)) return { $node: dump09(value as never) };
  if (value instanceof ResolvedBinding) return value09(value.value);
  if (typeof value === "function") return "<Action>";
  if (Array.isArray(value)) return value.map(value09);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, value09(item)]));
}

interface Node08 {
  id: string;
  type: string;
  dataContextPath: string;
  weight: number | "initial";
  properties: Json;
}

export function oracle08(messages: readonly Json[]): Oracle {
  const processor = new A2uiMessageProcessor();
  processor.processMessages(structuredClone(messages) as never); // it writes into what it is given
  const surfaces = [...processor.getSurfaces()].map(([id, surface]) => {
    const value = (raw: unknown, node: Node08): unknown => {
      if (isNode08(raw)) return { $node: dump08(raw) };
      if (Array.isArray(raw)) return raw.map((item) => value(item, node));
      if (typeof raw !== "object" || raw === null) return raw;
      const { path, ...rest } = raw as Json;
      const literals = Object.entries(rest).filter(([key]) => key.startsWith("literal"));
      const literal = literals[0]?.[1];
      if (typeof path === "string") return plain(processor.getData(node as never, path, id)) ?? literal;
      if (literals.length) return literal;
      return Object.fromEntries(Object.entries(raw).map(([key, item]) => [key, value(item, node)]));
    };
    const dump08 = (node: Node08): Json => {
      const { action, ...properties } = node.properties;
      const weight = node.weight === "initial" ? {} : { weight: node.weight };
      const props = {
        ...(value(properties, node) as Json),
        ...weight,
        ...(action !== undefined && { action: "<Action>" }),
      };
      return { id: node.id, type: node.type, path: node.dataContextPath, state: "resolved", props };
    };
    const tree = surface.componentTree as unknown as Node08 | null;
    return [id, { tree: tree ? dump08(tree) : null, dataModel: plain(surface.dataModel) }] as const;
  });
  return Object.fromEntries(surfaces);
}

function isNode08(value: unknown): value is Node08 {
  return typeof value === "object" && value !== null && "dataContextPath" in value && "properties" in value;
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

/** Without what is nothing: null, undefined and `""` are one. */
export function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => bare(item) ?? null);
  if (value === "" || value === null) return undefined;
  if (typeof value !== "object") return value;
  const entries = Object.entries(value as Json).map(([key, item]) => [key, bare(item)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}
