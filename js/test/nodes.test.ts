import { describe, expect, test } from "vitest";
import { isSame, type Node, type Op, patch, plainText } from "../src/nodes";

const p = (...c: Node[]): Node => ({ t: "p", c });

describe("an operation", () => {
  const before: Node[] = [p("one"), { t: "ul", a: { x: 1 }, c: [{ t: "li", c: ["a"] }] }];
  const CASES: [Op, Node[]][] = [
    [
      ["text", [0, 0], 3, " two"],
      [p("one two"), before[1] as Node],
    ],
    [
      ["text", [0, 0], 1, "h"],
      [p("oh"), before[1] as Node],
    ],
    [
      ["add", [], [{ t: "hr" }]],
      [...before, { t: "hr" }],
    ],
    [
      ["add", [1, 0], ["b"]],
      [p("one"), { t: "ul", a: { x: 1 }, c: [{ t: "li", c: ["a", "b"] }] }],
    ],
    [["cut", [], 1], [p("one")]],
    [
      ["cut", [1], 0],
      [p("one"), { t: "ul", a: { x: 1 } }],
    ],
    [
      ["set", [1, 0], "z"],
      [p("one"), { t: "ul", a: { x: 1 }, c: ["z"] }],
    ],
    [
      ["attr", [1], "y", 2],
      [p("one"), { t: "ul", a: { x: 1, y: 2 }, c: [{ t: "li", c: ["a"] }] }],
    ],
    [
      ["attr", [1], "x", null],
      [p("one"), { t: "ul", c: [{ t: "li", c: ["a"] }] }],
    ],
  ];

  test.each(CASES)("%j gives the tree after", (op, after) => {
    const copy = structuredClone(before);
    expect(patch(before, [op])).toEqual(after);
    expect(before).toEqual(copy);
  });

  test.each<Op>([
    ["text", [1], 0, "x"],
    ["text", [0, 7], 0, "x"],
    ["text", [0, -1], 0, "x"],
    ["add", [0, 0], ["x"]],
    ["add", [9], ["x"]],
    ["set", [], "x"],
    ["set", [5], "x"],
    ["attr", [0, 0], "x", 1],
    ["constructor" as "cut", [], 0],
    ["cut", Array(20_000).fill(0), 0],
  ])("that leads nowhere changes nothing: %j", (...op) => {
    expect(patch(before, [op as Op])).toEqual(before);
  });

  test("leaves what it does not touch the same object", () => {
    const after = patch(before, [["text", [0, 0], 3, "!"]]);
    expect(after[1]).toBe(before[1]);
    expect(after[0]).not.toBe(before[0]);
  });

  test("never writes to a prototype", () => {
    const [after] = patch([{ t: "p" }], [["attr", [0], "__proto__", { polluted: true }]]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.keys((after as { a: object }).a)).toEqual(["__proto__"]);
  });
});

test("lengths are UTF-16 units", () => {
  expect(patch([p("😀x")], [["text", [0, 0], 2, "y"]])).toEqual([p("😀y")]);
});

test("trees are compared by what they say", () => {
  expect(isSame([p("a")], [p("a")])).toBe(true);
  expect(isSame([p("a")], [p("b")])).toBe(false);
  expect(isSame({ t: "p" }, { t: "p", a: {} })).toBe(false);
});

test("the text of a very deep tree is read without recursion", () => {
  let node: Node = "deep";
  for (let n = 0; n < 10_000; n++) node = p(node);
  expect(plainText(node, p("er"))).toBe("deeper");
});
