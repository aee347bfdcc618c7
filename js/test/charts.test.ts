import { parse, type Spec, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { describe, expect, test } from "vitest";
import { whyNothing, whyNotUnderstood } from "../src/charts/advice";
import "../src/charts/bounds";
import { selfContained } from "../src/charts/file";
import { guardedInterpreter } from "../src/charts/guard";
import { labelAngle, labelOf } from "../src/charts/label";
import { refusingLoader } from "../src/charts/loader";
import { read } from "../src/charts/spec";
import { tableOf } from "../src/charts/table";
import { configFor } from "../src/charts/theme";

const FENCE = "vega-lite";
const MIME = "application/vnd.vegalite.v5+json";
const reading = (spec: unknown, kind = FENCE) => read({ kind, text: JSON.stringify(spec) });
const BARS = {
  data: { values: [{ a: "x", b: 2 }] },
  mark: "bar",
  encoding: { x: { field: "a" }, y: { field: "b", type: "quantitative" } },
};

/** Runs a specification as a chart does, without a canvas; rejects with what went wrong first. */
async function run(given: object, maxMs?: number): Promise<View> {
  const problems: unknown[] = [];
  const quiet = () => logger;
  const error = (...what: unknown[]) => {
    problems.push(what.find((each) => each instanceof Error) ?? what);
    return logger;
  };
  const logger = { level: quiet, warn: quiet, info: quiet, debug: quiet, error };
  const { spec } = compile(given as TopLevelSpec, {
    config: configFor("light", "serif"),
    logger: logger as never,
  });
  const options = {
    loader: refusingLoader(() => {}),
    logger: logger as never,
    expr: guardedInterpreter(maxMs),
  };
  const view = new View(parse(spec as Spec, undefined, { ast: true }), options);
  await view.runAsync();
  if (problems.length) throw problems[0];
  return view;
}

/** What an expression comes to. */
async function resultOf(expression: string): Promise<unknown> {
  const view = await run({ ...BARS, transform: [{ calculate: expression, as: "found" }] });
  const rows = ["source_0", "data_0"].flatMap((set) => rowsOf(view, set));
  return rows.find((row) => "found" in row)?.found;
}

function rowsOf(view: View, name: string): Record<string, unknown>[] {
  try {
    return view.data(name);
  } catch {
    return [];
  }
}

describe("a chart that is not drawn", () => {
  test.each([
    [{ mark: "barr" }, "«barr» is no mark of Vega-Lite"],
    [{ layer: [{ mark: "bar" }, { mark: { type: "lines" } }] }, "«lines» is no mark of Vega-Lite"],
    [{ mark: "a\u202eb" }, "«a⟨U+202E⟩b» is no mark of Vega-Lite"],
    [{ mark: "bar", encoding: 7 }, "this is no chart that Vega-Lite understands"],
  ])("%j says which mark there is none of, if that is why", (spec, why) => {
    expect(whyNotUnderstood(spec)).toBe(why);
  });

  test.each([
    [{ x: { field: "a" }, y: { field: "cost" } }, "No row has a field «cost»: nothing can be drawn."],
    [{ x: { field: "a" }, y: { aggregate: "count" } }, "There is no data in this chart."],
  ])("%j says which field no row has", (encoding, why) => {
    expect(whyNothing({ data: { values: [{ a: 1 }, { a: 2 }] }, mark: "bar", encoding })).toBe(why);
  });

  test.each([
    ["made", { transform: [{ calculate: "datum.a", as: "made" }, { filter: "false" }] }],
    ["b.c", {}],
    ["b['c']", {}],
  ])("the field %s may be there, though no row says so", (field, more) => {
    const spec = {
      data: { values: [{ a: 1, b: { c: 1 } }] },
      mark: "bar",
      encoding: { y: { field } },
      ...more,
    };
    expect(whyNothing(spec)).toBe("There is no data in this chart.");
  });

  test("without rows has no field that is misspelt", () => {
    expect(whyNothing({ ...BARS, data: { values: [] } })).toBe("There is no data in this chart.");
  });
});

describe("a source", () => {
  test.each([
    ['{\n  "mark": bar\n}', 2, 11],
    ['{"mark": "bar",}', 1, 16],
    ['{"a": [1, 2,\n]}', 2, 1],
    ['{"a": 1 "b": 2}', 1, 9],
    ["{'a': 1}", 1, 2],
    ['{"a": 1 // one\n}', 1, 9],
    ['{"a": NaN}', 1, 7],
  ])("that is no JSON is refused by its place: %j", (text, line, column) => {
    expect(() => read({ kind: FENCE, text })).toThrow(`this is not JSON: line ${line}, column ${column}`);
  });

  test.each([["[]"], ["1"], ["null"], ['"text"']])("that is %s is no chart", (text) => {
    expect(() => read({ kind: FENCE, text })).toThrow("a chart is a JSON object");
  });

  test.each([[{ $schema: "https://vega.github.io/schema/vega/v5.json" }], [{ marks: [] }]])(
    "that is Vega is refused by its name: %j",
    (spec) => {
      expect(() => reading(spec)).toThrow("only Vega-Lite is drawn");
    },
  );

  test("of an older Vega-Lite is read", () => {
    const $schema = "https://vega.github.io/schema/vega-lite/v4.json";
    expect(reading({ $schema, ...BARS }).spec.mark).toBe("bar");
  });

  test.each([
    ["https://evil.example/rows.csv", "evil.example"],
    ["//evil.example/rows.csv", "“//evil.example/rows.csv”"],
    ["file:///etc/passwd", "file:"],
    ["javascript:alert(1)", "javascript:"],
    ["rows.csv", "“rows.csv”"],
  ])("is refused for its data at %s, which it names", (url, where) => {
    const inner = { data: { url }, mark: "bar" };
    const lookup = {
      ...BARS,
      transform: [{ lookup: "a", from: { data: { url }, key: "a", fields: ["b"] } }],
    };
    for (const spec of [inner, { vconcat: [inner] }, { ...BARS, layer: [inner] }, lookup])
      expect(() => reading(spec)).toThrow(`loaded from ${where}, and a chart here loads nothing`);
  });

  test("may have a field and a column that are called url", () => {
    const spec = {
      ...BARS,
      data: { values: [{ url: "https://a.example" }] },
      encoding: { text: { field: "url" } },
    };
    expect(reading(spec).notes).toEqual([]);
  });

  test("is as long as its kind may be", () => {
    const values = Array.from({ length: 15_000 }, (_, n) => ({ long_name: n }));
    const spec = { ...BARS, data: { values } };
    expect(() => reading(spec)).toThrow("longer than 200,000 characters");
    expect(reading(spec, MIME).notes).toEqual([]);
  });

  test("has no more rows, views and pixels than can be drawn", () => {
    const values = Array.from({ length: 200_001 }, () => 1);
    expect(() => reading({ ...BARS, data: { values } }, MIME)).toThrow("more than 200,000 rows");
    expect(() => reading({ ...BARS, datasets: { a: values } }, MIME)).toThrow("more than 200,000 rows");
    expect(() => reading({ repeat: values.slice(0, 300), spec: BARS })).toThrow("views");
    expect(() => reading({ vconcat: Array(300).fill({}) })).toThrow("views");
    const eight = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const nested = {
      repeat: eight,
      spec: { repeat: { row: eight }, spec: { hconcat: [BARS, BARS, BARS, BARS] } },
    };
    expect(() => reading(nested)).toThrow("views");
    expect(() => reading({ ...BARS, width: 1e9 })).toThrow("larger than a picture");
    expect(() => reading({ ...BARS, height: { step: 1e9 } })).toThrow("larger than a picture");
  });

  test("has no table with more cells, and no map with more points, than can be drawn", () => {
    const names = Array.from({ length: 2_000 }, (_, n) => `n${n}`).join();
    const values = `${names}\n${"1\n".repeat(2_000)}`;
    expect(() => reading({ ...BARS, data: { values, format: { type: "csv" } } })).toThrow("cells");
    const line = { type: "LineString", arcs: Array(1_000).fill(0) };
    const map = { type: "Topology", arcs: [Array(1_000).fill([0, 0])], objects: { line } };
    const format = { type: "topojson", feature: "line" };
    for (const values of [map, JSON.stringify(map)])
      expect(() => reading({ ...BARS, data: { values, format } })).toThrow("more than 200,000 rows");
  });

  test.each([[[0]], [[1e-9]], [["3"]], ["3"]])("has no digits in groups of %j", (grouping) => {
    expect(() => reading({ ...BARS, config: { locale: { number: { grouping } } } })).toThrow(
      "grouped by ones",
    );
  });

  test.each([["second"], [{ interval: "millisecond", step: 1 }], [{ expr: "1e9" }]])(
    "has no ticks by the %j",
    (tickCount) => {
      expect(() => reading({ ...BARS, encoding: { x: { axis: { tickCount } } } })).toThrow("axis ticks");
    },
  );

  test("loses its inputs, and says so; scales and legends stay bound", () => {
    const bound = (bind: unknown) => reading({ ...BARS, params: [{ name: "p", bind }] });
    expect(bound({ input: "range" }).notes).toHaveLength(1);
    expect(bound({ element: "#root" }).spec.params).toEqual([{ name: "p" }]);
    expect(bound("scales").spec.params).toEqual([{ name: "p", bind: "scales" }]);
    expect(bound({ legend: "dblclick" }).notes).toEqual([]);
  });

  test("writes nothing into the objects of the page", async () => {
    const poison = '{"prototype": {"polluted": 1}, "polluted": 1}';
    const config = `{"style": {"constructor": ${poison}, "__proto__": ${poison}}, "constructor": ${poison}}`;
    const text = JSON.stringify({ ...BARS, config: 0 }).replace(
      '"config":0',
      `"config": ${config}, "__proto__": ${poison}`,
    );
    await run(read({ kind: FENCE, text }).spec);
    expect([({} as { polluted?: unknown }).polluted, (Object as { polluted?: unknown }).polluted]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test("keeps a column that is called constructor", () => {
    const values = [{ constructor: "Ferrari" }];
    expect(reading({ ...BARS, data: { values } }).spec.data).toEqual({ values });
  });
});

describe("an expression", () => {
  test.each<[string, unknown]>([
    ["datum.b * 2 + 1", 5],
    ["datum['b']", 2],
    ["upper(datum.a) + '!'", "X!"],
    ["datum.missing", undefined],
    ["datum.missing.further", undefined],
    ["if(datum.b > 1, 'much', 'little')", "much"],
    ["[1, 2, 3].length", 3],
    ["'text'.length", 4],
    ["sequence(3)[2]", 2],
    ["length(sequence(1, 2, 0.25))", 4],
    ["pad('7', 3, '0', 'left')", "007"],
    ["{a: datum.b}.a", 2],
    ["year(datetime(2025, 1, 1))", 2025],
    ["format(1234.5, ',.1f')", "1,234.5"],
    ["replace('a-b', '-', '+')", "a+b"],
    ["slice('abc', 1)", "bc"],
  ])("%s is evaluated", async (expression, value) => {
    expect(await resultOf(expression)).toEqual(value);
  });

  test.each([
    "datum.constructor",
    "datum['const' + 'ructor']",
    "datum.__proto__",
    "''.constructor",
    "[].map",
    "'a'.replace",
    "datum.toString",
    "sequence(1).constructor",
    "[datum.constructor][0]",
    "{a: datum.constructor}.a",
    "if(true, datum.constructor, 0)",
    "datetime(2025, 1).getTime",
    "length(0).constructor",
    "screen().orientation",
  ])("%s gives nothing", async (expression) => {
    expect(await resultOf(expression)).toBeUndefined();
  });

  test.each([
    "constructor",
    "toString",
    "__proto__",
    "alert(1)",
    "eval('1')",
    "datum.constructor.constructor('return 1')()",
    "window",
    "regexp('(a+)+$')",
    "test(/(a+)+$/, datum.a)",
    "replace(datum.a, /(a+)+$/, '')",
    "sequence(1e9)",
    "sequence(0, 1, 1e-9)",
    "timeSequence('seconds', 0, 1e15)",
    "modify('source_0', 1)",
    "format(1, '0100000000d')",
  ])("%s is refused", async (expression) => {
    await expect(resultOf(expression)).rejects.toThrow();
  });

  test("of an event reads what the pointer does, and nothing of the page", () => {
    const functions = Object.create({});
    const read = (expression: string) => {
      const [root, ...names] = expression.split(".");
      let ast: object = { type: "Identifier", name: root };
      for (const name of names)
        ast = {
          type: "MemberExpression",
          object: ast,
          property: { type: "Identifier", name },
          computed: false,
        };
      return guardedInterpreter().event({ functions } as never, { ast } as never)(event);
    };
    const event = Object.assign(new MouseEvent("click", { clientX: 7, shiftKey: true }), {
      vega: { view: () => window },
      item: window,
    });
    expect([read("event.clientX"), read("event.shiftKey")]).toEqual([7, true]);
    for (const hidden of [
      "event.view",
      "event.target",
      "event.vega.view",
      "event.item",
      "event.preventDefault",
    ])
      expect(read(hidden) ?? undefined).toBeUndefined();
  });

  test("that never ends is ended", async () => {
    const data = { sequence: { start: 0, stop: 100_000 } };
    const slow = "length(join(sequence(9000), '')) + length(join(sort(reverse(sequence(9000))), ''))";
    const spec = {
      data,
      transform: [{ calculate: slow, as: "c" }],
      mark: "point",
      encoding: { x: { field: "c" } },
    };
    await expect(run(spec, 50)).rejects.toThrow("too long to draw");
  });

  test.each([
    ["texts", "pad(datum.data, 10000)"],
    ["lists", "sequence(10000)"],
    ["lists that are written out", `[${Array(2_000).fill(0)}]`],
  ])("that makes more %s than there is room for is ended", async (_, calculate) => {
    const data = { sequence: { start: 0, stop: 20_000 } };
    await expect(run({ ...BARS, data, transform: [{ calculate, as: "c" }] })).rejects.toThrow(
      "would make more",
    );
  });

  test("that doubles a text over and over is ended", async () => {
    const doubled = { calculate: "datum.a + datum.a", as: "a" };
    await expect(run({ ...BARS, transform: Array(30).fill(doubled) })).rejects.toThrow("would make more");
  });
});

test("what is drawn of the parts of a facet is drawn", async () => {
  const values = ["a", "b"].flatMap((part) => [1, 2].map((n) => ({ part, n })));
  const mark = { type: "line", point: true };
  const encoding = { x: { field: "n" }, y: { field: "n" }, color: { field: "part" } };
  await expect(run({ data: { values }, mark, encoding })).resolves.toBeInstanceOf(View);
});

describe("what makes many things of few is bounded", () => {
  const values = Array.from({ length: 1_000 }, (_, n) => ({ n, list: Array.from({ length: 500 }, () => 1) }));
  const q = (field: string, more: object = {}) => ({ field, type: "quantitative", ...more });
  test.each<[string, object]>([
    ["sequence", { data: { sequence: { start: 0, stop: 1e9 } }, mark: "point" }],
    ["bin", { data: { values }, mark: "bar", encoding: { x: q("n", { bin: { step: 1e-9 } }) } }],
    ["bin", { data: { values }, mark: "bar", encoding: { x: q("n", { bin: { maxbins: 1e9 } }) } }],
    ["axisticks", { data: { values }, mark: "bar", encoding: { x: q("n", { axis: { tickCount: 1e9 } }) } }],
    [
      "scale",
      { data: { values }, mark: "bar", encoding: { x: q("n", { scale: { bins: { step: 1e-9 } } }) } },
    ],
    ["flatten", { data: { values }, transform: [{ flatten: ["list"] }], mark: "bar" }],
    ["quantile", { data: { values }, transform: [{ quantile: "n", step: 1e-9 }], mark: "bar" }],
    ["kde", { data: { values }, transform: [{ density: "n", steps: 1e9 }], mark: "bar" }],
    ["loess", { data: { values }, transform: [{ loess: "n", on: "n", bandwidth: 1e9 }], mark: "bar" }],
    [
      "regression",
      {
        data: { values },
        transform: [{ regression: "n", on: "n", method: "poly", order: 1e4 }],
        mark: "bar",
      },
    ],
    ["facet", { data: { values }, mark: "bar", encoding: { row: { field: "n", type: "nominal" } } }],
    [
      "kde",
      {
        data: { values },
        transform: [{ density: "n", groupby: ["n"], steps: 1e3, extent: [0, 1] }],
        mark: "bar",
      },
    ],
    ["kde", { data: { values }, transform: [{ density: "n", minsteps: 1e9 }], mark: "bar" }],
    [
      "quantile",
      { data: { values }, transform: [{ quantile: "n", step: 1e-3, groupby: ["n"] }], mark: "bar" },
    ],
    ["fold", { data: { values }, transform: [{ fold: values.map(({ n }) => `${n}`) }], mark: "bar" }],
    ["impute", { data: { values }, transform: [{ impute: "a", key: "n", groupby: ["n"] }], mark: "bar" }],
    ["graticule", { data: { graticule: { precision: 1e-9 } }, mark: "geoshape" }],
    ["graticule", { data: { graticule: { stepMajor: [1e-6, 1e-6] } }, mark: "geoshape" }],
    [
      "scale",
      {
        data: { values },
        mark: "bar",
        encoding: { color: q("n", { scale: { type: "quantize", scheme: { name: "viridis", count: 1e9 } } }) },
      },
    ],
    [
      "axisticks",
      { data: { values }, mark: "bar", encoding: { x: q("n", { axis: { format: "0999999999d" } }) } },
    ],
    ["viewlayout", { concat: [{ data: { values }, mark: "bar" }], columns: 1e9 }],
    ["viewlayout", { concat: [{ data: { values }, mark: "bar" }], columns: 1e-9 }],
    [
      "sequence",
      {
        layer: Array.from({ length: 3 }, (_, start) => ({
          data: { sequence: { start, stop: 2e5 } },
          mark: "bar",
        })),
      },
    ],
    [
      "relay",
      {
        data: { sequence: { start: 0, stop: 1.5e5 } },
        layer: ["1", "2", "3"].map((calculate) => ({ transform: [{ calculate, as: "c" }], mark: "bar" })),
      },
    ],
  ])("%s: %#", async (_, spec) => {
    await expect(run(spec)).rejects.toThrow(/would make more than/);
  });

  const window = (op: string, frame: unknown) => ({ window: [{ op, field: "n", as: "w" }], frame });
  const many = { sequence: { start: 0, stop: 21_000, as: "n" } };
  test.each<[string, object]>([
    ["a window's median", window("median", [-10_000, 10_000])],
    ["a window's maximum", window("max", [-10_000, 10_000])],
    ["a density of many steps", { density: "n", steps: 10_000 }],
    ["a column for each row", { pivot: "n", value: "n" }],
    ["an interval of confidence", { joinaggregate: [{ op: "ci0", field: "n", as: "c" }] }],
  ])("%s looks at no more than can be looked at", async (_, transform) => {
    await expect(run({ data: many, transform: [transform], mark: "bar" })).rejects.toThrow(
      "too long to draw",
    );
  });

  test.each([
    ["sum", [null, 0]],
    ["max", [null, 0]],
    ["mean", [-10_000, 10_000]],
    ["median", [-3, 3]],
  ])("the %s of the window %j costs little, of however many rows", async (op, frame) => {
    const view = await run({ data: many, transform: [window(op, frame)], mark: "bar" });
    expect(rowsOf(view, "source_0")).toHaveLength(21_000);
  });
});

test("nothing is loaded, whoever asks: the reader is told from where", async () => {
  const told: string[] = [];
  const loader = refusingLoader((note) => told.push(note));
  const url = "https://evil.example/secret?q=1";
  for (const ask of [loader.load, loader.http, loader.file, loader.sanitize])
    await expect(ask(url, {} as never)).rejects.toThrow("evil.example");
  expect(new Set(told).size).toBe(1);
});

test("a chart with links and with paints from elsewhere is saved, and refers to nothing", async () => {
  const paint = "url(https://evil.example/paint)";
  const mark = { type: "bar", fill: paint, stroke: "\\75rl(https://evil.example/)", tooltip: "url(x)" };
  const encoding = { ...BARS.encoding, href: { value: "https://evil.example/link" } };
  const view = await run({ ...BARS, mark, encoding, title: { text: "Costs", color: paint } });
  const svg = selfContained(await view.toSVG());
  expect(svg).toContain("Costs");
  expect(svg).not.toContain("evil");
});

test.each(['fill="url(#gradient_0)"', 'stroke="#123456"', 'style="pointer-events: none;"'])(
  "a paint of the chart itself, such as %s, is saved",
  (paint) => {
    expect(selfContained(`<path ${paint}/>`)).toBe(`<path ${paint}/>`);
  },
);

describe("a label", () => {
  test.each<[object, string]>([
    [{ title: "Sales" }, "Chart: Sales"],
    [{ title: { text: ["Sales", "by month"] } }, "Chart: Sales by month"],
    [{ description: "What was sold" }, "Chart: What was sold"],
    [{ encoding: { x: { field: "month" }, y: { field: "cups" } } }, "Chart: cups × month"],
    [{}, "Chart"],
    [{ title: "a\u202eb" }, "Chart: a⟨U+202E⟩b"],
  ])("of %j is %s", (spec, label) => {
    expect(labelOf(spec as Record<string, unknown>)).toBe(label);
  });

  test("lies flat below a bar that has room for it", () => {
    const values = Array.from({ length: 12 }, (_, n) => ({ name: `a long name ${n}` }));
    const spec = { data: { values }, encoding: { x: { field: "name" } } };
    expect([labelAngle(spec, 2_000), labelAngle(spec, 500)]).toEqual([0, -40]);
  });
});

describe("the data", () => {
  test("is a table with its names and numbers, read letter by letter", () => {
    const table = tableOf([
      { name: "<b>a</b>", n: 0.1 + 0.2, at: new Date(2025, 0, 2), inner: { x: 1 } },
      { name: "a\u202eb", n: null },
    ]);
    const cells = [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent));
    expect(cells).toEqual([
      ["name", "n", "at", "inner"],
      ["<b>a</b>", "0.3", "2025-01-02", '{"x":1}'],
      ["a⟨U+202E⟩b", "–", "–", "–"],
    ]);
    expect([...table.querySelectorAll("th")].map((head) => head.scope)).toEqual(Array(4).fill("col"));
  });

  test("shows its first rows, and says how many there are", () => {
    const table = tableOf(Array.from({ length: 1_234 }, (_, n) => ({ n })));
    expect([table.querySelectorAll("tbody tr").length, table.caption?.textContent]).toEqual([
      100,
      "The first 100 of 1,234 rows",
    ]);
  });
});
