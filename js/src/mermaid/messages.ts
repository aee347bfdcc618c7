/** What the page and the frame with the engine say to each other. The engine says it as JSON text: text has a length before it is read. */

import type { Scheme } from "../drawer";
import { type Branch, isBranch } from "../nodes";

/** Page to frame. */
export type Order =
  | { t: "files"; name: string; files: readonly (readonly [name: string, source: string])[] }
  | Commission;

export interface Commission {
  t: "draw";
  id: number;
  source: string;
  scheme: Scheme;
  /** What the chat's words are set in: the engine measures with it. */
  font: string;
  /** How wide what takes all the width may be. */
  width: number;
}

/** Frame to page. */
export type Report =
  | { t: "want"; name: string }
  | { t: "ready" }
  | { t: "drawn"; id: number; type: string; title: string; tree: Branch }
  | { t: "failed"; id: number; message: string };

/** A drawing of some thousand shapes; what is larger is nothing that anybody could read. */
export const MAX_REPORT = 4_000_000;
const MAX_WORDS = 2_000;

const isWords = (value: unknown): boolean => typeof value === "string" && value.length <= MAX_WORDS;

/** What each field must be for a report to be one. */
const SCHEMA: Record<Report["t"], Record<string, (value: unknown) => boolean>> = {
  want: { name: isWords },
  ready: {},
  drawn: { id: Number.isInteger, type: isWords, title: isWords, tree: isBranch },
  failed: { id: Number.isInteger, message: isWords },
};

/** The report that `data` is, if it is one: the frame is not trusted more than what it draws. */
export function readReport(data: unknown): Report | undefined {
  if (typeof data !== "string" || data.length > MAX_REPORT) return undefined;
  const report = parsed(data);
  const t = report?.t;
  if (typeof t !== "string" || !Object.hasOwn(SCHEMA, t)) return undefined;
  const fields = Object.entries(SCHEMA[t as Report["t"]]);
  return fields.every(([name, isValid]) => isValid(report?.[name]))
    ? (report as unknown as Report)
    : undefined;
}

function parsed(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
