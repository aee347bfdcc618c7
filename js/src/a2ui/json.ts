/** What JSON is made of: telling its values apart, comparing them, and pointing into them. */

export type Props = Readonly<Record<string, unknown>>;
export type Pointer = readonly string[];

/** Deeper than this is not taken from an agent: recursion over it could end the page's stack. */
export const MAX_DEPTH = 200;
const MAX_INDEX = 100_000;

/** Reading or writing these would reach what every object of the page shares. */
const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);

export function isObject(value: unknown): value is Props {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isPlain(value: unknown): value is Props {
  if (!isObject(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Equal as JSON. What is not JSON (a node, an action) equals only itself. */
export function equal(a: unknown, b: unknown, depth = 0): boolean {
  if (Object.is(a, b)) return true;
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i], depth + 1));
  }
  if (!isPlain(a) || !isPlain(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key], depth + 1))
  );
}

export function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth > MAX_DEPTH) return true;
  return Object.values(value).some((item) => isTooDeep(item, depth + 1));
}

/** The same keys with other values; without `__proto__`, which would be no key. */
export function mapValues(value: Props, change: (item: unknown, key: string) => unknown): Props {
  const changed: Record<string, unknown> = {};
  for (const key of Object.keys(value)) if (key !== "__proto__") changed[key] = change(value[key], key);
  return changed;
}

/** The item of an object or array: own, and never a length or method. */
export function at(container: unknown, key: string): unknown {
  if (typeof container !== "object" || container === null) return undefined;
  if (Array.isArray(container)) return isIndex(key) ? container[Number(key)] : undefined;
  return Object.hasOwn(container, key) ? (container as Props)[key] : undefined;
}

export function isIndex(key: string): boolean {
  return /^(0|[1-9]\d*)$/.test(key);
}

/** Where a path leads from `scope`. Source: RFC 6901, and A2UI 0.9 for relative paths. */
export function pointerOf(path: string, scope: Pointer = []): Pointer {
  const own = segmentsOf(path);
  return path.startsWith("/") ? own : own.length ? [...scope, ...own] : scope;
}

const MAX_CACHED = 1000;
const cache = new Map<string, Pointer>();

/** Few paths are read for many rows, so each is taken apart once. */
function segmentsOf(path: string): Pointer {
  const known = cache.get(path);
  if (known) return known;
  const segments = path
    .replace(/^\.(\/|$)/, "")
    .split("/")
    .filter((segment) => segment !== "")
    .map((segment) => segment.replace(/~[01]/g, (code) => (code === "~1" ? "/" : "~")));
  checked(segments, path);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(path, segments);
  return segments;
}

/** A path of 0.8, where `a[0].b` is `/a/0/b`. */
export function pointerOf08(path: string, scope: Pointer = []): Pointer {
  const segments = path
    .replace(/\[(\d+)\]/g, ".$1")
    .split(/[./]/)
    .filter((segment) => segment !== "");
  return checked(path.startsWith("/") ? segments : [...scope, ...segments], path);
}

/** Inside a template of 0.8 every binding is relative, however it starts: as web_core reads it. */
export function relative08(path: string): string {
  return ["/item", "/text", "/label", "/"].reduce(
    (rest, start) =>
      rest.replace(/^\.\//, "/").startsWith(start) ? rest.replace(/^\./, "").slice(start.length) : rest,
    path,
  );
}

export function pathOf(pointer: Pointer): string {
  return `/${pointer.map((segment) => segment.replace(/~/g, "~0").replace(/\//g, "~1")).join("/")}`;
}

function checked(pointer: Pointer, path: string): Pointer {
  const bad = pointer.find((segment) => FORBIDDEN.has(segment));
  if (bad !== undefined) throw new Error(`Forbidden path segment '${bad}' in path '${path}'.`);
  return pointer;
}

export function readAt(value: unknown, pointer: Pointer): unknown {
  return pointer.reduce(at, value);
}

/**
 * `root` with `value` at `pointer`; `undefined` takes the key away. What is on the way there is copied, never changed:
 * it may belong to a message, or be held by a node. Raises where a path leads through a text or number.
 *
 * 0.8 makes a map of whatever is missing or in the way: it has no lists but those in texts.
 */
export function withValue(
  root: unknown,
  pointer: Pointer,
  value: unknown,
  hasLists = true,
  depth = 0,
): unknown {
  const key = pointer[depth];
  if (key === undefined) return value;
  const before = hasLists || typeof root === "object" ? root : undefined;
  const holder = before ?? (hasLists && depth > 0 && isIndex(key) ? [] : {});
  if (typeof holder !== "object")
    throw new Error(`Cannot set '${pathOf(pointer)}': it leads through a value.`);
  if (Array.isArray(holder)) checkIndex(key, pointer);
  const item = withValue(at(holder, key), pointer, value, hasLists, depth + 1);
  const copy: Record<string, unknown> = Array.isArray(holder) ? (holder.slice() as never) : { ...holder };
  if (item === undefined && !Array.isArray(holder)) delete copy[key];
  else copy[key] = item;
  return copy;
}

function checkIndex(key: string, pointer: Pointer): void {
  if (!isIndex(key)) throw new Error(`'${key}' in '${pathOf(pointer)}' is no index of an array.`);
  if (Number(key) > MAX_INDEX) throw new Error(`Index ${key} in '${pathOf(pointer)}' is over ${MAX_INDEX}.`);
}
