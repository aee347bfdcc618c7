import { describe, expect, test } from "vitest";
import { conversationOf } from "../src/conversation";
import type { Part } from "../src/envelope";
import type { Lane, Message } from "../src/fold";

const lane = (...parts: object[]): Lane => ({ parts: parts as Part[], sealed: true });
const text = (text: string) => ({ key: "text", kind: "text", text });
const said = (role: string, lanes: Message["lanes"], more: Partial<Message> = {}): Message => ({
  ...{ id: "m", role, corr: "r1", ts: 0, lanes },
  ...more,
});
const asked = said("user", { text: lane(text("What *is* it?")) });

describe("a conversation that is copied", () => {
  test("says who said what, as markdown and formatted", () => {
    const nodes = [{ t: "p", c: ["It is ", { t: "strong", c: ["a < b"] }] }];
    const answer = said("assistant", {
      text: lane({ key: "text", kind: "blocks", nodes, text: "It is **a < b**\n" }),
    });
    expect(conversationOf([asked, answer], "Analyst")).toEqual({
      text: "**You**\n\n> What *is* it?\n\n**Analyst**\n\nIt is **a < b**\n",
      html: [
        "<p><strong>You</strong></p>",
        "<p>What *is* it?</p>",
        "<p><strong>Analyst</strong></p>",
        "<p>It is <strong>a &lt; b</strong></p>",
      ].join("\n"),
    });
  });

  test("has the texts of an interface, of any version, each once", () => {
    const nine = { component: "Text", text: "Three *products*" };
    const bound = { component: "Text", text: { path: "/x" } };
    const eight = { component: { Text: { text: { literalString: "Freight rose" } } } };
    const operations = [
      { updateComponents: { components: [nine, bound] } },
      { updateComponents: { components: [nine] } },
      { surfaceUpdate: { components: [eight] } },
    ];
    const { text } = conversationOf(
      [said("assistant", { a2ui: lane({ key: "c1", kind: "surface", value: { operations } }) })],
      "Analyst",
    );
    expect(text).toBe("**Analyst**\n\n> **Made by the agent:** Three \\*products\\*\n> Freight rose\n");
  });

  test("names a speaker once, a subagent by its name, and nobody who said nothing", () => {
    const copied = conversationOf(
      [
        said("assistant", {}),
        said("assistant", { text: lane(text("one")) }),
        said("assistant", { text: lane(text("two")) }),
        said("assistant", { text: lane(text("three")) }, { parent: "m", name: "Researcher" }),
        said("assistant", { text: lane(text("four")) }, { parent: "m" }),
        said("assistant", { text: lane(text("five")) }, { corr: "r2" }),
      ],
      "Analyst",
    );
    expect(copied.text).toBe(
      "**Analyst**\n\none\n\ntwo\n\n**Researcher**\n\nthree\n\nfour\n\n**Analyst**\n\nfive\n",
    );
  });

  test("has a line for each call, what failed, what it is based on, and how it ended; not what was thought", () => {
    const tool = (name: string, state: string) => ({ key: name, kind: "tool", value: { name, state } });
    const citation = (index: number, title: string, url?: string) => ({
      ...{ key: title, kind: "citation" },
      value: { index, title, url },
    });
    const answer = said("assistant", {
      reasoning: lane(text("hm")),
      text: lane(text("So:"), { key: "o", kind: "output", value: { data: { "text/plain": "a\n```\nb" } } }),
      tools: lane(tool("load_sales", "done"), tool("plot", "error")),
      citations: lane(
        citation(2, "A [report]", "https://example.org/a(b)"),
        citation(4, "Mail", "mailto:a> <b>@x.example"),
        citation(3, "Ours", `${location.origin}/api`),
      ),
      errors: lane({ key: "e", kind: "error", value: { message: "No <rows>\nleft", kept: "Kept." } }),
      status: { ...lane(), status: { status: "stopped" } },
    });
    const copied = conversationOf([answer], "Analyst");
    expect(copied.text).toBe(
      [
        "**Analyst**",
        "So:",
        "````\na\n```\nb\n````",
        "- `load_sales`: done\n- `plot`: failed",
        "**Sources**",
        "2. [A \\[report\\]](<https://example.org/a(b)>)\n4. [Mail](<mailto:a%3E%20%3Cb%3E@x.example>)\n3. Ours",
        "> **Error:** No \\<rows\\>\n> left Kept.",
        "*stopped*\n",
      ].join("\n\n"),
    );
    expect(copied.html).toBe(
      [
        "<p><strong>Analyst</strong></p>",
        "<p>So:</p>",
        "<pre>a\n```\nb</pre>",
        "<ul><li><code>load_sales</code>: done</li><li><code>plot</code>: failed</li></ul>",
        "<p><strong>Sources</strong></p>",
        '<ol><li value="2"><a href="https://example.org/a(b)">A [report]</a></li><li value="4"><a href="mailto:a%3E%20%3Cb%3E@x.example">Mail</a></li><li value="3">Ours</li></ol>',
        "<blockquote><strong>Error:</strong> No &lt;rows&gt;<br>left Kept.</blockquote>",
        "<p><em>stopped</em></p>",
      ].join("\n"),
    );
  });

  test("lets no unfinished fence take in what follows", () => {
    const ask = said("user", { text: lane(text("```\nx")) });
    const stopped = said("assistant", { text: lane(text("a\n```js\nb\n```\n~~~~py\n```\n~~~")) });
    expect(conversationOf([ask, stopped, asked], "A").text.split("\n\n")).toEqual([
      "**You**",
      "> ```\n> x\n> ```",
      "**A**",
      "a\n```js\nb\n```\n~~~~py\n```\n~~~\n~~~~",
      "**You**",
      "> What *is* it?\n",
    ]);
  });

  test("carries no markup of the agent's", () => {
    const evil = "<img src=x onerror=alert(1)>";
    const answer = said(
      "assistant",
      {
        text: lane(text(evil), { key: "o", kind: "output", value: { data: { "text/plain": evil } } }),
        tools: lane(
          { key: "t", kind: "tool", value: { name: evil, state: evil } },
          { key: "q", kind: "question", value: { message: evil } },
        ),
        citations: lane({
          key: "c",
          kind: "citation",
          value: { index: evil, title: evil, url: "javascript:x" },
        }),
        errors: lane({ key: "e", kind: "error", value: { message: evil } }),
        status: { ...lane(), status: { status: evil as "done" } },
      },
      { name: evil },
    );
    expect(conversationOf([answer], evil).html).not.toMatch(/<img|javascript/);
  });

  test("with parts of a kind that it does not know leaves them out", () => {
    const answer = said("assistant", { text: lane({ key: "x", kind: "hologram", value: {} }, text("seen")) });
    expect(conversationOf([answer], "Analyst").text).toBe("**Analyst**\n\nseen\n");
  });
});
