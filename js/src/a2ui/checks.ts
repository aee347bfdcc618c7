/** Whether a component holds what it is to hold. */

import { FAILURES, isTruthy, matches } from "./functions";
import { isObject, type Props } from "./json";
import type { LiveNode } from "./live-node";
import type { Definition } from "./message";
import type { Failure } from "./node";
import { Reader } from "./reader";

export const NO_FAILURES: readonly Failure[] = [];

export function failuresOf(
  node: LiveNode,
  { props: { checks } }: Definition,
  props: Props,
): readonly Failure[] {
  if (checks === undefined && props.validationRegexp === undefined) return NO_FAILURES;
  const reader = new Reader(node.surface, node.position, node.address, node);
  const rules = Array.isArray(checks) ? checks.filter(isObject) : [];
  const failures = rules.flatMap((rule) => failureOf(rule, reader) ?? []);
  return isMismatch(props) ? [...failures, { ...PATTERN, severity: "error" }] : failures;
}

function failureOf(rule: Props, reader: Reader): Failure | undefined {
  const { family, spelling } = reader.surface;
  const condition = rule.condition ?? rule; // some write the call and its message side by side
  const result = reader.value(condition);
  if (isTruthy(result)) return undefined;
  const said = isObject(result) ? result : {};
  const name = isObject(condition) ? condition[spelling.call] : undefined;
  const usual = family === "1.0" ? FAILURES[String(name)] : undefined;
  const code = said.code ?? usual?.code;
  const severity = said.severity === "warning" || said.severity === "info" ? said.severity : "error";
  const message = String(said.message ?? rule.message ?? usual?.message ?? "Validation failed");
  return { message, severity, ...(code !== undefined && { code: String(code) }) };
}

export const PATTERN = { code: "PATTERN_MISMATCH", message: "Please match the requested format." };

/** Of a text field of 0.8 and 0.9; an empty one is for `required` to say. */
function isMismatch({ validationRegexp, value, text }: Props): boolean {
  const entered = value ?? text;
  if (typeof validationRegexp !== "string" || typeof entered !== "string" || entered === "") return false;
  try {
    return !matches(entered, validationRegexp);
  } catch {
    return false;
  }
}
