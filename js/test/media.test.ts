import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { drawingSize } from "../src/outputs/drawing-head";
import { lightbox } from "../src/outputs/lightbox";
import { mediaItems } from "../src/outputs/media-items";
import { MediaView } from "../src/outputs/media-view";
import { headOf } from "../src/outputs/picture-head";
import type { Stage } from "../src/outputs/stage";
import { Zoom } from "../src/outputs/zoom";
import { press } from "./helpers";

/** Who looks where: nothing is in sight before it is said to be. */
const sight = vi.hoisted(() => {
  const watched = new Map<Element, (isSeen: boolean) => void>();
  globalThis.IntersectionObserver = class {
    #tell: IntersectionObserverCallback;
    constructor(tell: IntersectionObserverCallback) {
      this.#tell = tell;
    }
    observe(target: Element): void {
      const entry = (isIntersecting: boolean) => [{ target, isIntersecting } as IntersectionObserverEntry];
      watched.set(target, (isSeen) => this.#tell(entry(isSeen), this as never));
    }
    unobserve(target: Element): void {
      watched.delete(target);
    }
  } as never;
  return {
    watched,
    all: (isSeen: boolean) => {
      for (const tell of [...watched.values()]) tell(isSeen);
    },
  };
});

/** How wide the room of every gallery is: none knows before it is said. */
const room = vi.hoisted(() => {
  const observers = new Set<(width: number) => void>();
  globalThis.ResizeObserver = class {
    #tell: (width: number) => void;
    constructor(tell: ResizeObserverCallback) {
      this.#tell = (width) => tell([{ contentRect: { width } } as ResizeObserverEntry], this as never);
    }
    observe(): void {
      observers.add(this.#tell);
    }
    disconnect(): void {
      observers.delete(this.#tell);
    }
  } as never;
  return {
    observers,
    is: async (width: number) => {
      for (const tell of observers) tell(width);
      await new Promise(requestAnimationFrame);
    },
  };
});

const base64 = (...bytes: number[]) => btoa(String.fromCharCode(...bytes));
const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));
const sized = (width: number, height: number) => [
  0,
  0,
  width >> 8,
  width & 255,
  0,
  0,
  height >> 8,
  height & 255,
];
const pngBytes = (width: number, height: number) => [
  ...[0x89, ...ascii("PNG\r\n\x1a\n"), 0, 0, 0, 13, ...ascii("IHDR")],
  ...sized(width, height),
];
const png = (width = 40, height = 30) => base64(...pngBytes(width, height));
const image = (more: object = {}) => ({ type: "image", mime: "image/png", data: png(), ...more });
const only = (item: object) => mediaItems({ items: [item] })[0];

describe("what a picture's first bytes say", () => {
  test.each([
    ["image/png", pngBytes(300, 200)],
    ["image/gif", [...ascii("GIF89a"), 44, 1, 200, 0]],
    ["image/jpeg", [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc2, 0, 17, 8, 0, 200, 1, 44, 3]],
    ["image/webp", [...ascii("RIFF....WEBPVP8 "), ...Array(10).fill(0), 44, 1, 200, 0]],
    ["image/webp", [...ascii("RIFF....WEBPVP8L"), 0, 0, 0, 0, 0x2f, 0x2b, 0xc1, 0x31, 0]],
    ["image/webp", [...ascii("RIFF....WEBPVP8X"), ...Array(8).fill(0), 43, 1, 0, 199, 0, 0]],
  ])("%s has its size before it is decoded", (mime, bytes) => {
    expect(headOf(Uint8Array.from(bytes))).toEqual({ mime, size: { width: 300, height: 200 } });
  });

  test.each([
    ["upright", 1, { width: 300, height: 200 }],
    ["lying on its side", 6, { width: 200, height: 300 }],
  ])("a photograph has the size in which it is shown: %s", (_, orientation, size) => {
    const table = [
      0,
      2,
      ...[1, 15, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0],
      ...[1, 18, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
    ];
    const exif = [...ascii("Exif\0\0MM"), 0, 42, 0, 0, 0, 8, ...table];
    const frame = [0xff, 0xc0, 0, 17, 8, 0, 200, 1, 44, 3];
    const bytes = [0xff, 0xd8, 0xff, 0xe1, 0, exif.length + 2, ...exif, ...frame];
    expect(headOf(Uint8Array.from(bytes))?.size).toEqual(size);
  });

  test("of many accounts of how a camera was held, one is read", () => {
    const account = [0xff, 0xe1, 0, 16, ...ascii("Exif\0\0MM"), 0, 42, 0, 0, 0, 8];
    const bytes = new Uint8Array(16_000 * account.length + 12 * 65_535).fill(0xff);
    bytes.set([0xff, 0xd8, ...Array(16_000).fill(account).flat()]);
    expect(headOf(bytes)?.size).toBeUndefined(); // soon: not after sixteen thousand tables
  });

  test.each([
    ['<svg width="400" height="300px">', 400, 300],
    ['<?xml version="1.0"?>\n<svg viewBox="0 0 461 346" width="460.8pt" height="345.6pt">', 614.4, 460.8],
    ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4,-4 24 48">', 24, 48],
    ['<svg width="100%" height="2em" viewBox="0 0 24 48"/>', 24, 48],
    ['<svg width="0" height="3e4" viewBox="0 0 0 9">', 300, 150],
    [`<svg width="${"9".repeat(400)}" height="1">`, 300, 150],
    ["<svg><rect width='3' height='4'/></svg>", 300, 150],
    ["no drawing", 300, 150],
  ])("a drawing has its size before it is drawn: %s", (beginning, width, height) => {
    const size = drawingSize(beginning);
    expect(size.width).toBeCloseTo(width);
    expect(size.height).toBeCloseTo(height);
  });

  test("a picture that ends too early has no size, and what is none has no head", () => {
    expect(headOf(Uint8Array.from(pngBytes(1, 1).slice(0, 12)))).toEqual({
      mime: "image/png",
      size: undefined,
    });
    expect(headOf(Uint8Array.from(ascii("<svg>")))).toBeUndefined();
    expect(headOf(new Uint8Array())).toBeUndefined();
  });
});

describe("items", () => {
  test("a picture is what its bytes are, and as large as they say", () => {
    const said = only(image({ mime: "image/jpeg", width: 1, height: 1, name: "a.png" }));
    expect(said).toMatchObject({
      state: "here",
      mime: "image/png",
      size: { width: 40, height: 30 },
      name: "a.png",
    });
  });

  test.each([
    ["bytes that are no picture", image({ data: base64(1, 2, 3, 4) })],
    ["no base64", image({ data: "§" })],
    ["no text", image({ data: {} })],
    ["a page that calls itself a picture", image({ data: btoa("<script>alert(1)</script>") })],
  ])("%s: broken", (_, item) => expect(only(item)?.state).toBe("broken"));

  test("what no browser shows as a picture is a document", () => {
    expect(only(image({ mime: "image/tiff" }))).toMatchObject({ type: "document", state: "here" });
    expect(only({ type: "image", mime: "text/html", data: btoa("<b>") })).toMatchObject({ type: "document" });
  });

  test("an address is only an address, and only of another host over http", () => {
    const at = (url: string) => only({ type: "image", url });
    expect(at("https://example.org/a.png")).toMatchObject({ type: "image", state: "elsewhere" });
    for (const url of [
      "javascript:alert(1)",
      "file:///etc/passwd",
      "/api/me",
      location.href,
      "https://a:b@c.de/",
    ])
      expect(at(url)?.state).toBe("absent");
  });

  test("what hides in a name is shown", () => {
    expect(only(image({ name: "in\u202egnp.exe" }))?.name).toBe("in⟨U+202E⟩gnp.exe");
  });

  test("anything at all is read without an error", () => {
    for (const value of [null, 1, "x", [], {}, { items: 3 }, { items: [null, 1, []] }]) mediaItems(value);
    expect(mediaItems({ items: Array(900).fill(image()) })).toHaveLength(500);
  });
});

describe("zoom", () => {
  test("goes in by steps to a bound, and out to the whole picture in its place", () => {
    const zoom = new Zoom();
    for (let n = 0; n < 20; n++) zoom.in();
    expect(zoom.scale).toBe(8);
    zoom.pan(50, -20, 100, 100);
    for (let n = 0; n < 20; n++) zoom.out();
    expect([zoom.scale, zoom.x, zoom.y, zoom.transform]).toEqual([1, 0, 0, ""]);
  });

  test("cannot be drawn further than to the picture's edge", () => {
    const zoom = new Zoom();
    zoom.by(2);
    zoom.pan(900, -900, 100, 60);
    expect([zoom.x, zoom.y]).toEqual([50, -30]);
  });
});

const asked = vi.fn();
let view: MediaView;
const find = <E extends HTMLElement = HTMLElement>(selector: string) =>
  document.querySelector<E>(selector) as E;
const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];

function show(...items: object[]): void {
  view.apply({ mime: "", value: { items }, output: { data: {} } });
}

beforeEach(() => {
  asked.mockReset();
  view = new MediaView({ rich: { request: asked } } as unknown as Stage);
  document.body.append(view.element);
});
afterEach(() => {
  view.destroy();
  document.body.replaceChildren();
});

describe("the view", () => {
  test("pictures come first, as a gallery; others follow as what they are", () => {
    show(
      { type: "document", mime: "application/pdf", name: "paper.pdf", data: btoa("%PDF-") },
      image({ name: "a.png", alt: "A heat map" }),
      { type: "audio", mime: "audio/wav", name: "b.wav", data: btoa("RIFF") },
    );
    expect(all(".media-items > *").map(({ className }) => className)).toEqual([
      "gallery",
      "file-chip",
      "played played-audio",
    ]);
    expect(find<HTMLImageElement>(".tile img").alt).toBe("A heat map");
    expect(find(".tile-body").getAttribute("aria-label")).toBe("Enlarge A heat map");
    expect(find(".file-chip").textContent).toBe("paper.pdfPDF · 5 BSave");
    expect(find("audio").getAttribute("aria-label")).toBe("b.wav");
  });

  test("says how many there are", () => {
    show(image(), image());
    expect(view.extent).toBe("2 images");
    show(image(), { type: "document", mime: "text/plain" });
    expect(view.extent).toBe("2 files");
  });

  test("a picture is a file of the page while it is near the reader's sight", () => {
    const revoke = vi.spyOn(URL, "revokeObjectURL");
    show(image());
    const picture = find<HTMLImageElement>(".tile img");
    expect(picture.src).toBe("");
    sight.all(true);
    const first = picture.src;
    expect(first).toMatch(/^blob:/);
    sight.all(false);
    expect(revoke).toHaveBeenLastCalledWith(first);
    expect(picture.src).toBe("");
    sight.all(true);
    const second = picture.src;
    view.destroy();
    expect(revoke).toHaveBeenLastCalledWith(second);
    expect(sight.watched.size).toBe(0);
    expect(room.observers.size).toBe(0);
  });

  test("a drawing is never a file of the page: in a tab of its own, it could run what it contains", () => {
    show(image({ mime: "image/svg+xml", data: btoa("<svg><script>alert(1)</script></svg>") }));
    sight.all(true);
    expect(find<HTMLImageElement>(".tile img").src).toMatch(/^data:image\/svg\+xml/);
  });

  test("nothing is fetched before the reader asks, and then it is asked for no more", () => {
    const remote = { type: "image", url: "https://example.org/a.png", alt: "A map" };
    show(remote, image());
    expect(all(".tile img")).toHaveLength(1);
    expect(find(".tile").textContent).toBe("A mapexample.orgLoad once");
    find<HTMLButtonElement>(".load").click();
    expect(find<HTMLImageElement>(".tile img").src).toBe(remote.url);
    expect(document.activeElement).toBe(find(".tile-body"));
    show(remote, image(), image());
    sight.all(true);
    expect(find<HTMLImageElement>(".tile img").src).toBe(remote.url);
  });

  test("what the kernel holds back comes when it is about to be seen, once", async () => {
    asked.mockResolvedValue({ data: png(60, 40) });
    show(image({ data: undefined, size: 5_000_000, object: "part:m1/0", name: "a.png" }));
    expect(asked).not.toHaveBeenCalled();
    sight.all(true);
    sight.all(false);
    sight.all(true);
    await vi.waitFor(() => expect(find<HTMLImageElement>(".tile img").src).toMatch(/^blob:/));
    expect(asked.mock.calls).toEqual([[{ t: "output", object: "part:m1/0", mime: "image/png" }]]);
  });

  test("what comes when its view is gone is no file of the page", async () => {
    const made = vi.spyOn(URL, "createObjectURL");
    asked.mockResolvedValue({ data: png(60, 40) });
    show(image({ data: undefined, size: 5_000_000, object: "part:m1/0" }));
    sight.all(true);
    view.destroy();
    await vi.waitFor(() => expect(find(".tile img")).not.toBeNull());
    await new Promise((done) => setTimeout(done));
    expect(made).not.toHaveBeenCalled();
    made.mockRestore();
  });

  test("what the kernel holds back and does not give says so", async () => {
    asked.mockRejectedValue(new Error("gone"));
    show(image({ data: undefined, size: 5_000_000, object: "k", name: "a.png" }));
    sight.all(true);
    await vi.waitFor(() =>
      expect(find(".tile").textContent).toBe("The kernel that has it does not answera.png"),
    );
    show({ type: "document", mime: "application/pdf", size: 5_000_000, object: "k", name: "b.pdf" });
    find<HTMLButtonElement>(".file-chip button").click();
    await vi.waitFor(() => expect(find(".file-chip [role=status]").textContent).toContain("does not answer"));
  });

  test("what is no image is named, and not shown", () => {
    show(image({ data: btoa("nothing"), name: "a.png" }), image());
    expect(find(".tile-broken").textContent).toBe("This is no image");
    expect(find(".tile").textContent).toContain("a.png");
  });

  test("of very many, some are shown until the reader asks", () => {
    show(...Array(60).fill(image()));
    expect(all(".tile")).toHaveLength(24);
    find<HTMLButtonElement>(".more").click();
    expect(all(".tile")).toHaveLength(60);
    expect(document.activeElement).toBe(all(".tile-body")[24]);
  });

  test("what is saved is a file of no type, under a name without a folder", () => {
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
    const made = vi.spyOn(URL, "createObjectURL");
    show({ type: "document", mime: "text/html", name: "../../x/page.html", data: btoa("<script>") });
    find<HTMLButtonElement>(".file-chip button").click();
    expect((made.mock.lastCall as [Blob])[0].type).toBe("application/octet-stream");
    expect((clicked.mock.contexts[0] as HTMLAnchorElement).download).toBe("page.html");
    vi.restoreAllMocks();
  });
});

describe("the places of tiles", () => {
  const WIDE = 830; // four columns
  const placeOf = ({ style }: HTMLElement) =>
    ["--area", "--above", "--ratio"].map((name) => style.getPropertyValue(name)).join("; ");
  const places = () => all(".tile").map(placeOf);
  const columns = () => find(".masonry").style.getPropertyValue("--columns");
  const decoded = (picture: HTMLElement, naturalWidth: number, naturalHeight: number) => {
    Object.defineProperties(picture, {
      naturalWidth: { value: naturalWidth, configurable: true },
      naturalHeight: { value: naturalHeight, configurable: true },
    });
    picture.dispatchEvent(new Event("load"));
  };
  const drawn = (width: number, height: number) => image({ data: png(width, height) });

  test("are known before anything is decoded; what is very flat or narrow is cut", async () => {
    show(drawn(60, 40), drawn(40, 40), drawn(10, 1000), drawn(900, 10), drawn(60, 40));
    await room.is(WIDE);
    expect(places()).toEqual([
      "1 / 1 / auto / span 1; calc(0.000% + 0.00px); 1.5000",
      "1 / 2 / auto / span 1; calc(0.000% + 0.00px); 1.0000",
      "1 / 3 / auto / span 1; calc(0.000% + 0.00px); 0.5000",
      "1 / 4 / auto / span 1; calc(0.000% + 0.00px); 3.0000",
      "1 / 4 / auto / span 1; calc(33.333% + 8.00px); 1.5000",
    ]);
  });

  test("stay as they are when more pictures come, and as the room becomes a little wider", async () => {
    const items = [drawn(640, 480), drawn(300, 500), drawn(500, 500), drawn(800, 300), drawn(640, 480)];
    show(items[0] as object);
    await room.is(WIDE);
    for (let count = 2; count <= items.length; count++) {
      const before = places();
      show(...items.slice(0, count));
      expect(places().slice(0, -1)).toEqual(before);
      expect(places().at(-1)).toMatch(/^1 \//);
    }
    const before = places();
    await room.is(WIDE + 40);
    await room.is(0); // it is out of the page
    expect(places()).toEqual(before);
  });

  test("are others where there is another number of columns", async () => {
    show(...Array(6).fill(drawn(60, 40)));
    await room.is(WIDE);
    const before = places();
    expect(columns()).toBe("4");
    await room.is(280);
    expect(columns()).toBe("2");
    expect(places()).not.toEqual(before);
    await room.is(WIDE);
    expect(places()).toEqual(before);
  });

  test("do not move for a picture of another shape than was said: it is shown whole", async () => {
    show({ type: "image", url: "https://example.org/a.png", width: 400, height: 400 }, drawn(60, 40));
    await room.is(WIDE);
    find(".load").click();
    const before = places();
    decoded(find(".tile img"), 400, 400);
    expect(find(".tile").hasAttribute("data-matted")).toBe(false);
    decoded(find(".tile img"), 800, 400);
    expect(find(".tile").hasAttribute("data-matted")).toBe(true);
    expect(places()).toEqual(before);
  });

  test("are taken by what has no picture, and by what is not one after all", async () => {
    show(image({ data: "AAAA" }), { type: "image", url: "https://example.org/a.png" }, drawn(60, 40));
    await room.is(WIDE);
    sight.all(true);
    const before = places();
    all(".tile img")[0]?.dispatchEvent(new Event("error"));
    expect(all(".tile-broken")).toHaveLength(2);
    expect(places()).toEqual(before);
    expect(before.map((place) => place.split("; ")[2])).toEqual(["1.3333", "1.0000", "1.5000"]);
  });

  test.each([
    [800, 400, 4],
    [500, 500, 2],
  ])("one alone takes the shape that it turns out to have: %i by %i", async (width, height, span) => {
    show({ type: "image", url: "https://example.org/a.png" });
    await room.is(WIDE);
    find(".load").click();
    decoded(find(".tile img"), width, height);
    const ratio = (width / height).toFixed(4);
    expect(placeOf(find(".tile"))).toBe(`1 / 1 / auto / span ${span}; calc(0.000% + 0.00px); ${ratio}`);
    expect(find(".tile").hasAttribute("data-matted")).toBe(false);
  });
});

describe("the dialog", () => {
  const says = () => find(".lightbox [role=status]").textContent;

  function open(at: number): HTMLDialogElement {
    show(
      image({ name: "a.png" }),
      image({ data: "AAAA" }),
      image({ name: "b.png" }),
      image({ name: "c.png" }),
    );
    all("button.tile-body")[at]?.click();
    return find<HTMLDialogElement>("dialog");
  }

  test("shows the picture that was clicked, among those that can be seen", () => {
    expect(open(1).open).toBe(true);
    expect(says()).toBe("2 of 3: b.png");
    expect(find<HTMLImageElement>(".lightbox img").alt).toBe("b.png");
  });

  test("is gone through by arrows, Home and End, and ends at its ends", () => {
    const dialog = open(1);
    const seen = ["ArrowRight", "ArrowRight", "ArrowLeft", "Home", "ArrowLeft", "End"].map((key) => {
      press(dialog, key);
      return says();
    });
    const [a, b, c] = ["1 of 3: a.png", "2 of 3: b.png", "3 of 3: c.png"];
    expect(seen).toEqual([c, c, b, a, a, c]);
    expect(find(".lightbox-next").getAttribute("aria-disabled")).toBe("true");
  });

  test("comes nearer and goes back by +, − and 0, and begins anew with each picture", () => {
    const dialog = open(0);
    const { style } = find<HTMLImageElement>(".lightbox img");
    press(dialog, "+");
    expect(style.transform).toContain("scale(1.4)");
    press(dialog, "-");
    expect(style.transform).toBe("");
    press(dialog, "+");
    press(dialog, "0");
    expect(style.transform).toBe("");
    press(dialog, "+");
    press(dialog, "ArrowRight");
    expect(style.transform).toBe("");
  });

  test("closes by Esc, and the focus is where it was", () => {
    const dialog = open(2);
    press(dialog, "Escape");
    expect(find("dialog")).toBeNull();
    expect(document.activeElement).toBe(all("button.tile-body")[2]);
  });

  test("no key reaches who is behind it", () => {
    const heard = vi.fn();
    document.addEventListener("keydown", heard);
    const dialog = open(0);
    for (const key of ["ArrowRight", "a", "Enter", "Escape"]) press(dialog, key);
    expect(heard).not.toHaveBeenCalled();
    document.removeEventListener("keydown", heard);
  });

  test("does not open for what is no picture", () => {
    lightbox(mediaItems({ items: [image({ data: "AAAA" })] }), 0, document.body);
    expect(find("dialog")).toBeNull();
  });

  test("gives up each file as it goes on", () => {
    const revoke = vi.spyOn(URL, "revokeObjectURL");
    const dialog = open(0);
    const { src } = find<HTMLImageElement>(".lightbox img");
    press(dialog, "ArrowRight");
    expect(revoke).toHaveBeenCalledWith(src);
  });
});

describe("a gallery that grows", () => {
  const view = () => new MediaView({} as Stage);
  const shown = (element: MediaView, items: readonly object[]) =>
    element.apply({ mime: "application/vnd.agui_widget.media+json", value: { items }, output: { data: {} } });
  const tilesOf = ({ element }: MediaView) => [...element.querySelectorAll(".tile")];

  test("keeps the tiles it has", () => {
    const grown = view();
    const items = [image({ name: "a" }), image({ name: "b" })];
    shown(grown, items.slice(0, 1));
    const [first] = tilesOf(grown);
    expect(grown.element.hasAttribute("data-single")).toBe(true);
    shown(grown, items);
    expect(tilesOf(grown)).toHaveLength(2);
    expect(tilesOf(grown)[0]).toBe(first);
    expect(grown.extent).toBe("2 images");
    expect(grown.element.hasAttribute("data-single")).toBe(true); // no line above it pushes it down
  });

  test("is drawn anew when something in it is another thing", () => {
    const grown = view();
    shown(grown, [image({ name: "a" })]);
    const [first] = tilesOf(grown);
    shown(grown, [image({ name: "other" }), image({ name: "b" })]);
    expect(tilesOf(grown)[0]).not.toBe(first);
  });

  test("shows the first ones, and all when the reader asks, also those that come later", () => {
    const grown = view();
    const items = Array.from({ length: 30 }, (_, n) => image({ name: String(n) }));
    shown(grown, items.slice(0, 20));
    shown(grown, items.slice(0, 29));
    expect(tilesOf(grown)).toHaveLength(24);
    const more = grown.element.querySelector<HTMLButtonElement>(".more");
    expect(more?.textContent).toBe("Show all 29 images");
    more?.click();
    shown(grown, items);
    expect(tilesOf(grown)).toHaveLength(30);
  });
});
