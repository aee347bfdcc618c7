import { describe, expect, test } from "vitest";
import { blocks, inline } from "../src/a2ui/text";
import { type Node, plainText } from "../src/nodes";

/** A node tree as a line of markup, to read it. */
const show = (nodes: readonly Node[]): string =>
  nodes
    .map((node) => (typeof node === "string" ? node : `<${node.t}>${show(node.c ?? [])}</${node.t}>`))
    .join("");

describe("the simple Markdown of a Text", () => {
  test.each([
    ["plain", "<p>plain</p>"],
    [
      "a **b** *c* _d_ __e__ ~~f~~ `g*h*`",
      "<p>a <strong>b</strong> <em>c</em> <em>d</em> <strong>e</strong> <del>f</del> <code>g*h*</code></p>",
    ],
    ["***both***", "<p><strong><em>both</em></strong></p>"],
    ["**a *b* c**", "<p><strong>a <em>b</em> c</strong></p>"],
    ["2 * 3 * 4, snake_case_name, **open", "<p>2 * 3 * 4, snake_case_name, **open</p>"],
    ["\\*no\\*", "<p>*no*</p>"],
    ["# One\n## Two ##\ntext", "<h1>One</h1><h2>Two</h2><p>text</p>"],
    ["#no", "<p>#no</p>"],
    ["- a\n- b\n  - c\n- d", "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>"],
    ["3. a\n4. b", "<ol><li>a</li><li>b</li></ol>"],
    ["> a\n> b\n\nc", "<blockquote><p>a\nb</p></blockquote><p>c</p>"],
    ["```py\nx = *1*\n```\nafter", "<fence>x = *1*</fence><p>after</p>"],
    ["a\n\n---\nb", "<p>a</p><hr></hr><p>b</p>"],
    ["one\ntwo\n\nthree", "<p>one\ntwo</p><p>three</p>"],
    ["", ""],
  ])("%j", (text, expected) => {
    expect(show(blocks(text))).toBe(expected);
  });

  test("a link and a picture are their words", () => {
    expect(show(blocks("[Google](https://google.com) ![alt](https://x/y.png) [https://a](https://a)"))).toBe(
      "<p>Google (https://google.com) alt https://a</p>",
    );
  });

  test("markup is text", () => {
    expect(show(blocks("<b>x</b> <script>"))).toBe("<p><b>x</b> <script></p>");
  });

  test("a line that begins with a space is a piece of a sentence, not an item", () => {
    expect(blocks(" - Qty: ")).toEqual([{ t: "p", c: [" - Qty: "] }]);
    expect(blocks("- Qty")[0]).toMatchObject({ t: "ul" });
    expect(blocks(" - one\n - two")[0]).toMatchObject({ t: "ul" });
  });

  test("one line begins no block", () => {
    expect(show(inline("- **a**"))).toBe("- <strong>a</strong>");
  });

  test.each(["*a ", "**a ", "[a](", "`a", "_a", "![", "- ", "> ", "~~~", "* a\n  "])(
    "a hundred thousand times %j comes to an end",
    (piece) => {
      const nodes = blocks(piece.repeat(100_000));
      expect(plainText(...nodes).length).toBeGreaterThanOrEqual(0);
    },
    10_000,
  );
});
