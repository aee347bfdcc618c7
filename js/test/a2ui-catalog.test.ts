import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BASIC, isBasicId, type Slot } from "../src/a2ui/catalog";

type Property = { kind: string; item?: Property; props?: Record<string, Property> } | null;
type Components = Record<string, { props: Record<string, Property> }>;

/** The table of both languages, of which the front end has only what it needs. */
const FILE = join(import.meta.dirname, "../../src/agui_widget/a2ui/catalog.json");
const TABLE = existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")) : undefined;

function slotOf(property: Property): Slot | undefined {
  if (property?.kind === "ComponentId") return "one";
  if (property?.kind === "ChildList") return "many";
  const fields = Object.entries(property?.item?.props ?? {}).filter(
    ([, field]) => field?.kind === "ComponentId",
  );
  return fields.length ? fields.map(([name]) => name) : undefined;
}

function slots(components: Components): [string, string, Slot][] {
  return Object.entries(components).flatMap(([type, { props }]) =>
    Object.entries(props ?? {}).flatMap(([name, property]) => {
      const slot = slotOf(property);
      return slot ? [[type, name, slot] as [string, string, Slot]] : [];
    }),
  );
}

describe.skipIf(!TABLE)("the table of both languages", () => {
  it("knows no component, function or id that the engine does not", () => {
    const components: Components = { ...TABLE.components, ...TABLE.v0_8.components };
    const missing = [
      ...Object.keys(components).filter((name) => !BASIC.components.has(name)),
      ...[...Object.keys(TABLE.functions), ...Object.keys(TABLE.minimal.functions)].filter(
        (name) => !BASIC.functions.has(name),
      ),
      ...[...Object.values<string[]>(TABLE.ids), ...Object.values<string[]>(TABLE.minimal.ids)]
        .flat()
        .filter((id) => !isBasicId(id)),
    ];
    expect(missing).toEqual([]);
    expect([...BASIC.components.keys()].filter((name) => !(name in components))).toEqual([]);
  });

  it("has children where the engine has them", () => {
    for (const [type, name, slot] of [...slots(TABLE.components), ...slots(TABLE.v0_8.components)]) {
      expect([type, name, BASIC.components.get(type)?.slots[name]]).toEqual([type, name, slot]);
    }
  });
});
