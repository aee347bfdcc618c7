/** How a surface writes its bindings: the final 1.0 marks them with `@`, its drafts do not. */

import { isObject } from "./json";

export interface Spelling {
  readonly path: string;
  readonly call: string;
}

export const PLAIN: Spelling = { path: "path", call: "call" };
export const MARKED: Spelling = { path: "@path", call: "@call" };

/** Whether bindings are marked with `@`; undefined if there are none to tell by. */
export function isMarked(value: unknown): boolean | undefined {
  if (Array.isArray(value)) return firstSaid(value);
  if (!isObject(value)) return undefined;
  if (["@path", "@call", "@checks", "@catalogId"].some((key) => key in value)) return true;
  const isBinding = typeof value.path === "string" && !("componentId" in value);
  const below = firstSaid(Object.values(value));
  return below ?? (isBinding || typeof value.call === "string" ? false : undefined);
}

function firstSaid(values: readonly unknown[]): boolean | undefined {
  const said = values.map(isMarked);
  return said.includes(true) ? true : said.includes(false) ? false : undefined;
}
