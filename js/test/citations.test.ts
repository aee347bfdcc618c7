import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { CitationValue } from "../src/envelope";
import type { Node } from "../src/nodes";
import { sourceOf } from "../src/source";
import { Chat, find, press } from "./helpers";

let chat: Chat;
let root: ShadowRoot;

beforeEach(() => {
  vi.useFakeTimers();
  chat = new Chat();
  root = chat.render().root;
  say(chat.envelope("message.start", "a1", { role: "assistant" }, "status"));
});

afterEach(() => {
  chat.end();
  vi.advanceTimersByTime(2000);
  vi.useRealTimers();
});

function say(...e: Parameters<Chat["say"]>): void {
  chat.model.receive({ t: "batch", e });
  vi.advanceTimersByTime(50);
}

const REPORT: CitationValue = {
  index: 1,
  title: "Report",
  url: "https://example.org/r",
  host: "lies.example",
};
const BOOK: CitationValue = {
  index: 2,
  title: "Handbook",
  snippet: "Margins fell.",
  location: { type: "documentPage", start: 42 },
};
const cite = (n: number): Node => ({ t: "cite", a: { n } });
const list = (...citations: CitationValue[]) =>
  say(chat.envelope("citations.update", "a1", { citations }, "citations"));
const write = (...nodes: Node[]) => {
  const op: ["add", number[], Node[]] = ["add", [], [{ t: "p", c: nodes }]];
  say(chat.envelope("blocks.patch", "a1", { ops: [op], text: "source" }));
};
const many = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ index: n + 1, title: `Source no. ${n + 1}` }));
const rows = () => [...root.querySelectorAll<HTMLElement>(".source")];
const marks = () => [...root.querySelectorAll<HTMLElement>(".cite")];

describe("the list of sources", () => {
  test("says number, title and the true host, and links by the link policy", () => {
    list(REPORT, BOOK);
    expect(rows().map((row) => find(row as never, ".says").textContent)).toEqual([
      "1Reportexample.org",
      "2Handbookp. 42",
    ]);
    const link = find<HTMLAnchorElement>(root, ".source .title");
    expect(link.href).toBe("https://example.org/r");
    expect(link.rel).toBe("noopener noreferrer nofollow");
    expect(link.target).toBe("_blank");
  });

  test.each(["javascript:alert(1)", "/api/kernels", "https://user@example.org/", 7, { a: 1 }])(
    "an address that may not be linked to is no link: %s",
    (url) => {
      list({ index: 1, title: "Name", url: url as string });
      expect(find(root, ".source .title").hasAttribute("href")).toBe(false);
      expect(find(root, ".source .title").textContent).toBe("Name");
    },
  );

  test("shows titles as text", () => {
    list({ index: 1, title: "<img src=x onerror=alert(1)>", snippet: "<script>1</script>" });
    expect(root.querySelector(".citations :is(img, script)")).toBeNull();
  });

  test("keeps its rows while it grows, and what the reader opened in them", () => {
    list(BOOK);
    const [row] = rows();
    find(root, ".source .unfold").click();
    list(REPORT, { ...BOOK, title: "The handbook" });
    expect(rows()[1]).toBe(row);
    expect(find(row as never, ".title").textContent).toBe("The handbook");
    expect(find(row as never, ".passage").textContent).toBe("Margins fell.");
    expect(find(row as never, ".disclosed").hidden).toBe(false);
  });

  test("shows the first of many, and the rest on demand", () => {
    list(...many(5));
    expect(rows().filter(({ hidden }) => hidden)).toEqual([]);
    list(...many(9));
    expect(rows().map(({ hidden }) => hidden)).toEqual([...Array(4).fill(false), ...Array(5).fill(true)]);
    const more = find(root, ".citations > .more");
    expect(more.textContent).toBe("5 more");
    more.click();
    expect(rows().some(({ hidden }) => hidden)).toBe(false);
    expect(more.hidden).toBe(true);
    list(...many(12));
    expect(rows().some(({ hidden }) => hidden)).toBe(false);
  });

  test("takes no room when it is empty", () => {
    list(REPORT);
    list();
    expect(find(root, ".citations").childNodes.length).toBe(0);
  });
});

describe("a number in the text", () => {
  test("is named by its source, whichever of them comes first", () => {
    write("Fell", cite(1), " and", cite(2));
    expect(marks().map((mark) => mark.getAttribute("aria-label"))).toEqual(["Source 1", "Source 2"]);
    list(REPORT, BOOK);
    write("Again", cite(2));
    expect(marks().map((mark) => mark.getAttribute("aria-label"))).toEqual([
      "Source 1: Report",
      "Source 2: Handbook",
      "Source 2: Handbook",
    ]);
  });

  test.each([
    ["a click", (mark: HTMLElement) => mark.click()],
    ["Enter", (mark: HTMLElement) => press(mark, "Enter")],
    ["a space", (mark: HTMLElement) => press(mark, " ")],
  ])("goes to its row on %s, and marks it for a moment", (_, use) => {
    write("Fell", cite(8));
    list(...many(9));
    const mark = find(root, ".cite");
    expect(mark.getAttribute("role")).toBe("button");
    use(mark);
    const row = rows()[7] as HTMLElement;
    expect(row.hidden).toBe(false);
    expect(row.hasAttribute("data-lit")).toBe(true);
    expect(root.activeElement).toBe(row);
    vi.advanceTimersByTime(2000);
    expect(row.hasAttribute("data-lit")).toBe(false);
  });

  test.each([
    ["pointerover", "pointerout"],
    ["focusin", "focusout"],
  ])("says title and host on %s, until %s", (on, off) => {
    write("Fell", cite(1));
    list(REPORT);
    const [mark] = marks();
    mark?.dispatchEvent(new Event(on, { bubbles: true }));
    expect(find(root, ".tip").hidden).toBe(false);
    expect(find(root, ".tip").textContent).toBe("Reportexample.org");
    mark?.dispatchEvent(new Event(off, { bubbles: true }));
    expect(find(root, ".tip").hidden).toBe(true);
  });

  test("without a source does nothing", () => {
    write("Fell", cite(3));
    list(REPORT);
    marks()[0]?.click();
    expect(root.querySelector("[data-lit]")).toBeNull();
  });

  test("keeps its element while words are written behind it", () => {
    write("Fell", cite(1), " an");
    const [mark] = marks();
    say(chat.envelope("blocks.patch", "a1", { ops: [["text", [0, 2], 3, "d on"]], text: "d on" }));
    expect(marks()[0]).toBe(mark);
  });

  test("is not in the source that is copied", () => {
    const part = {
      key: "text",
      kind: "blocks" as const,
      nodes: [{ t: "p", c: ["Fell", cite(1)] }],
      text: "Fell",
    };
    const message = { id: "a1", role: "assistant", corr: null, ts: 0 };
    const copied = sourceOf({ ...message, lanes: { text: { parts: [part], sealed: true } } });
    expect(copied.text).toBe("Fell");
    expect(copied.html).toContain("<sup>[1]</sup>");
  });
});

describe("where in a document a source stands", () => {
  const bbox = { x: 72, y: 340.5, w: 451, h: 96 };
  const report: CitationValue = { index: 1, title: "Report", location: { page: 12, bbox } };
  const place = () => find(root, ".source .page");

  test("is its page, and that it is a part of it", () => {
    list({ ...report, classification: "public" });
    expect(place().textContent).toBe("p. 12 · box · public");
    expect(place().title).toBe("x 72, y 340.5, w 451, h 96");
  });

  test("is said in the reader's language", () => {
    chat.model.set("locale", "pt");
    list(report);
    expect(place().textContent).toBe("p. 12 · área");
  });

  test("is said in that language wherever the row has words of ours", () => {
    chat.model.set("locale", "pt");
    list({ ...report, crop: { src: "https://e.example/a.png", alt_pt: "Mapa" } });
    expect(find(root, ".source .unfold").getAttribute("aria-label")).toBe("Trecho de Report");
    find(root, ".source .unfold").click();
    find(root, ".source .load").click();
    find(root, ".source img").dispatchEvent(new Event("error"));
    expect(find(root, ".source em").textContent).toBe("Mapa: não foi possível carregar");
  });

  test("is seen as a picture, which is fetched when the reader asks for it", () => {
    list({ ...report, crop: { src: "https://e.example/a.png", alt_en: "Map" } });
    find(root, ".source .unfold").click();
    expect(root.querySelector("img")).toBeNull();
    find(root, ".source .load").click();
    expect(find<HTMLImageElement>(root, ".source img").alt).toBe("Map");
  });

  test.each(["javascript:alert(1)", "/api/kernels", 7])("is no picture of an address like %s", (src) => {
    list({ ...report, crop: { src } });
    find(root, ".source .unfold").click();
    expect(root.querySelector("img, .load")).toBeNull();
  });
});
