import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as chunk from "../src/artifacts/chunk";
import type { Part } from "../src/envelope";
import { Chat, drawn, find } from "./helpers";

const CHUNKS = Symbol.for("agui.chunks");
const page = globalThis as { [CHUNKS]?: Map<string, Promise<unknown>> };

let chat: Chat;
beforeEach(() => {
  page[CHUNKS] = new Map([["chunk:artifacts", Promise.resolve(chunk)]]); // as it is after a first chat
  chat = new Chat({ locale: "en" });
});
afterEach(() => {
  chat.end();
  Reflect.deleteProperty(page, CHUNKS);
});

const start = () => chat.envelope("message.start", "a1", { role: "assistant" }, "status");
const put = (content: unknown, key = "card1") => {
  const part: Part = { key, kind: "activity", value: { type: "artifact", content } };
  return chat.envelope("part.put", "a1", part, "a2ui");
};

async function show(...contents: unknown[]): Promise<ShadowRoot> {
  const { root } = chat.render();
  await chat.say(start(), ...contents.map((content, n) => put(content, `card${n + 1}`)));
  await drawn();
  return root;
}

const words = (root: ShadowRoot) =>
  [...root.querySelectorAll(".artifacts > *")].map((card) =>
    [...card.querySelectorAll("span, b")]
      .filter((each) => !each.children.length && !(each as HTMLElement).hidden)
      .map((each) => (each.textContent ?? "").replaceAll("\u00a0", " "))
      .filter(Boolean),
  );

const ADA = {
  kind: "entity_card",
  entity_class: "person",
  entity_id: "p1",
  canonical_name: "Ada",
  total_mentions: 1234,
  documents_count: 1,
};

describe("a card", () => {
  test.each([
    [ADA, ["Person", "Ada", "1,234 mentions · 1 document"]],
    [{ kind: "entity_card", entity_class: "ghost", entity_id: "g" }, ["ghost", "g"]],
    [
      { kind: "evidence_card", evidence_id: "e1", title: "Receipts", grade: "B2" },
      ["Evidence", "Grade B2", "Receipts", "e1"],
    ],
    [{ kind: "evidence_card", evidence_id: "e1" }, ["Evidence", "e1"]],
    [
      { kind: "hypothesis_card", hypothesis_id: "h1", title: "Rain", posterior: 0.724 },
      ["Hypothesis", "Rain", "h1", "72 %"],
    ],
    [{ kind: "case_card", case_id: "k1", title: "Winter" }, ["Case", "Winter", "k1"]],
    [{ kind: "navigation_offer", target: "t", label_en: "Open", label_pt: "Abrir" }, ["Open", "t"]],
    [{ kind: "navigation_offer", target: "t" }, ["Go to t", "t"]],
    [{ kind: "sketch_card" }, ["No card for this kind of artifact", "sketch_card", "Details"]],
  ])("says what is known: %j", async (content, said) => {
    expect(words(await show(content))).toEqual([said]);
  });

  test("speaks the reader's language, and another one when that changes", async () => {
    const root = await show(ADA);
    chat.model.set("locale", "pt");
    await drawn();
    expect(words(root)).toEqual([["Pessoa", "Ada", "1.234 menções · 1 documento"]]);
    expect(find(root, ".artifacts").lang).toBe("pt");
  });

  test("of the same key is changed where it stands", async () => {
    const root = await show(ADA);
    const card = find(root, ".artifact");
    await chat.say(put({ ...ADA, canonical_name: "Ada Lovelace" }));
    expect(find(root, ".artifact")).toBe(card);
    expect(find(root, ".artifact-name").textContent).toBe("Ada Lovelace");
    await chat.say(put({ kind: "case_card", case_id: "k" }));
    expect(words(root)).toEqual([["Case", "k"]]);
  });

  test("goes with its part", async () => {
    const root = await show(ADA);
    await chat.say(chat.envelope("part.remove", "a1", { key: "card1" }, "a2ui"));
    expect(root.querySelector(".artifacts")).toBeNull();
  });

  test.each([0, 1, 0.5])("draws how likely it is: %d", async (posterior) => {
    const meter = find(await show({ kind: "hypothesis_card", posterior }), "[role=meter]");
    expect(meter.getAttribute("aria-valuenow")).toBe(String(posterior));
    expect((meter.firstElementChild as HTMLElement).style.transform).toBe(`scaleX(${posterior})`);
    expect(meter.getAttribute("aria-label")).toBe("Posterior probability");
  });

  test.each([null, 7, "x", [[]], {}, { kind: null }, { kind: "__proto__" }, { kind: ["case_card"] }])(
    "that makes no sense makes no harm: %j",
    async (content) => {
      expect((await show(content)).querySelectorAll(".artifact")).toHaveLength(1);
    },
  );

  test.each([
    { ...ADA, canonical_name: {}, total_mentions: -1, documents_count: "3" },
    { kind: "hypothesis_card", posterior: 7, title: 3 },
    { kind: "navigation_offer", target: {}, label_en: [] },
    { kind: "crop_image", src: { a: 1 }, page: "x", alt_en: 5 },
  ])("leaves out what is of another type: %j", async (content) => {
    const root = await show(content);
    expect(root.querySelector("img")).toBeNull();
    expect(find(root, ".artifacts").textContent).not.toContain("[object");
    expect(root.querySelector(".artifact-meter:not([hidden])")).toBeNull();
  });
});

describe("a picture", () => {
  const crop = {
    kind: "crop_image",
    src: "https://e.example/a.png",
    doc_id: "R",
    page: 3,
    alt_en: "Map",
    alt_pt: "Mapa",
  };

  test("of another host is fetched when the reader asks for it", async () => {
    const root = await show(crop);
    expect(root.querySelector("img")).toBeNull();
    expect(find(root, ".artifact-crop").textContent).toContain("e.example");
    find(root, ".load").click();
    expect(find<HTMLImageElement>(root, "img").src).toBe(crop.src);
    expect(find(root, "img").getAttribute("alt")).toBe("Map");
  });

  test("that is its own content is there, with its words in the reader's language", async () => {
    chat.model.set("locale", "pt");
    const root = await show(
      { ...crop, src: "data:image/png;base64,AAAA" },
      { ...crop, alt_pt: "", alt_en: "" },
    );
    expect(find(root, "img").getAttribute("alt")).toBe("Mapa");
    expect(root.textContent).toContain("Parte de uma página de R");
    expect(root.textContent).toContain("Carregar uma vez");
  });

  test.each(["javascript:alert(1)", "/api/kernels", "data:image/svg+xml,<svg/>", "file:///etc/passwd"])(
    "of an address that may not be one is words: %s",
    async (src) => {
      const root = await show({ ...crop, src });
      expect(root.querySelector("img, .load")).toBeNull();
      expect(find(root, ".media").textContent).toBe("Map");
    },
  );
});

describe("an offer", () => {
  const offer = { kind: "navigation_offer", target: "case/1", label_en: "Open", label_pt: "Abrir" };

  test("asks the kernel, by its part and what it offers", async () => {
    const root = await show(offer);
    find(root, ".artifact-go").click();
    const sent = chat.sent.filter(({ t }) => t === "navigate");
    expect(sent).toEqual([{ t: "navigate", part: "card1", target: "case/1" }]);
    expect(find(root, "[role=status].artifact-note").textContent).toBe("Asked for");
  });

  test("says that nobody is there to take it", async () => {
    const root = await show(offer);
    chat.model.die();
    find(root, ".artifact-go").click();
    expect(find(root, "[role=status].artifact-note").textContent).toBe("Not sent: no kernel answers.");
  });

  test("is the same button when it comes again", async () => {
    const root = await show(offer);
    const button = find(root, ".artifact-go");
    button.focus();
    await chat.say(put({ ...offer, label_en: "Open it" }));
    expect(find(root, ".artifact-go")).toBe(button);
    expect(root.activeElement).toBe(button);
  });
});

describe("before the chunk is there", () => {
  test("a card has its place, and says what it would be if it cannot be drawn", async () => {
    page[CHUNKS] = new Map();
    const root = await show(ADA);
    expect(find(root, ".artifacts .place").textContent).not.toContain("Ada");
    expect(chat.sent).toContainEqual({ t: "chunk", name: "artifacts" });
    chat.model.receive({ t: "chunk", name: "artifacts", error: "no" });
    await drawn();
    await drawn();
    find(root, ".artifacts .place .quiet").click();
    expect(find(root, ".artifacts .place .code").textContent).toContain("Ada");
  });
});
