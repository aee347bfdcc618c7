import ELK from "elkjs/lib/elk.bundled.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Stage } from "../src/drawer";
import { fitted, held, opened, showing, zoomed } from "../src/flow/camera";
import { cardOf, tagOf } from "../src/flow/cards";
import { draw } from "../src/flow/chunk";
import { layOutByDagre } from "../src/flow/dagre";
import { effortOf } from "../src/flow/effort";
import { elkGraph, layoutOfElk } from "../src/flow/elk";
import { linksOf } from "../src/flow/graph";
import type { Box, Layout, Task } from "../src/flow/layout";
import { parse } from "../src/flow/parse";
import { drawnEdge } from "../src/flow/paths";
import { type Measure, wrap } from "../src/flow/text";
import { walk } from "../src/flow/walk";
import { faultIn } from "../src/json-fault";

const text = (spec: unknown) => JSON.stringify(spec);
const SEVEN: Measure = (words) => words.length * 7;

const REVIEW = {
  title: "Review",
  nodes: [
    { id: "draft", kind: "agent", label: "Draft", group: "Writing" },
    { id: "check", kind: "tool", label: "Check the facts", detail: "search", group: "Writing" },
    { id: "good", kind: "decision", label: "Good?" },
    "done",
  ],
  edges: [
    { from: "draft", to: "check" },
    { from: "check", to: "good" },
    { from: "good", to: "draft", label: "no" },
    { from: "good", to: "done", label: "yes" },
  ],
};

describe("what is read", () => {
  test("a flow as it is written, with the first choice for what is left out", () => {
    const { nodes, edges, groups, direction, isOrthogonal } = parse(text(REVIEW));
    expect(nodes.map(({ label, group }) => [label, group])).toEqual([
      ["Draft", 0],
      ["Check the facts", 0],
      ["Good?", undefined],
      ["done", undefined],
    ]);
    expect(edges.map(({ from, to, label }) => [from, to, label])).toEqual([
      [0, 1, ""],
      [1, 2, ""],
      [2, 0, "no"],
      [2, 3, "yes"],
    ]);
    expect([groups, direction, isOrthogonal]).toEqual([["Writing"], "LR", false]);
  });

  test.each([
    ['{"nodes": [\n  "a",,\n]}', /line 2, column 7: /],
    ["[]", /an object with "nodes" and "edges"/],
    ['{"nodes": {}}', /"nodes" is no list/],
    [text({ nodes: ["a", { label: "b" }] }), /node 2 has no "id"/],
    [text({ nodes: ["a", { id: "a" }] }), /two nodes have the id "a"/],
    [text({ nodes: ["a"], edges: [{ from: "a" }] }), /edge 1 has no "to"/],
    [text({ nodes: ["a"], edges: [{ from: "a", to: "zz" }] }), /edge 1: "to" names the node "zz"/],
    [text({ nodes: ["a"], edges: [{ from: "__proto__", to: "a" }] }), /"from" names the node "__proto__"/],
    [text({ nodes: ["a"], edges: [{ from: "a", to: "a", toPort: "in" }] }), /"a" has no port "in"/],
    [text({ nodes: ["a"], direction: "UP" }), /"direction" is "LR" or "TB"/],
    [text({ nodes: Array.from({ length: 2001 }, (_, n) => n) }), /at most 2,000 nodes; this one has 2,001/],
    [text({ nodes: ["a"], edges: Array(5001).fill({ from: "a", to: "a" }) }), /at most 5,000 edges/],
    [" ".repeat(4_000_001), /at most 4,000,000 characters/],
  ])("what cannot be drawn is told with its place: %.40s", (source, message) => {
    expect(() => parse(source)).toThrow(message);
  });

  test.each([
    ['{"a" 1}', 1, 6, /a colon should stand here, not «1}»/],
    ['{"a": 1 "b": 2}', 1, 9, /a comma or } should/],
    ["[01]", 1, 2, /a value or ] should/],
    ['["a\nb"]', 1, 2, /a value or ] should/],
    ["{'a': 1}", 1, 2, /a key in "quotes" or } should stand here, not «'a': 1}»/],
    ['{"a": [true,\n{"b": nul}]}', 2, 7, /a value should/],
    ["{} {}", 1, 4, /nothing more should/],
    ['{"a": NaN}', 1, 7, /a value should/],
  ])("JSON that is none: %j", (source, line, column, why) => {
    expect(() => parse(source)).toThrow(`this is not JSON: line ${line}, column ${column}: `);
    expect(() => parse(source)).toThrow(why);
  });

  test.each([
    "",
    "{",
    '{"a',
    '{"a": ',
    '{"a": "b',
    '{"a": "b\\\\',
    '{"a": [tr',
    "[1, 2",
    "[-",
    "[1.5e",
    '{"a": {"b": 1}\n',
  ])("JSON that is cut was not finished: %j", (source) => {
    expect(() => parse(source)).toThrow(/^it was not finished$/);
  });

  test("a fault is found exactly where JSON.parse refuses: a text cut and changed everywhere", () => {
    const whole = '{"a": [1.5e+3, -0, true, null, "\\u00e9\\n"], "b": {"c": [], "d": {}}}';
    const places = [...whole].map((_, n) => n);
    const changed = ['"', "{", "]", ",", ":", "0", "\\", " "].flatMap((sign) =>
      places.map((n) => whole.slice(0, n) + sign + whole.slice(n + 1)),
    );
    const isJson = (source: string) => {
      try {
        JSON.parse(source);
        return true;
      } catch {
        return false;
      }
    };
    for (const source of [whole, ...changed, ...places.map((n) => whole.slice(0, n))])
      expect([source, faultIn(source) === undefined]).toEqual([source, isJson(source)]);
  });

  test("words that are too long are cut, and what hides in them is shown", () => {
    const { nodes } = parse(
      text({
        nodes: [
          { id: 1, label: "x".repeat(10_000) },
          { id: 2, label: "a\u202eb\nc" },
        ],
      }),
    );
    expect(nodes[0]?.label).toHaveLength(301);
    expect(nodes[1]?.label).toBe("a⟨U+202E⟩b c");
  });

  test("ids that are names of an object's own parts are ids like others", () => {
    const { edges } = parse(
      '{"nodes": ["__proto__", "constructor"], "edges": [{"from": "__proto__", "to": "constructor"}]}',
    );
    expect(edges.map(({ from, to }) => [from, to])).toEqual([[0, 1]]);
  });
});

function chainOf(length: number) {
  const nodes = Array.from({ length }, (_, n) => String(n));
  return { nodes, edges: nodes.slice(1).map((to, n) => ({ from: String(n), to })) };
}

const { nodes: IDS, edges: CHAIN } = chainOf(100);

describe("the effort of a layout", () => {
  test.each<[string, number, object]>([
    ["nodes by themselves", 100, { edges: [] }],
    ["a chain", 199, {}],
    ["a ring", 298, { edges: [...CHAIN, { from: "99", to: "0" }] }],
    ["edges to themselves", 200, { edges: IDS.map((id) => ({ from: id, to: id })) }],
    ["many ways to one end", 199, { edges: IDS.slice(1).map((from) => ({ from, to: "0" })) }],
    ["as many nodes in a chain as there may be", 3_999, chainOf(2_000)],
    ["a group from end to end", 397, { nodes: IDS.map((id) => ({ id, group: "all" })) }],
  ])("of %s: %d", (_, effort, spec) => {
    expect(effortOf(parse(text({ nodes: IDS, edges: CHAIN, ...spec })))).toBe(effort);
  });
});

describe("words on cards", () => {
  test.each([
    ["one two three", ["one two", "three"]],
    ["one two three four", ["one two", "three fo…"]],
    ["supercalifragilistic", ["supercali", "fragilis…"]],
    ["short", ["short"]],
  ])("%s: two lines, cut with an ellipsis", (said, lines) => {
    expect(wrap(said, 63, 2, "label", SEVEN)).toEqual(lines);
  });

  test("a letter of many parts is cut whole", () => {
    expect(wrap("👩‍👩‍👧👩‍👩‍👧", 56, 1, "label", SEVEN)[0]?.replace("👩‍👩‍👧", "")).not.toMatch(/\u200d/);
  });
});

function taskOf(spec: unknown): Task {
  const graph = parse(text(spec));
  return {
    graph,
    cards: graph.nodes.map((node) => cardOf(node, SEVEN)),
    tags: graph.edges.map((edge) => tagOf(edge, SEVEN)),
  };
}

const ENGINES: Record<string, (task: Task) => Promise<Layout>> = {
  dagre: async (task) => layOutByDagre(task),
  elk: async (task) => layoutOfElk(await new ELK().layout(elkGraph(task)), task),
};

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const contains = (outer: Box, inner: Box) =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

describe.each(Object.entries(ENGINES))("laid out by %s", (_, layOut) => {
  test("no two nodes overlap, groups hold theirs, and everything is within the picture", async () => {
    const { nodes, groups, routes, width, height } = await layOut(taskOf(REVIEW));
    for (const [n, a] of nodes.entries())
      for (const b of nodes.slice(n + 1)) expect(overlap(a, b)).toBe(false);
    expect(nodes.map((node) => contains(groups[0] as Box, node))).toEqual([true, true, false, false]);
    const whole = { x: 0, y: 0, width, height };
    expect([...nodes, ...groups].every((box) => contains(whole, box))).toBe(true);
    const points = routes.flatMap((route) => route.points);
    expect(points.every(({ x, y }) => x >= 0 && y >= 0 && x <= width && y <= height)).toBe(true);
  });

  test.each(["LR", "TB"])("an edge begins and ends at its nodes, and runs %s", async (direction) => {
    const task = taskOf({ ...REVIEW, direction });
    const { nodes, routes } = await layOut(task);
    for (const [n, { from, to }] of task.graph.edges.entries()) {
      const points = routes[n]?.points ?? [];
      expect(isOn(nodes[from] as Box, points[0])).toBe(true);
      expect(isOn(nodes[to] as Box, points.at(-1))).toBe(true);
    }
    const [draft, check] = nodes as [Box, Box];
    expect(direction === "LR" ? check.x > draft.x : check.y > draft.y).toBe(true);
  });

  test("an edge to its own node, two between the same, and a node without any", async () => {
    const edges = [{ from: "a", to: "a", label: "again" }, ...Array(2).fill({ from: "a", to: "b" })];
    const { routes, nodes } = await layOut(taskOf({ nodes: ["a", "b", "c"], edges }));
    expect(nodes).toHaveLength(3);
    expect(routes.every(({ points }) => points.length >= 2)).toBe(true);
    expect(routes[0]?.tag?.width).toBeGreaterThan(0);
  });
});

function isOn({ x, y, width, height }: Box, point?: { x: number; y: number }): boolean {
  if (!point) return false;
  const [dx, dy] = [point.x - x, point.y - y];
  return dx > -1 && dy > -1 && dx < width + 1 && dy < height + 1;
}

test("edges meet the ports that they name", async () => {
  const nodes = [
    { id: "a", ports: ["ok", "bad"] },
    { id: "b", ports: ["in"] },
  ];
  const edges = [{ from: "a", fromPort: "bad", to: "b", toPort: "in" }];
  const {
    ports,
    routes,
    nodes: boxes,
  } = await (ENGINES.elk as (task: Task) => Promise<Layout>)(taskOf({ nodes, edges }));
  const [start, end] = [routes[0]?.points[0], routes[0]?.points.at(-1)];
  expect(Math.abs((ports[0]?.[1]?.y ?? 0) - (start?.y ?? 1e9))).toBeLessThan(1);
  expect(Math.abs((ports[1]?.[0]?.y ?? 0) - (end?.y ?? 1e9))).toBeLessThan(1);
  expect(ports[1]?.[0]?.x).toBeLessThan((boxes[1]?.x ?? 0) + 5); // where edges come from
});

test("the tip of an arrow is the end of its edge", () => {
  const points = [
    { x: 0, y: 0 },
    { x: 50, y: 40 },
    { x: 100, y: 40 },
  ];
  expect(drawnEdge(points, "LR", true).head).toMatch(/^M100 40L92 /);
  expect(drawnEdge(points, "LR", true).line).toMatch(/^M0 0C.* 93 40$/);
  expect(drawnEdge(points, "TB", false).line).toMatch(/^M0 0L.*Q50 40 .*L93 40$/);
});

describe("the keys", () => {
  //  0 ─ 1 ─ 2
  //      3       4 (not linked)
  const boxes = [
    [0, 0],
    [100, 0],
    [200, 0],
    [100, 80],
    [200, 90],
  ].map(([x = 0, y = 0]) => ({ x, y, width: 60, height: 30 }));
  const links = linksOf(
    parse(
      text({
        nodes: [0, 1, 2, 3, 4],
        edges: [
          [0, 1],
          [1, 2],
          [0, 3],
        ].map(([from, to]) => ({ from, to })),
      }),
    ),
  );

  test.each([
    ["ArrowRight", 0, 1],
    ["ArrowRight", 1, 2],
    ["ArrowRight", 2, undefined],
    ["ArrowLeft", 3, 0], // along its edge, though another node is nearer
    ["ArrowRight", 3, 4], // no edge leads there
    ["ArrowUp", 3, 1],
    ["ArrowDown", 1, 3],
    ["Home", 3, 0],
    ["End", 0, 4],
    ["toString", 0, undefined],
  ])("%s from %i leads to %s", (key, from, to) => {
    expect(walk(key, from, boxes, links, "LR")).toBe(to);
  });
});

describe("the camera", () => {
  const wide = { width: 2000, height: 400 };

  test("a reader begins with the whole width", () => {
    expect(opened(wide, 1000, [100, 480])).toEqual({ camera: { x: 0, y: 0, scale: 0.5 }, height: 200 });
  });

  test("what is small is not made larger, and stands in the middle", () => {
    expect(opened({ width: 200, height: 50 }, 1000, [100, 480])).toEqual({
      camera: { x: 400, y: 25, scale: 1 },
      height: 100,
    });
  });

  test("what is very tall is cut sooner than it cannot be read", () => {
    expect(opened({ width: 400, height: 4000 }, 1000, [100, 480]).camera.scale).toBe(0.6);
  });

  test("the point under the pointer stays while it zooms", () => {
    const at = { x: 300, y: 100 };
    const { x, y, scale } = zoomed({ x: 20, y: 10, scale: 1 }, 2, at);
    expect([(at.x - x) / scale, (at.y - y) / scale]).toEqual([280, 90]);
  });

  test("it ends at the least and the most", () => {
    expect(zoomed({ x: 0, y: 0, scale: 1 }, 1e9, { x: 0, y: 0 }).scale).toBe(3);
    expect(zoomed({ x: 0, y: 0, scale: 1 }, 0, { x: 0, y: 0 }).scale).toBe(0.02);
  });

  test("fit shows all of it; a diagram is not lost out of sight; a node that is walked to is seen", () => {
    const pane = { width: 1000, height: 300 };
    expect(fitted(wide, pane)).toEqual({ x: 0, y: 50, scale: 0.5 });
    expect(held({ x: 9000, y: -9000, scale: 1 }, wide, pane)).toEqual({ x: 952, y: -352, scale: 1 });
    const node = { x: 1500, y: 100, width: 100, height: 40 };
    expect(showing({ x: 0, y: 0, scale: 1 }, node, pane, 20)).toEqual({ x: -620, y: 0, scale: 1 });
  });
});

describe("on the page", () => {
  const life = { signal: new AbortController() };
  let place: HTMLElement;
  let acts: unknown[];
  let said: string[];

  beforeEach(() => {
    place = document.body.appendChild(document.createElement("div"));
    acts = [];
    said = [];
    life.signal = new AbortController();
  });
  afterEach(() => {
    life.signal.abort();
    document.body.replaceChildren();
  });

  function stage(): Stage {
    return {
      place,
      scheme: "light",
      signal: life.signal.signal,
      asset: () => Promise.reject(new Error("none is needed")),
      module: () => Promise.reject(new Error("none is needed")),
      act: (...act) => acts.push(act),
      say: (words) => said.push(words),
    };
  }
  const show = (spec: unknown) => draw({ kind: "flow", text: text(spec) }, stage());
  const nodes = () => [...place.querySelectorAll<SVGElement>("[role=option]")];
  const press = (key: string) =>
    (document.activeElement ?? document.body).dispatchEvent(
      new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
    );

  test("nodes have names, and one of them is in the order of tabs", async () => {
    const { label } = await show(REVIEW);
    expect(label).toBe("Review: 4 nodes, 4 edges");
    expect(nodes().map((node) => node.getAttribute("aria-label"))).toEqual([
      "Draft, agent, 1 outgoing",
      "Check the facts, search, tool, 1 outgoing",
      "Good?, decision, 2 outgoing",
      "done, 0 outgoing",
    ]);
    expect(nodes().map((node) => node.getAttribute("tabindex"))).toEqual(["0", "-1", "-1", "-1"]);
  });

  test("keys walk from node to node, and select one: the agent is told, and the panel tells of it", async () => {
    await show(REVIEW);
    nodes()[0]?.focus();
    press("ArrowRight");
    press("Enter");
    expect(acts).toEqual([["select", { node: "check", label: "Check the facts", kind: "tool" }]]);
    expect(said).toEqual(["Selected Check the facts: search"]);
    expect(nodes().map((node) => node.getAttribute("aria-selected"))).toEqual([
      "false",
      "true",
      "false",
      "false",
    ]);
    expect(place.querySelector(".flow-panel")?.textContent).toContain("FromDraft");
    press("Escape");
    expect(place.querySelector<HTMLElement>(".flow-panel")?.hidden).toBe(true);
    expect(document.activeElement).toBe(nodes()[1]);
  });

  test("Escape is the chat's own when nothing is selected", async () => {
    await show(REVIEW);
    const keys: string[] = [];
    place.addEventListener("keydown", ({ key }) => keys.push(key));
    nodes()[0]?.focus();
    for (const key of ["Escape", "ArrowRight", "Enter", "Escape"]) press(key);
    expect(keys).toEqual(["Escape"]);
  });

  test("a click selects, and the panel leads to the neighbours", async () => {
    await show(REVIEW);
    nodes()[2]?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    place.querySelector<HTMLElement>(".flow-ends:last-child > button")?.click();
    expect(acts.map((act) => (act as [string, { node: string }])[1].node)).toEqual(["good", "draft"]);
  });

  test("the list says in words what is drawn", async () => {
    await show(REVIEW);
    const list = place.querySelector(".flow-list") as HTMLElement;
    list.querySelector("button")?.click();
    expect([...list.querySelectorAll("ul > li")].map((item) => item.textContent)).toContain("→ Draft (no)");
  });

  test("markup in words stays text", async () => {
    const bad = '<img src=x onerror="alert(1)"><script>alert(1)</script>';
    const spec = {
      title: bad,
      nodes: [{ id: bad, label: bad, kind: bad, detail: bad, group: bad }],
      edges: [{ from: bad, to: bad, label: bad }],
    };
    const { snapshot } = await show(spec);
    nodes()[0]?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    expect(place.querySelector("img, script")).toBeNull();
    expect(place.querySelector(".flow-title")?.textContent).toBe(bad);
    expect(JSON.stringify(await snapshot?.())).not.toMatch(/"t":"(?:img|script)"/);
  });

  test("the picture that is handed on has no class, no id and no reference", async () => {
    const { snapshot } = await show(REVIEW);
    const picture = JSON.stringify(await snapshot?.());
    expect(picture).toContain("Check the facts");
    expect(picture).not.toMatch(/class|"id"|url\(|var\(|href|style/);
  });

  test.each([
    [
      "edges past many others",
      { edges: [...CHAIN, ...IDS.slice(0, 50).map((from) => ({ from, to: "99" }))] },
    ],
    ["groups between one another", { nodes: IDS.map((id, n) => ({ id, group: `g${n % 20}` })) }],
  ])("a few nodes with %s are left to a worker: the page would stand still", async (_, spec) => {
    await expect(show({ nodes: IDS, edges: CHAIN, ...spec })).rejects.toThrow("none is needed");
  });

  test("a flow without nodes, and one that is wrong, are refused", async () => {
    await expect(show({ nodes: [] })).rejects.toThrow("a flow without nodes");
    await expect(show({ nodes: ["a"], edges: [{ from: "a", to: "b" }] })).rejects.toThrow('the node "b"');
    expect(place.childElementCount).toBe(0);
  });

  test("nothing is drawn for who is gone", async () => {
    const drawing = show(REVIEW);
    life.signal.abort();
    await expect(drawing).rejects.toThrow();
    expect(place.childElementCount).toBe(0);
  });
});
