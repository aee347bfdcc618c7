import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Node, type Op, patch } from "../src/nodes";
import { toHtml } from "../src/nodes/html";
import { toCsv, toMarkdown } from "../src/nodes/table";
import { Tree } from "../src/nodes/view";

let root: HTMLElement;
let tree: Tree;
let nodes: Node[];

beforeEach(() => {
  root = document.body.appendChild(document.createElement("div"));
  root.className = "nodes";
  tree = new Tree(root, () => {});
  nodes = [];
});

afterEach(() => root.remove());

function show(...next: unknown[]): void {
  nodes = next as Node[];
  expect(tree.sync(nodes)).toBe(true);
}

function change(...ops: Op[]): void {
  show(...patch(nodes, ops));
}

const find = (selector: string) => root.querySelector(selector) as HTMLElement;
const blocks = () => [...root.querySelectorAll(":scope > .block-page > *")];
const e = (t: string, ...c: unknown[]) => ({ t, c });
const ea = (t: string, a: unknown, ...c: unknown[]) => ({ t, a, c });

const PLAIN =
  "p div span td ol li details abbr svg path code blockquote math note footnotes h6 fence cite".split(" ");
/** `width` is a drawing's, the others are written by us alone. */
const OURS = "dir class width role aria-level aria-label type aria-pressed hidden tabindex".split(" ");

describe("what is built", () => {
  test("is elements, attributes and text of the list", () => {
    show(
      e("h1", "Title"),
      ea("ol", { start: 3 }, ea("li", {}, "a")),
      e("table", e("tr", ea("td", { align: "right", colspan: 2 }, "1"))),
      e("p", ea("abbr", { title: "long" }, "short"), e("br"), "end"),
    );
    expect(find("h3").getAttribute("aria-level")).toBe("3");
    expect(find("ol").getAttribute("start")).toBe("3");
    expect(find("td").outerHTML).toBe('<td align="right" colspan="2">1</td>');
    expect(find("p").textContent).toBe("shortend");
    expect(find("p").dir).toBe("auto");
  });

  const HOSTILE: [string, unknown][] = [
    ["a script", e("script", "alert(1)")],
    ["a style sheet", e("style", "*{}")],
    ["a frame", ea("iframe", { src: "https://x.example" })],
    ["a form control", e("form", e("input"), e("button", "x"))],
    ["a custom element", e("x-y", "text")],
    ["a name of the prototype", e("constructor", "x")],
    ["another name of the prototype", e("__proto__", "x")],
    ["no node at all", null],
    ["a number", 7],
    ["a list", ["p"]],
    ["an element without a name", { c: ["x"] }],
    ["a foreign object in a drawing", e("foreignObject", e("p", "x"))],
    ["a reference in a drawing", ea("use", { href: "#x" })],
  ];
  test.each(HOSTILE)("%s is dropped", (_, node) => {
    show(e("p", "before", node, "after"), node);
    expect(find(".block-page").innerHTML).toBe('<p dir="auto">beforeafter</p>');
  });

  test("is never given an attribute that is not on the list", () => {
    const a = {
      ...{
        onclick: "alert(1)",
        style: "position:fixed",
        class: "chat",
        id: "x",
        name: "y",
        slot: "z",
        is: "q",
      },
      ...{ "data-x": "1", tabindex: "7", srcdoc: "<b>", formaction: "javascript:1", contenteditable: "true" },
      ...{ width: "100%", align: "justify", start: "x", open: "yes", title: { toString: () => "x" } },
    };
    show(...PLAIN.map((name) => ea(name, a, "x")));
    const given = [...root.querySelectorAll("*")].flatMap((element) => element.getAttributeNames());
    expect(given.length).toBeGreaterThan(PLAIN.length);
    expect(given.filter((name) => !OURS.includes(name))).toEqual([]);
    expect(root.querySelector("[class~=chat], [tabindex='7']")).toBeNull();
  });

  test("reads only what an attribute object holds itself", () => {
    show({ t: "details", a: Object.create({ open: true }), c: ["x"] }, { t: "p", a: "open", c: "no list" });
    expect(find("details").hasAttribute("open")).toBe(false);
    expect(find("p").textContent).toBe("");
  });

  test("is text below a hundred levels, and never exhausts the stack", () => {
    let node: unknown = "deep";
    for (let n = 0; n < 10_000; n++) node = e("blockquote", node);
    show(node);
    expect(root.querySelectorAll("blockquote")).toHaveLength(100);
    expect(root.textContent).toBe("deep");
    expect(toHtml([node])).toContain("deep");
  });

  test("may be a drawing, without a reference", () => {
    show(
      ea(
        "svg",
        { viewBox: "0 0 9 9", onload: "x" },
        e("defs", ea("linearGradient", { id: "g" }, ea("stop", { offset: "0" }))),
        ea("rect", { fill: "url(#g)", stroke: "url(https://x.example/)", x: 1, style: "x", href: "#g" }),
        ea("path", { d: "M0 0L9 9", fill: "\\75rl(//x)" }),
      ),
    );
    expect(root.querySelector("defs, linearGradient, stop")).toBeNull();
    expect(find("rect").getAttributeNames()).toEqual(["x"]);
    expect(find("path").getAttributeNames()).toEqual(["d"]);
    expect(find("svg").namespaceURI).toContain("svg");
  });
});

describe("a link", () => {
  const link = (href: unknown, text = "text") => {
    show(e("p", ea("a", { href, host: "lies.example" }, text)));
    return find("a");
  };

  test("goes out, in a tab of its own, and says whose it is", () => {
    const a = link("https://Example.org/x?y=1");
    expect(a.getAttribute("href")).toBe("https://example.org/x?y=1");
    expect(a.getAttribute("rel")).toBe("noopener noreferrer nofollow");
    expect(a.getAttribute("target")).toBe("_blank");
    expect(a.title).toBe("example.org");
  });

  test.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://x/y",
    "/api/contents",
    "//evil.example",
    "#top",
    "x.html",
    location.origin,
    `${location.origin}/api/contents`,
    `${location.origin.toUpperCase()}/api/contents`,
    ` ${location.origin}/tree?token=x#y `,
    `${location.origin.replace(/^http:/, "https:")}/api/contents`,
    "https://user:secret@example.org/",
    "https://exam\u202eple.org/",
    "https://exam\u200bple.org/",
    "https://a.example/\u0000",
    ["https://a.example"],
    undefined,
  ])("to %j is words only", (href) => {
    expect(link(href).getAttributeNames()).toEqual([]);
    expect(root.textContent).toBe("text");
  });

  test("whose words name another place shows the true one", () => {
    expect(link("https://evil.example/", "paypal.com").dataset.owner).toBe(" (evil.example)");
    expect(link("https://evil.example/", "https://paypal.com/login").dataset.owner).toBe(" (evil.example)");
    expect(link("mailto:x@evil.example", "me@bank.example").dataset.owner).toBe(" (x@evil.example)");
    expect(link("https://раураl.example/", "раураl.example").dataset.owner).toMatch(/^ \(xn--/);
    expect(link("https://www.paypal.com/x", "paypal.com").dataset.owner).toBeUndefined();
    expect(link("https://evil.example/", "click here").dataset.owner).toBeUndefined();
    for (const name of [
      "bank\u200b.com",
      "ban\u00adk.com",
      "bank\u2024com",
      "bank．com",
      "bank。com",
      "\u202emoc.knab",
    ])
      expect(link("https://evil.example/", name).dataset.owner).toBe(" (evil.example)");
  });

  test("that is refused while it streams in becomes one when it is whole", () => {
    show(e("p", ea("a", {}, "docs")));
    const a = find("a");
    change(["attr", [0, 0], "href", "https://example.org/"]);
    expect(find("a")).toBe(a);
    expect(a.getAttribute("href")).toBe("https://example.org/");
    change(["attr", [0, 0], "href", null]);
    expect(a.getAttributeNames()).toEqual([]);
  });
});

describe("a picture", () => {
  const PNG = "data:image/png;base64,iVBORw0KGgo=";

  test("of its own content is shown", () => {
    show(e("p", ea("img", { src: PNG, alt: "a", width: 5, onerror: "x" })));
    expect(find("img").getAttribute("src")).toBe(PNG);
    expect(find("img").getAttribute("width")).toBe("5");
    expect(find("img").hasAttribute("onerror")).toBe(false);
  });

  test("from elsewhere is an offer that names the host, and fetched when it is asked for", () => {
    for (const t of ["img", "video", "audio"]) {
      show(e("p", ea(t, { src: "https://pics.example/x", alt: "Chart" })));
      expect(root.querySelector(t)).toBeNull();
      expect(root.textContent).toContain("Chartpics.exampleLoad once");
      find(".load").click();
      expect(find(t).getAttribute("src")).toBe("https://pics.example/x");
      expect(find(t).getAttribute("referrerpolicy")).toBe("no-referrer");
    }
  });

  test("that was loaded asks again when its address changes", () => {
    show(e("p", ea("img", { src: "https://pics.example/x" })));
    find(".load").click();
    change(["attr", [0, 0], "alt", "now with words"]);
    expect(find("img").getAttribute("alt")).toBe("now with words");
    change(["attr", [0, 0], "src", "https://other.example/x"]);
    expect(root.querySelector("img")).toBeNull();
  });

  test.each(["javascript:1", "/logo.png", "data:image/svg+xml;base64,AAAA", "data:text/html;base64,AAAA", 7])(
    "at %j is its name",
    (src) => {
      show(e("p", ea("img", { src, alt: "Logo" })));
      expect(root.textContent).toBe("Logo");
      expect(root.querySelector("img, button")).toBeNull();
    },
  );
});

describe("a change", () => {
  test("at the end keeps every node, and appends to the text", () => {
    show(e("p", "a ", e("em", "b")), e("p", "end"));
    const [first, last] = blocks();
    const text = last?.firstChild as Text;
    change(["text", [1, 0], 3, " of it"]);
    expect(blocks()).toEqual([first, last]);
    expect(last?.firstChild).toBe(text);
    expect(text.data).toBe("end of it");
  });

  test("writes nothing but what differs", () => {
    show(e("p", "one"), e("ul", e("li", "a"), e("li", "b")));
    const records = watch();
    change(["text", [1, 1, 0], 1, "c"], ["add", [1], [{ t: "li", c: ["d"] }]]);
    const told = records().map(({ type, target }) => [type, target.nodeName]);
    expect(told).toEqual([
      ["characterData", "#text"],
      ["childList", "UL"],
    ]);
  });

  test("keeps what the reader selected, also when text before and behind it is rewritten", () => {
    show(e("p", "The margin fell in spring"));
    const text = find("p").firstChild as Text;
    const range = document.createRange();
    range.setStart(text, 4);
    range.setEnd(text, 10);
    change(["text", [0, 0], 16, "autumn, by a lot"]);
    expect(range.toString()).toBe("margin");
    expect(find("p").textContent).toBe("The margin fell autumn, by a lot");
  });

  test("of every kind leads to what would be built anew", () => {
    show(e("p", "one"), e("ul", e("li", "a")), ea("fence", { lang: "py", open: true }, "x = 1"));
    const before = blocks();
    const ops: Op[] = [
      ["text", [0, 0], 2, "ly"],
      ["add", [1], [{ t: "li", c: ["b", { t: "strong", c: ["c"] }] }]],
      ["set", [1, 0], { t: "li", c: [{ t: "p", c: ["a"] }] }],
      ["cut", [1, 1], 1],
      ["attr", [2], "open", null],
      ["text", [2, 0], 5, "\ny = 2"],
      ["add", [], [{ t: "hr" }]],
      ["set", [3], { t: "h2", c: ["end"] }],
    ];
    for (const op of ops) change(op);
    const fresh = document.createElement("div");
    new Tree(fresh, () => {}).sync(nodes);
    expect(root.innerHTML).toBe(fresh.innerHTML);
    expect(blocks().slice(0, 3)).toEqual(before);
  });

  test("of what the kernel opened does not close what the reader opened", () => {
    show(ea("details", {}, e("summary", "more"), "text"));
    find("details").setAttribute("open", "");
    change(["text", [0, 1], 4, "!"]);
    expect(find("details").hasAttribute("open")).toBe(true);
  });
});

describe("pages of blocks", () => {
  const pages = () => [...root.children].map(({ children }) => children.length);
  const paragraphs = (count: number) => Array.from({ length: count }, (_, n) => e("p", `number ${n}`));

  test("are filled one after the other, and hold all blocks in order", () => {
    for (let count = 1; count <= 40; count++) show(...paragraphs(count));
    expect(pages()).toEqual([16, 16, 8]);
    expect(blocks().map(({ textContent }) => textContent)).toEqual(nodes.map((_, n) => `number ${n}`));
  });

  test("go with their last block", () => {
    show(...paragraphs(33));
    show(...paragraphs(16));
    expect(pages()).toEqual([16]);
    show();
    expect(pages()).toEqual([]);
  });

  test("take in what comes between without moving a block", () => {
    const some = paragraphs(33);
    show(...some);
    const before = blocks();
    const records = watch();
    show(...some.slice(0, 16), e("p", "new"), ...some.slice(16));
    expect(records().flatMap(({ removedNodes }) => [...removedNodes])).toEqual([]);
    expect(blocks().filter((block) => before.includes(block))).toEqual(before);
    expect(blocks()[16]?.textContent).toBe("new");
  });

  test("before footnotes fill as if these were not there", () => {
    const notes = e("footnotes", ea("li", { n: 1 }, e("p", "a note")));
    for (let count = 1; count <= 20; count++) show(...paragraphs(count), notes);
    expect(pages()).toEqual([16, 4, 1]);
    expect(blocks().at(-1)?.className).toBe("footnotes");
  });
});

describe("a snapshot", () => {
  test("of the same tree touches nothing", () => {
    show(e("p", "one"), ea("fence", { lang: "py", runs: [[1, "keyword"]] }, "x"), e("p", "end"));
    const records = watch();
    show(...structuredClone(nodes));
    expect(records()).toEqual([]);
  });

  test("keeps equal blocks where something came between them, or went", () => {
    show(e("p", "one"), e("p", "two"), e("p", "three"));
    const [one, two, three] = blocks();
    show(e("p", "one"), e("h2", "new"), e("p", "newer"), e("p", "two"), e("p", "three"));
    expect([blocks()[0], blocks()[3], blocks()[4]]).toEqual([one, two, three]);
    show(e("p", "one"), e("p", "three"));
    expect(blocks()).toEqual([one, three]);
  });

  test("keeps what is dropped in its place", () => {
    show("a", e("script"), e("p", "b"));
    show("a", e("p", "now allowed"), e("p", "b"));
    show("a", e("script"), e("p", "b"));
    expect(root.textContent).toBe("ab");
  });
});

test("a burst is built over several frames, in order, and ends whole", () => {
  const burst = Array.from({ length: 40 }, (_, n) =>
    e("ul", ...Array.from({ length: 50 }, () => e("li", `item ${n}`))),
  );
  let frames = 1;
  const seen = new Set<Element>();
  while (!tree.sync(burst as Node[], 4000)) {
    frames++;
    for (const each of seen) expect(each.isConnected).toBe(true);
    for (const each of root.querySelectorAll("li")) seen.add(each);
  }
  expect(frames).toBeGreaterThan(10);
  expect(root.querySelectorAll("li")).toHaveLength(2000);
  expect(root.textContent?.startsWith("item 0item 0")).toBe(true);
});

describe("a block of code", () => {
  const highlights = new Map<string, Set<StaticRange>>();

  beforeEach(() => {
    highlights.clear();
    vi.stubGlobal("Highlight", Set);
    vi.stubGlobal("CSS", { ...CSS, highlights });
    vi.stubGlobal(
      "StaticRange",
      class {
        constructor(init: StaticRangeInit) {
          Object.assign(this, init);
        }
      },
    );
  });

  afterEach(() => vi.unstubAllGlobals());

  const coloured = (name: string) =>
    [...(highlights.get(`agui-${name}`) ?? [])].map(({ startContainer, startOffset, endOffset }) =>
      (startContainer as Text).data.slice(startOffset, endOffset),
    );

  test("has its line of language and buttons from the first character", () => {
    show(ea("fence", { open: true }));
    const head = find(".fence-head");
    expect(head.textContent).toBe("codeWrapDownloadCopy");
    change(["attr", [0], "lang", "python"], ["add", [0], ["x"]], ["text", [0, 0], 1, " = 1"]);
    expect(find(".fence-head")).toBe(head);
    expect(find(".lang").textContent).toBe("python");
    expect(find(".lines").textContent).toBe("x = 1");
  });

  test("is coloured only while it is in sight, and at once while it is written", async () => {
    let tell = (_: object[]): void => {};
    vi.stubGlobal(
      "IntersectionObserver",
      class {
        constructor(callback: typeof tell) {
          tell = callback;
        }
        observe(): void {}
        unobserve(): void {}
      },
    );
    vi.resetModules();
    const { Tree: Watched } = await import("../src/nodes/view");
    const tree = new Watched(root, () => {});
    const seen = (isIntersecting: boolean) => tell([{ target: find(".fence"), isIntersecting }]);
    const code = (isOpen: boolean, ...runs: object[]) =>
      tree.sync([{ t: "fence", a: { lang: "py", open: isOpen, runs }, c: ["def f"] }]);
    code(true, [3, "keyword"]);
    expect(coloured("keyword")).toEqual(["def"]);
    seen(false);
    expect(coloured("keyword")).toEqual([]);
    code(false, [3, "keyword"], [1, ""], [1, "def"]);
    expect(coloured("def")).toEqual([]);
    seen(true);
    expect([coloured("keyword"), coloured("def")]).toEqual([["def"], ["f"]]);
    tree.destroy();
    vi.unstubAllGlobals();
  });

  test("is coloured without an element for it, and only what changed is coloured anew", () => {
    show(
      ea(
        "fence",
        {
          open: true,
          runs: [
            [3, "keyword"],
            [1, ""],
            [1, "number"],
          ],
        },
        "for 1",
      ),
    );
    expect(find(".block").childNodes).toHaveLength(1);
    expect([coloured("keyword"), coloured("number")]).toEqual([["for"], ["1"]]);
    const [kept] = highlights.get("agui-keyword") ?? [];
    change(
      ["text", [0, 0], 5, "23"],
      [
        "attr",
        [0],
        "runs",
        [
          [3, "keyword"],
          [1, ""],
          [3, "number"],
        ],
      ],
    );
    expect(coloured("number")).toEqual(["123"]);
    expect(highlights.get("agui-keyword")?.has(kept as StaticRange)).toBe(true);
  });

  test("keeps no colour of what is cut, replaced or gone", () => {
    show(
      ea(
        "fence",
        {
          runs: [
            [3, "keyword"],
            [4, "string"],
          ],
        },
        'for "a"',
      ),
      e("p", "x"),
    );
    change(["text", [0, 0], 4, "b"]);
    expect(coloured("string")).toEqual([]);
    change(["set", [0], { t: "p", c: ["gone"] }]);
    expect(coloured("keyword")).toEqual([]);
    show(ea("fence", { runs: [[3, "keyword"]] }, "for"));
    tree.destroy();
    expect(coloured("keyword")).toEqual([]);
  });

  test("is coloured by elements where there are no highlights, when it is complete", () => {
    vi.unstubAllGlobals();
    const runs = [
      [3, "keyword"],
      [2, ""],
      [9, "__proto__"],
    ];
    show(ea("fence", { open: true, runs }, "for x<b>"));
    expect(root.querySelector(".code-keyword")).toBeNull();
    change(["attr", [0], "open", null]);
    expect(find(".code-keyword").textContent).toBe("for");
    expect(find(".lines:not([hidden])").textContent).toBe("for x<b>");
    expect(root.querySelectorAll(".lines:not([hidden]) *")).toHaveLength(1);
  });

  test("survives runs that are none", () => {
    for (const runs of [7, "x", [[1]], [["a", "b"]], [[-5, "keyword"]], [[1e9, "keyword"]], { length: 3 }]) {
      show(ea("fence", { runs }, "x = 1"));
      expect(find(".lines").textContent).toBe("x = 1");
    }
    expect(coloured("keyword")).toEqual([]);
  });
});

describe("a footnote", () => {
  test("is called by a button, and leads back", () => {
    const scroller = document.createElement("div");
    scroller.className = "scroller";
    root.replaceWith(scroller);
    scroller.append(root);
    show(
      e("p", "Said", ea("fnref", { n: 1, to: 1 })),
      e("footnotes", ea("li", { n: 1 }, e("p", "why")), ea("li", { n: "2]x" }, "not a number")),
    );
    find(".fnref").click();
    expect(document.activeElement).toBe(find(".back"));
    find(".back").click();
    expect(document.activeElement).toBe(find(".fnref"));
    expect(root.querySelectorAll(".back")).toHaveLength(1);
    scroller.remove();
  });
});

test("a task shows whether it is done, and follows", () => {
  show(e("ul", ea("li", { task: "open" }, "ask")));
  change(["attr", [0, 0], "task", "done"]);
  expect(find(".tick").getAttribute("aria-label")).toBe("done");
  change(["attr", [0, 0], "task", null], ["text", [0, 0, 0], 3, "!"]);
  expect(root.querySelector(".tick")).toBeNull();
  expect(find("li").textContent).toBe("ask!");
});

describe("a table", () => {
  const table = e(
    "table",
    e("thead", e("tr", ea("th", { align: "right" }, "a|b"), e("th", "c"))),
    e(
      "tbody",
      e("tr", e("td", 'say "x", y'), e("td", "-8.5 %")),
      e("tr", e("td", "=1+2"), e("td", "-cmd|x")),
    ),
  ) as never;

  test("is copied as CSV that a spreadsheet does not run", () => {
    expect(toCsv(table)).toBe('a|b,c\r\n"say ""x"", y",-8.5 %\r\n\'=1+2,\'-cmd|x\r\n');
  });

  test("is copied as Markdown", () => {
    expect(toMarkdown(table)).toBe(
      '| a\\|b | c |\n| ---: | --- |\n| say "x", y | -8.5 % |\n| =1+2 | -cmd\\|x |\n',
    );
  });
});

describe("as HTML", () => {
  test("a picture that is a link stays in its link", () => {
    const badge = ea("img", { src: "https://b.example/x.svg", alt: "build" });
    expect(toHtml([ea("a", { href: "https://x.example/" }, badge)])).toBe(
      '<a href="https://x.example/">build</a>',
    );
  });

  test("a tree is escaped text between elements of the list", () => {
    const html = toHtml([
      e("h1", "<b>"),
      e(
        "p",
        ea("a", { href: 'https://x.example/"y', onclick: "z" }, "&"),
        ea("a", { href: "javascript:1" }, "no"),
      ),
      e("script", "alert(1)"),
      ea("img", { src: "https://x.example/pixel", alt: '"><img src=x>' }),
      ea("fence", { lang: "py" }, "a < b"),
      ea("math", { display: true }, "x<y"),
      e("ul", ea("li", { task: "done", n: 1, style: "x" }, "did")),
    ]);
    expect(html).toBe(
      '<h1>&lt;b&gt;</h1><p><a href="https://x.example/%22y">&amp;</a>no</p>' +
        '<a href="https://x.example/pixel">&quot;&gt;&lt;img src=x&gt;</a>' +
        "<pre><code>a &lt; b</code></pre>$$x&lt;y$$<ul><li>☑ did</li></ul>",
    );
  });
});

function watch(): () => MutationRecord[] {
  const observer = new MutationObserver(() => {});
  observer.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
  return () => {
    const records = observer.takeRecords();
    observer.disconnect();
    return records;
  };
}
