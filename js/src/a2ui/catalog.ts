/** Which components and functions there are under which id. */

import { BASIC_FUNCTIONS, type FunctionSpec } from "./functions";
import { isObject, type Props } from "./json";

export type Family = "0.8" | "0.9" | "1.0";

/** Where a component has its children: one id, a list (or template) of them, or one in each item of a list. */
export type Slot = "one" | "many" | readonly string[];

export interface ComponentSpec {
  readonly slots: Readonly<Record<string, Slot>>;
  readonly allowedParents?: readonly string[];
  readonly allowedChildren?: readonly string[];
}

export interface Catalog {
  readonly id: string;
  /** The protocol that it is written for; any if not said. */
  readonly family: Family | undefined;
  readonly components: ReadonlyMap<string, ComponentSpec>;
  readonly functions: ReadonlyMap<string, FunctionSpec>;
}

/** What an author registers: a catalog definition (JSON Schema for each component), with code for its functions. */
export interface CatalogDefinition {
  readonly catalogId: string;
  readonly protocolVersion?: string;
  /** Also everything of the basic catalog. */
  readonly extends?: "basic";
  readonly components?: Readonly<Record<string, Props>>;
  readonly functions?: Readonly<Record<string, FunctionSpec>>;
}

/** Agents write each of these for the basic catalog, whatever the version of their messages. */
const BASIC_ID =
  /^https:\/\/a2ui\.org\/specification\/v(0_(8|9|9_1|10)|1_0)\/(catalogs\/(basic|minimal)\/|basic_|standard_)[a-z_]*\.json$/;
const BASIC_IDS = new Set([
  "basic",
  "a2ui.org:standard_catalog_0_8_0",
  "https://a2ui.org/specification/v0_9/standard_catalog.json",
  "https://github.com/google/A2UI/blob/main/specification/v0_8/json/standard_catalog_definition.json",
  "https://github.com/google/A2UI/blob/main/specification/0.8/json/standard_catalog_definition.json",
]);

const LEAVES = [
  "AudioPlayer",
  "CheckBox",
  "DateTimeInput",
  "Divider",
  "Icon",
  "Image",
  "Slider",
  "Text",
  "TextField",
];
const LEAF: ComponentSpec = { slots: {} };
const ONE: ComponentSpec = { slots: { child: "one" } };
/** Of a component whose properties its catalog leaves open. */
const UNSAID: ComponentSpec["slots"] = { child: "one", children: "many" };
const MANY: ComponentSpec = { slots: { children: "many" } };

/** Both the names of 0.8 and those of later versions: no name means something else in another version. */
const BASIC_COMPONENTS: ReadonlyMap<string, ComponentSpec> = new Map<string, ComponentSpec>([
  ...[...LEAVES, "Video", "ChoicePicker", "MultipleChoice"].map((name) => [name, LEAF] as const),
  ...["Row", "Column", "List"].map((name) => [name, MANY] as const),
  ["Card", ONE],
  ["Button", ONE],
  ["Tabs", { slots: { tabs: ["child"], tabItems: ["child"] } }],
  ["Modal", { slots: { trigger: "one", content: "one", entryPointChild: "one", contentChild: "one" } }],
]);

export const BASIC: Catalog = {
  id: "basic",
  family: undefined,
  components: BASIC_COMPONENTS,
  functions: BASIC_FUNCTIONS,
};

export function isBasicId(id: string): boolean {
  return BASIC_ID.test(id) || BASIC_IDS.has(id);
}

export function familyOf(version: string | undefined): Family | undefined {
  if (version === undefined) return undefined;
  if (/^v?1(\.|$)/.test(version)) return "1.0";
  if (/^v?0\.8(\.|$)/.test(version)) return "0.8";
  return /^v?0\.(9|10)(\.|$)/.test(version) ? "0.9" : undefined;
}

export function catalogOf(definition: CatalogDefinition): Catalog {
  const base = definition.extends === "basic" ? BASIC : undefined;
  const components = Object.entries(definition.components ?? {});
  return {
    id: definition.catalogId,
    family: familyOf(definition.protocolVersion),
    components: new Map([
      ...(base?.components ?? []),
      ...components.map(([name, spec]) => [name, specOf(spec)] as const),
    ]),
    functions: new Map([...(base?.functions ?? []), ...Object.entries(definition.functions ?? {})]),
  };
}

function specOf(schema: Props): ComponentSpec {
  const properties = Object.entries(propertiesOf(schema));
  const slots = properties.flatMap(([name, property]) => {
    const slot = slotOf(property);
    return slot ? [[name, slot] as const] : [];
  });
  const { allowedParents, allowedChildren } = schema as unknown as ComponentSpec;
  return {
    slots: properties.length ? Object.fromEntries(slots) : UNSAID,
    ...(allowedParents && { allowedParents }),
    ...(allowedChildren && { allowedChildren }),
  };
}

function slotOf(property: unknown): Slot | undefined {
  if (!isObject(property)) return undefined;
  if (refersTo(property, /\/(ComponentId|Child)$/)) return "one";
  if (refersTo(property, /\/ChildList$/)) return "many";
  if (!isObject(property.items)) return undefined;
  if (refersTo(property.items, /\/(ComponentId|Child)$/)) return "many";
  const nested = Object.entries(propertiesOf(property.items)).filter(([, item]) => slotOf(item) === "one");
  return nested.length ? nested.map(([name]) => name) : undefined;
}

function refersTo(schema: Props, name: RegExp): boolean {
  return typeof schema.$ref === "string" && name.test(schema.$ref);
}

/** Those of the schema and of all that it is put together from. */
function propertiesOf(schema: Props): Props {
  const parts = Array.isArray(schema.allOf) ? schema.allOf.filter(isObject).map(propertiesOf) : [];
  return Object.assign({}, ...parts, isObject(schema.properties) ? schema.properties : {});
}
