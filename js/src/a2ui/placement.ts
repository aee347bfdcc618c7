/** What may stand where: said, and shown nevertheless as well as can be. */

import type { Outlook, Position } from "./live-node";
import type { Surface } from "./surface";

/** Say what is wrong with a component where it stands. */
export function judgePlace(surface: Surface, id: string, position: Position, outlook: Outlook): void {
  const { state, type, catalogId } = outlook;
  const path = `/components/${id}`;
  if (state === "cyclic")
    surface.report("CYCLIC_REFERENCE", `Circular reference detected at component '${id}'.`, path);
  if (state === "unknown-type") {
    const message = `Component '${id}' has type '${type}', not in catalog '${catalogId}'.`;
    surface.report("UNKNOWN_COMPONENT_TYPE", message, path);
  }
  if (outlook.spec && surface.family === "1.0") judgeNeighbours(surface, id, position, outlook);
}

function judgeNeighbours(surface: Surface, id: string, { parent }: Position, { type, spec }: Outlook): void {
  const path = `/components/${id}`;
  const above = parent?.componentId ?? "Surface";
  const aboveType = parent?.type ?? "Surface";
  if (spec?.allowedParents && !spec.allowedParents.includes(aboveType)) {
    const where = `cannot be placed under parent '${above}' (${aboveType})`;
    const message = `Component '${id}' (${type}) ${where}. Allowed parents: ${quoted(spec.allowedParents)}.`;
    surface.report("UNALLOWED_PARENT", message, path);
  }
  const { allowedChildren } = (parent && surface.outlook(parent.componentId, parent.position).spec) || {};
  if (allowedChildren && !allowedChildren.includes(type)) {
    const what = `cannot contain child '${id}' (${type})`;
    const message = `Container '${above}' (${aboveType}) ${what}. Allowed children: ${quoted(allowedChildren)}.`;
    surface.report("UNALLOWED_CHILD", message, path);
  }
}

function quoted(names: readonly string[]): string {
  return `[${names.map((name) => `'${name}'`).join(", ")}]`;
}
