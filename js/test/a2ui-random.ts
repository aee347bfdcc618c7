/** Interfaces put together at random, the same for the same seed. */

type Json = Record<string, unknown>;

export class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed * 2654435761 + 1;
  }

  /** In [0, 1). Source: mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  isOne(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const keyed = items.map((item) => [this.next(), item] as const);
    return keyed.sort(([a], [b]) => a - b).map(([, item]) => item);
  }

  /** Cut a list into runs. */
  chunks<T>(items: readonly T[]): T[][] {
    const cut: T[][] = [[]];
    for (const item of items) {
      if (this.isOne(0.4)) cut.push([]);
      cut.at(-1)?.push(item);
    }
    return cut.filter((chunk) => chunk.length);
  }
}

const KEYS = ["title", "count", "on", "tags", "rows", "user", "a~b", "x.y"];
const PATHS = [
  "/title",
  "/count",
  "/on",
  "/tags",
  "/rows",
  "/rows/0/title",
  "/user/title",
  "title",
  "count",
  ".",
  "",
];
const MORE_PATHS = [
  "/rows/1",
  "/rows/1/rows",
  "/user",
  "/a~0b",
  "/tags/0",
  "rows/0/count",
  "/user/rows/2/title",
];
const TEMPLATES = [
  "Hello ${/title}!",
  "${title} of ${count}",
  "\\${no} ${formatNumber(value: ${/count}, decimals: 1)}",
  "${formatCurrency(value: count, currency: 'EUR')} ${'q\\'s'} ${12.5} ${true} ${null}",
  "${formatDate(value: '2025-07-15T19:04:05', format: 'EEEE, d MMMM y \\'at\\' h:mm a')}",
  "${and(values: ${/on})}",
  "${unknown(x: 1)}|${/user}|${/rows/0}",
  "${pluralize(value: ${/count}, one: 'one', other: 'many')}",
  "open ${",
  "${1.2.3}",
  "${f(x)}",
];
const FORMATS = [
  "yyyy-MM-dd",
  "EEE, MMM do",
  "H:mm:ss.SSS",
  "h a",
  "'week' Q",
  "ISO",
  "yy MMMMM EEEEE",
  "DD",
  "aaaa k K",
];
const CATALOG = "https://a2ui.org/specification/v0_9/catalogs/basic/catalog.json";

/** Messages of 0.9, each of which web_core takes. */
export function messages09(random: Random, version = "v0.9"): Json[] {
  const surfaceId = "s";
  const components = random.chunks(random.shuffle(components09(random, 4 + random.below(10))));
  const updates = components.map((chunk) => ({
    version,
    updateComponents: { surfaceId, components: chunk },
  }));
  const data = Array.from({ length: 1 + random.below(5) }, () => ({
    version,
    updateDataModel: { surfaceId, ...dataUpdate(random) },
  }));
  const created = {
    version,
    createSurface: { surfaceId, catalogId: CATALOG, sendDataModel: random.isOne(0.5) },
  };
  return [created, ...random.shuffle([...updates, ...data])];
}

export function components09(random: Random, count: number): Json[] {
  const ids = ["root", ...Array.from({ length: count }, (_, i) => `c${i}`)];
  return ids.map((id, i) => ({ id, ...component09(random, ids, i) }));
}

function component09(random: Random, ids: readonly string[], own: number): Json {
  // Mostly further down the list, so that trees are more usual than cycles.
  const child = () =>
    ids[random.isOne(0.97) ? Math.min(own + 1 + random.below(4), ids.length) : random.below(ids.length)] ??
    "late";
  const children = () => {
    if (random.isOne(0.35))
      return { componentId: child(), path: random.pick(["/rows", "rows", "/tags", "/user/rows", "/title"]) };
    return Array.from({ length: random.below(4) }, child);
  };
  const text = () => dynamic(random, "words");
  const checks = () =>
    random.isOne(0.5) ? { checks: [{ condition: condition(random, 0), message: "No." }] } : {};
  const kinds: (() => Json)[] = [
    () => ({
      component: "Text",
      text: text(),
      ...(random.isOne(0.4) && { variant: random.pick(["h1", "body"]) }),
    }),
    () => ({ component: random.pick(["Row", "Column"]), children: children(), justify: "center", weight: 2 }),
    () => ({ component: "List", children: children(), direction: "horizontal" }),
    () => ({ component: "Card", child: child() }),
    () => ({
      component: "Tabs",
      tabs: [
        { title: text(), child: child() },
        { title: "Two", child: child() },
      ],
    }),
    () => ({ component: "Modal", trigger: child(), content: child() }),
    () => ({
      component: "Button",
      child: child(),
      ...checks(),
      action: { event: { name: "go", context: { x: text() } } },
    }),
    () => ({ component: "TextField", label: text(), value: { path: random.pick(PATHS) }, ...checks() }),
    () => ({ component: "CheckBox", label: "On", value: { path: "on" }, ...checks() }),
    () => ({ component: "ChoicePicker", options: [{ label: text(), value: "a" }], value: { path: "/tags" } }),
    () => ({ component: "Slider", value: dynamic(random, 3), max: 9 }),
    () => ({ component: "Image", url: text(), accessibility: { label: text() } }),
  ];
  const isLeafNeeded = own === ids.length - 1;
  return own === 0
    ? (kinds[1 + random.below(2)] as () => Json)()
    : isLeafNeeded
      ? (kinds[0] as () => Json)()
      : random.pick(kinds)();
}

function dynamic(random: Random, literal: unknown, depth = 0): unknown {
  const kind = random.below(8);
  if (kind < 2) return literal;
  if (kind < 5) return { path: random.pick([...PATHS, ...MORE_PATHS]) };
  if (kind < 6)
    return { call: "formatString", args: { value: random.pick(TEMPLATES) }, returnType: "string" };
  if (depth > 2) return literal;
  return call(random, depth + 1);
}

function call(random: Random, depth: number): unknown {
  const value = () => dynamic(random, random.pick([1, 2.5, "7", "x", true, 1234567]), depth);
  const calls: (() => Json)[] = [
    () => ({ call: "formatNumber", args: { value: value(), decimals: random.below(4) } }),
    () => ({
      call: "formatCurrency",
      args: { value: value(), currency: random.pick(["USD", "EUR", "nope"]) },
    }),
    () => ({ call: "formatDate", args: { value: "2025-11-03T08:09:10.123", format: random.pick(FORMATS) } }),
    () => ({ call: "pluralize", args: { value: value(), one: "one", other: "many" } }),
    () => ({
      call: random.pick(["add", "subtract", "multiply", "divide"]),
      args: { a: value(), b: value() },
    }),
    () => ({
      call: random.pick(["greater_than", "less_than", "equals", "not_equals"]),
      args: { a: value(), b: value() },
    }),
    () => ({ call: "contains", args: { string: value(), substring: "x" } }),
    () => ({ call: random.pick(["starts_with"]), args: { string: value(), prefix: "1" } }),
    () => condition(random, depth) as Json,
  ];
  return { ...random.pick(calls)(), returnType: "any" };
}

function condition(random: Random, depth: number): unknown {
  const value = { path: random.pick(PATHS) };
  const inner = () => (depth > 2 ? true : condition(random, depth + 1));
  const calls: (() => unknown)[] = [
    () => value,
    () => ({ call: "required", args: { value }, returnType: "boolean" }),
    () => ({ call: "email", args: { value }, returnType: "boolean" }),
    () => ({ call: "length", args: { value, min: 1, max: 5 }, returnType: "boolean" }),
    () => ({ call: "regex", args: { value, pattern: "^[a-z ]+$" }, returnType: "boolean" }),
    () => ({ call: random.pick(["and", "or"]), args: { values: [inner(), inner()] }, returnType: "boolean" }),
    () => ({ call: "not", args: { value: inner() }, returnType: "boolean" }),
  ];
  return random.pick(calls)();
}

function dataUpdate(random: Random): Json {
  const kind = random.below(6);
  if (kind < 2) return { path: "/", value: data(random, 0) };
  if (kind === 2) return { value: data(random, 0) };
  if (kind === 3) return { path: random.pick(["/title", "/rows/0", "/user/title", "/gone/deep"]) };
  return {
    path: random.pick(["/rows", "/rows/0/title", "/user", "/new/0/title", "/a~0b"]),
    value: datum(random, 1),
  };
}

function data(random: Random, depth: number): Json {
  const keys = KEYS.filter(() => random.isOne(0.7));
  return Object.fromEntries(keys.map((key) => [key, typed(random, key, depth)]));
}

function typed(random: Random, key: string, depth: number): unknown {
  if (key === "rows")
    return depth > 1 ? [] : Array.from({ length: random.below(4) }, () => data(random, depth + 1));
  if (key === "user") return depth > 1 ? null : data(random, depth + 1);
  if (key === "tags") return ["a", "b"].slice(random.below(3));
  return key === "on" ? random.isOne(0.5) : key === "count" ? random.below(2000) / 4 : datum(random, 9);
}

function datum(random: Random, depth: number): unknown {
  const simple = [1, 0, 42.5, "", "word", "two words", "a@b.co", true, false, null];
  if (depth < 3 && random.isOne(0.5))
    return random.isOne(0.5) ? data(random, depth) : [data(random, depth), data(random, depth)];
  return random.pick(simple);
}

const PATHS08 = [
  "/title",
  "title",
  "/user/title",
  "user.title",
  "/rows/r1/title",
  "/item/title",
  "./title",
  ".",
];

/** Messages of 0.8, each of which web_core takes. */
export function messages08(random: Random): Json[] {
  const surfaceId = "s";
  const ids = ["root", ...Array.from({ length: 3 + random.below(7) }, (_, i) => `c${i}`)];
  const all = ids.map((id, i) => ({
    id,
    ...(random.isOne(0.2) && { weight: 2 }),
    component: component08(random, ids, i),
  }));
  // All at once: web_core refuses a component that refers to one which is not there.
  const update = { surfaceUpdate: { surfaceId, components: random.shuffle(all) } };
  const data = Array.from({ length: 1 + random.below(4) }, () => ({
    dataModelUpdate: {
      surfaceId,
      ...(random.isOne(0.6)
        ? { path: "/" }
        : { path: random.pick(["/user", "/rows.r1", "/list/0", "rows"]) }),
      contents: contents(random, 0),
    },
  }));
  return [update, { beginRendering: { surfaceId, root: "root", styles: { font: "X" } } }, ...data];
}

function component08(random: Random, ids: readonly string[], own: number): Json {
  const child = () => ids[Math.min(own + 1 + random.below(4), ids.length - 1)] as string;
  const text = () => {
    return random.pick([{ literalString: "words" }, { path: random.pick(PATHS08) }]);
  };
  const children = () =>
    random.isOne(0.4)
      ? { template: { componentId: child(), dataBinding: random.pick(["/rows", "rows", "/list", "tags"]) } }
      : { explicitList: Array.from({ length: random.below(3) }, child) };
  const kinds: (() => Json)[] = [
    () => ({ Row: { children: children(), alignment: "center" } }),
    () => ({ Column: { children: children() } }),
    () => ({ Card: { child: child() } }),
    () => ({ Button: { child: child(), action: { name: "go", context: [{ key: "x", value: text() }] } } }),
    () => ({ Tabs: { tabItems: [{ title: { literalString: "One" }, child: child() }] } }),
    () => ({ Modal: { entryPointChild: child(), contentChild: child() } }),
    () => ({ Text: { text: text(), usageHint: "h1" } }),
    () => ({ TextField: { label: { literalString: "Name" }, text: text() } }),
    () => ({ CheckBox: { label: { literalString: "On" }, value: { path: "on" } } }),
    () => ({
      MultipleChoice: {
        selections: { path: "/tags" },
        options: [{ label: { literalString: "A" }, value: "a" }],
      },
    }),
  ];
  if (own === ids.length - 1) return (kinds[6] as () => Json)();
  return own === 0 ? (kinds[random.below(2)] as () => Json)() : random.pick(kinds)();
}

function contents(random: Random, depth: number): Json[] {
  const entries: (() => Json)[] = [
    () => ({ key: "title", valueString: random.pick(["a title", "5", ""]) }),
    () => ({ key: "on", valueBoolean: random.isOne(0.5) }),
    () => ({ key: "list", valueString: '[{"title": "one"}, {"title": "two", "rows": [1]}]' }),
    () => ({ key: "tags", valueString: random.pick(['["a", "b"]', "not [json]"]) }),
    () => ({ key: "count", valueNumber: random.below(100) }),
    () => ({ key: "user", valueMap: depth > 1 ? [] : contents(random, depth + 1) }),
    () => ({
      key: "rows",
      valueMap:
        depth > 1 ? [] : rowKeys(random).map((key) => ({ key, valueMap: contents(random, depth + 1) })),
    }),
  ];
  return entries.filter(() => random.isOne(0.7)).map((entry) => entry());
}

function rowKeys(random: Random): string[] {
  return random.shuffle(["r1", "r2", "r3"]).slice(random.below(3));
}
