/** The surfaces of an engine as plain JSON, for the command line and for tests. */

import { LiveAction } from "./action";
import { PATTERN } from "./checks";
import type { Engine } from "./engine";
import { isObject, mapValues, type Props } from "./json";
import { LiveNode } from "./live-node";
import { messagesOf } from "./message";

export { Engine } from "./engine";
export { messagesOf };

export function dump(engine: Engine): Props {
  const surfaces = [...engine.surfaces.values()].map(({ id, root, data, problems }) => {
    const tree = root ? dumpNode(root) : null;
    return [id, { tree, dataModel: data.value ?? null, errors: problems }] as const;
  });
  return { surfaces: Object.fromEntries(surfaces) };
}

export function dumpNode(node: LiveNode): Props {
  const { id, type, path, state } = node;
  return { id, type, path, state, props: { ...mapValues(node.props, dumpValue), ...dumpChecks(node) } };
}

function dumpValue(value: unknown): unknown {
  if (value instanceof LiveNode) return { $node: dumpNode(value) };
  if (value instanceof LiveAction) return "<Action>";
  if (Array.isArray(value)) return value.map(dumpValue);
  return isObject(value) ? mapValues(value, dumpValue) : value;
}

/** Under the names that web_core has for them. */
function dumpChecks({ definition, failures, state, surface }: LiveNode): Props {
  const checks = definition?.props.checks;
  if (state !== "resolved" || checks === undefined || checks === null) return {};
  const own = failures.filter(({ message }) => surface.family === "1.0" || message !== PATTERN.message);
  const validationErrors = own.map(({ message }) => message);
  return { checks: unmarked(checks), isValid: own.length === 0, validationErrors };
}

/** As drafts spell it, so that the spelling of a surface does not show. */
function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarked);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.replace(/^@/, ""), unmarked(item)]),
  );
}
