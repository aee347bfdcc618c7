import { describe, expect, test } from "vitest";
import { complaint } from "../src/mermaid/complaint";
import { contrast, Grounds, readable } from "../src/mermaid/engine/contrast";
import { type Placing, placed } from "../src/mermaid/engine/markers";
import { type Manifest, wave } from "../src/mermaid/files";
import { MAX_REPORT, readReport } from "../src/mermaid/messages";
import type { Node } from "../src/nodes";
import { drawingOf, shapes } from "../src/nodes/shapes";

describe("the files of the engine", () => {
  const file = (...imports: string[]) => ({ hash: "", imports });
  const manifest: Manifest = {
    entry: "entry",
    files: { entry: file("a", "b"), a: file("base"), b: file("base", "a"), base: file(), pie: file("base") },
  };

  test("come each behind what it imports, and once", () => {
    expect(wave(manifest, "entry", new Set())).toEqual(["base", "a", "b", "entry"]);
  });

  test("that the frame has are not sent again", () => {
    expect(wave(manifest, "pie", new Set(["base", "a"]))).toEqual(["pie"]);
    expect(wave(manifest, "a", new Set(["a"]))).toEqual([]);
  });

  test.each(["", "other", "constructor", "__proto__"])("there is none called %j", (name) => {
    expect(() => wave(manifest, name, new Set())).toThrow();
  });
});

describe("a report of the frame", () => {
  const tree = { t: "svg" };
  const drawn = { t: "drawn", id: 1, type: "pie", title: "", tree };

  test.each([drawn, { t: "ready" }, { t: "want", name: "x" }, { t: "failed", id: 2, message: "why" }])(
    "is read if it is %j",
    (report) => {
      expect(readReport(JSON.stringify(report))).toEqual(report);
    },
  );

  test.each<unknown>([
    drawn,
    undefined,
    "",
    "{",
    "null",
    "[]",
    '"ready"',
    '{"t":"other"}',
    '{"t":"constructor"}',
    '{"t":"want"}',
    '{"t":"want","name":1}',
    JSON.stringify({ t: "want", name: "x".repeat(3000) }),
    JSON.stringify({ ...drawn, id: "1" }),
    JSON.stringify({ ...drawn, tree: "<svg>" }),
    JSON.stringify({ ...drawn, tree: [] }),
    JSON.stringify({ t: "failed", id: 1, message: ["x"] }),
    JSON.stringify({ t: "ready", more: "x".repeat(MAX_REPORT) }),
  ])("is nothing if it is not one (%#)", (data) => {
    expect(readReport(data)).toBeUndefined();
  });
});

describe("a drawing", () => {
  const svg = (...c: Node[]): Node => ({ t: "svg", a: { viewBox: "0 0 1 1" }, c });

  test("has only shapes, and attributes that refer to nothing", () => {
    const tree = svg(
      { t: "path", a: { d: "M0 0", fill: "url(#a)", onclick: "x", style: "fill:red", stroke: "#123456" } },
      { t: "a", a: { href: "https://x.example" }, c: [{ t: "circle", a: { r: 1 } }] },
      { t: "script", c: ["x"] },
      { t: "img", a: { src: "https://x.example/a.png" } },
      { t: "text", a: { id: "x", x: 1 }, c: ["words ", { t: "tspan", c: ["<b>"] }] },
    );
    expect(drawingOf(tree)).toEqual(
      svg(
        { t: "path", a: { d: "M0 0", stroke: "#123456" } },
        { t: "text", a: { x: "1" }, c: ["words ", { t: "tspan", a: {}, c: ["<b>"] }] },
      ),
    );
  });

  test("that is not one, or has no end, is none", () => {
    const deep = Array(5000)
      .fill(0)
      .reduce<Node>((inner) => ({ t: "g", c: [inner] }), "x");
    expect(drawingOf({ t: "g" })).toBeUndefined();
    expect(drawingOf("svg")).toBeUndefined();
    expect(drawingOf(svg(...Array(20_001).fill({ t: "g" })))).toBeUndefined();
    expect(JSON.stringify(drawingOf(svg(deep)))?.length).toBeLessThan(5000);
  });

  test("is built as it is said", () => {
    const drawing = drawingOf(svg({ t: "text", a: { x: 1 }, c: ["<b>"] }));
    const built = drawing && shapes(drawing);
    expect(built?.namespaceURI).toBe("http://www.w3.org/2000/svg");
    expect(built?.firstElementChild?.getAttribute("x")).toBe("1");
    expect(built?.textContent).toBe("<b>");
  });
});

describe("an arrow head", () => {
  const from = { x: 0, y: 0 };
  const to = { x: 0, y: 10 };
  const marker: Placing = {
    ...{ refX: 5, refY: 4, width: 8, height: 8, isScaled: false, orient: "auto" },
    viewBox: undefined,
  };

  test("stands at its end of the line, turned along it, with its own point there", () => {
    expect(placed(marker, "end", from, to, 2)).toBe("translate(0 10) rotate(90) translate(-5 -4)");
    expect(placed(marker, "start", from, to, 2)).toBe("translate(0 0) rotate(90) translate(-5 -4)");
  });

  test("may look back from the start, or always the same way", () => {
    const back: Placing = { ...marker, orient: "auto-start-reverse" };
    expect(placed(back, "start", from, to, 1)).toBe("translate(0 0) rotate(270) translate(-5 -4)");
    expect(placed(back, "end", from, to, 1)).toBe("translate(0 10) rotate(90) translate(-5 -4)");
    expect(placed({ ...marker, orient: 0 }, "end", from, to, 1)).toBe("translate(0 10) translate(-5 -4)");
  });

  test("is as large as its box, in units of the line's width if it says so", () => {
    const boxed: Placing = { ...marker, refX: 0, refY: 0, viewBox: { width: 16, height: 32 } };
    expect(placed(boxed, "end", from, to, 3)).toBe("translate(0 10) rotate(90) scale(0.25)");
    expect(placed({ ...boxed, isScaled: true }, "end", from, to, 3)).toBe(
      "translate(0 10) rotate(90) scale(0.75)",
    );
  });
});

describe("words", () => {
  const box = (left: number, top: number, size: number) => ({
    left,
    top,
    right: left + size,
    bottom: top + size,
  });

  test("stand on what was painted last where they are, else on the paper", () => {
    const grounds = new Grounds("#1a1a1a");
    grounds.paint(box(0, 0, 100), "#ffffff");
    grounds.paint(box(20, 20, 20), "#ff0000");
    expect(grounds.under(box(25, 25, 10))).toBe("#ff0000");
    expect(grounds.under(box(60, 60, 10))).toBe("#ffffff");
    expect(grounds.under(box(200, 0, 10))).toBe("#1a1a1a");
  });

  test("keep their colour where it can be read, and get ink where it cannot", () => {
    expect(readable("#e6e6e6", "#1a1a1a")).toBe("#e6e6e6");
    expect(readable("#e6e6e6", "#e3f2fd")).toBe("#212121");
    expect(readable("#212121", "#000080")).toBe("#f5f5f5");
  });

  test("are judged as WCAG does", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
    expect(contrast("#336699", "#336699")).toBe(1);
  });
});

describe("a complaint", () => {
  test("says where the parser stopped, in one line", () => {
    const said = "Parse error on line 2:\n...A[open --> B\n-----------^\nExpecting 'SQE', 'PE', got 'PS'";
    expect(complaint(said)).toBe("Parse error on line 2: ...A[open --> B");
  });

  test("about what only a page's author could change is put in a reader's words", () => {
    const said =
      "Edge limit exceeded. 500 edges found.\nInitialize mermaid with maxEdges set to a higher number";
    expect(complaint(said)).toBe("it has too many lines to be read");
    expect(complaint("No diagram type detected matching given configuration for text: x")).toMatch(/known/);
  });

  test("is not as long as its source", () => {
    expect(complaint("x".repeat(50_000)).length).toBeLessThan(400);
  });
});
