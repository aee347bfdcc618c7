import { beforeEach, describe, expect, test, vi } from "vitest";
import { draw } from "../src/math/chunk";

/** Pages of today, not those of before: KaTeX asks when it is loaded. */
vi.hoisted(() => Object.defineProperty(document, "compatMode", { value: "CSS1Compat" }));

const FontFace = vi.fn(function (this: object, family: string, _bytes: unknown, descriptors: object) {
  Object.assign(this, { family, ...descriptors, load: async () => this });
});
const faces: { family: string; weight: string; style: string }[] = [];
vi.stubGlobal("FontFace", FontFace);
Object.defineProperty(document, "fonts", { value: { add: (face: never) => faces.push(face) } });

let asked: string[];
let root: HTMLElement;
beforeEach(() => {
  asked = [];
  root = document.body.appendChild(document.createElement("div"));
});

async function drawn(text: string, kind = "math-display"): Promise<HTMLElement> {
  const place = root.appendChild(document.createElement("span"));
  const asset = async ({ name }: { name: string }) => {
    asked.push(name.replace(/.*KaTeX_|\.woff2$/g, ""));
    return new Uint8Array();
  };
  const { signal } = new AbortController();
  await draw({ kind, text }, { place, signal, asset, scheme: "light" } as never);
  return place;
}

describe("a formula", () => {
  test("is words for the eye and MathML for the ear", async () => {
    const place = await drawn("x^2", "math");
    expect(place.querySelector(".katex-html")?.getAttribute("aria-hidden")).toBe("true");
    expect(place.querySelector("math msup")?.textContent).toBe("x2");
    expect(place.querySelector(".katex-display")).toBeNull();
  });

  test("has no class of the chat's", async () => {
    const place = await drawn(String.raw`\text{words}`);
    expect(place.querySelector(".text")).toBeNull();
    expect(place.textContent).toContain("words");
  });

  test("asks for a face when one is first set in it", async () => {
    await drawn(String.raw`a + \mathbb{R}`);
    await drawn(String.raw`b + \mathbb{Q} + \mathfrak{g}`);
    expect(asked.filter((name) => name === "AMS-Regular")).toHaveLength(1);
    expect(asked).toContain("Fraktur-Regular");
    expect(faces.find(({ family }) => family === "agui-katex-AMS")).toMatchObject({ weight: "normal" });
  });
});

describe("what is refused", () => {
  const WRONG: [string, string, RegExp][] = [
    ["what nobody knows", String.raw`\foo`, /Undefined control sequence: \\foo/],
    ["what is too long", "x".repeat(5001), /too long/],
    ["what is nested too deeply", "{".repeat(2400) + "}".repeat(2400), /too deeply/],
    ["deep nesting that the browser would lay out", `${String.raw`\color{red}`.repeat(420)}x`, /too deeply/],
    ["a macro without an end", String.raw`\def\a{\a}\a`, /Too many expansions/],
    ["a macro that doubles what it is given", String.raw`\def\d#1#2{#2{#1#1}}\d{x}\d\d\d\d`, /twice/],
    ["a long macro", String.raw`\newcommand{\a}{${"x".repeat(60)}}\a`, /macro is too long/],
    ["a colour that is none", String.raw`\color{url(x)}y`, /Invalid color/],
  ];

  test.each(WRONG)("%s is", async (_, tex, why) => {
    await expect(drawn(tex)).rejects.toThrow(why);
    expect(root.querySelector(".katex")).toBeNull();
  });

  test.each([
    String.raw`\href{javascript:alert(1)}{x}`,
    String.raw`\htmlStyle{background:url(x)}{x}`,
    String.raw`\htmlData{onclick=alert(1)}{x}`,
    String.raw`\includegraphics{https://elsewhere.example/x.png}`,
  ])("%s is words", async (tex) => {
    const place = await drawn(tex);
    expect(place.querySelector("a, img, [href], [src], [data-onclick]")).toBeNull();
    expect(place.textContent).toContain(tex.slice(1, 5));
  });
});

describe("a macro", () => {
  test("holds within its formula", async () => {
    const place = await drawn(String.raw`\newcommand{\pair}[2]{\langle #1, #2\rangle} \pair{a}{b}`);
    expect(place.querySelector("mrow")?.textContent).toBe("⟨a,b⟩");
  });

  test.each([
    String.raw`\newcommand{\leak}{y}`,
    String.raw`\gdef\leak{y}`,
    String.raw`\global\let\leak\alpha`,
  ])("does not reach another formula: %s", async (tex) => {
    await drawn(`${tex} \\leak`);
    await expect(drawn(String.raw`\leak`)).rejects.toThrow("Undefined");
  });
});
