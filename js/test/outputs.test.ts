import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { OutputValue, ToolRow } from "../src/envelope";
import * as chunk from "../src/outputs/chunk";
import { Chat, drawn, find } from "./helpers";

/** Everything is in sight. */
vi.hoisted(() => {
  class Observer {
    readonly #told: IntersectionObserverCallback;
    constructor(told: IntersectionObserverCallback) {
      this.#told = told;
    }
    observe(target: Element): void {
      setTimeout(() => this.#told([{ target, isIntersecting: true }] as never, this as never));
    }
    unobserve(): void {}
    disconnect(): void {}
  }
  vi.stubGlobal("IntersectionObserver", Observer);
});

const CHUNKS = Symbol.for("agui.chunks");
const page = globalThis as { [CHUNKS]?: Map<string, Promise<unknown>> };

let chat: Chat;
let root: ShadowRoot;
beforeEach(() => {
  page[CHUNKS] = new Map([["chunk:outputs", Promise.resolve(chunk)]]); // as it is after a first output
  chat = new Chat();
  root = chat.render().root;
});
afterEach(() => {
  chat.end();
  Reflect.deleteProperty(page, CHUNKS);
});

const TABLE = "application/vnd.agui_widget.table+json";
const start = (id = "a1") => chat.envelope("message.start", id, { role: "assistant" }, "status");
const put = (value: OutputValue, key = "o1") =>
  chat.envelope("part.put", "a1", { key, kind: "output", value });
const call = (row: Partial<ToolRow>) =>
  chat.envelope("tools.update", "a1", { tools: [{ call_id: "c1", name: "load", ...row }] }, "tools");

async function show(data: Record<string, unknown>, more: Partial<OutputValue> = {}): Promise<HTMLElement> {
  await chat.say(start(), put({ data: { "text/plain": "in words", ...data }, ...more }));
  await drawn();
  return find(root, ".output");
}

const asked = (t: string) => chat.sent.filter((intent) => intent.t === t);

async function answer(t: string, with_: object): Promise<void> {
  chat.model.receive({ t: "answer", nonce: asked(t).at(-1)?.nonce, ...with_ });
  await drawn();
}

async function refuse(t: string, message: string): Promise<void> {
  chat.model.receive({ t: "refused", nonce: asked(t).at(-1)?.nonce, message });
  await drawn();
}

const words = (within: ParentNode, selector: string) =>
  [...within.querySelectorAll(selector)].map(({ textContent }) => textContent);
const button = (within: ParentNode, label: string) => {
  const found = [...within.querySelectorAll("button")].find(({ textContent }) => textContent === label);
  if (!found) throw new Error(`no button says ${label}`);
  return found;
};

/** Without what is hidden. */
function seen(element: HTMLElement): string {
  const copy = element.cloneNode(true) as HTMLElement;
  for (const hidden of copy.querySelectorAll("[hidden]")) hidden.remove();
  return copy.textContent ?? "";
}

describe("an output", () => {
  test("of words alone is shown as words, and nothing is asked for", async () => {
    const output = await show({});
    expect(seen(output)).toBe("in words");
    expect(output.querySelector(".out")).toBeNull();
  });

  test("is shown by the best of its types", async () => {
    const output = await show({
      "text/html": "<b>x</b>",
      "image/png": "iVBORw0KGgo=",
      "application/json": {},
    });
    expect(output.querySelector("img")?.getAttribute("src")).toBe("data:image/png;base64,iVBORw0KGgo=");
    expect(output.querySelector("iframe")).toBeNull();
  });

  test("says what it is, and is the same element when it changes", async () => {
    const output = await show({ "application/json": { a: 1 } }, { type: "dict" });
    expect(find(root, ".out-type").textContent).toBe("dict");
    await chat.say(put({ data: { "application/json": { a: 2 } }, type: "dict" }));
    expect(find(root, ".output")).toBe(output);
    expect(words(output, ".json-value")).toEqual(["2"]);
  });

  test("is its words, with a reason, where the kernel does not give what shows it", async () => {
    chat.end();
    page[CHUNKS] = new Map();
    chat = new Chat();
    Object.assign(chat.model, {
      onIntent: ({ t, name }: { t: string; name: string }) => {
        if (t === "chunk") chat.model.receive({ t, name, error: "no such file" });
      },
    });
    root = chat.render().root;
    const output = await show({ "image/png": "iVBORw0KGgo=" });
    await vi.waitFor(() => expect(seen(output)).toContain("here it is as text"));
    expect(output.querySelector(".code")?.textContent).toBe("in words");
  });

  test("too large to be sent has a button that asks for it", async () => {
    const output = await show({}, { object: "k1", withheld: { "image/png": 3_355_443 } });
    button(output, "Show (3.2 MB)").click();
    expect(asked("output")[0]).toMatchObject({ object: "k1", mime: "image/png" });
    await answer("output", { data: "iVBORw0KGgo=" });
    expect(output.querySelector("img")).not.toBeNull();
    expect(seen(output)).not.toContain("Show (");
  });
});

describe("a name for an object", () => {
  test("is given by the kernel, shown, and copied", async () => {
    const writeText = vi.fn(async (_: string) => {});
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
    const output = await show({ "application/json": {} }, { object: "k1", type: "dict" });
    button(output, "To variable").click();
    expect(asked("bind")[0]).toMatchObject({ object: "k1" });
    await answer("bind", { name: "result" });
    button(output, "→ result").click();
    await drawn();
    expect(writeText.mock.calls).toEqual([["result"], ["result"]]);
    expect(asked("bind")).toHaveLength(1);
    vi.unstubAllGlobals();
  });

  test("is not offered for what the kernel does not have", async () => {
    const output = await show({ "application/json": {} });
    expect(find(output as never, ".out-tools").lastElementChild?.hasAttribute("hidden")).toBe(true);
  });

  test("is not offered when the kernel is gone", async () => {
    const output = await show({ "application/json": {} }, { object: "k1" });
    const offer = button(output, "To variable");
    expect(offer.hidden).toBe(false);
    chat.model.die();
    expect(offer.hidden).toBe(true);
  });

  test("that is refused says why", async () => {
    const output = await show({ "application/json": {} }, { object: "k1" });
    button(output, "To variable").click();
    await refuse("bind", "the object is gone: run the cell again");
    expect(seen(output)).toContain("the object is gone: run the cell again");
  });
});

describe("a table", () => {
  const columns = [
    { name: "product", dtype: "object" },
    { name: "units", dtype: "int64" },
  ];
  const row = (n: number) => [String(n), `p${n}`, String(n * 10)];
  const rows = (from: number, count: number) => Array.from({ length: count }, (_, n) => row(from + n));
  const value = (total = 1_000_000, more: object = {}) => ({
    ...{ columns, index: ["id"], rows: rows(0, Math.min(20, total)), total, width: 2, ...more },
  });
  const page = (output: HTMLElement) => words(output, "tbody th");

  test("says how large it is, and has a caption, heads and the first rows", async () => {
    const output = await show({ [TABLE]: value() }, { type: "DataFrame", object: "k1" });
    expect(words(output, ".out-head > span").slice(0, 2)).toEqual([
      "DataFrame",
      "1,000,000 rows × 2 columns",
    ]);
    expect(output.querySelector("caption")?.textContent).toBe("DataFrame, 1,000,000 rows × 2 columns");
    expect(words(output, "thead th")).toEqual(["id", "productobject", "unitsint64"]);
    expect(page(output)).toHaveLength(20);
  });

  test("has its numbers at their end, by the type of the column", async () => {
    const output = await show({ [TABLE]: value(1) });
    expect([...output.querySelectorAll("td")].map(({ className }) => className)).toEqual([
      "out-word",
      "out-number",
    ]);
  });

  test("turns its pages by asking for the rows that are wanted", async () => {
    const output = await show({ [TABLE]: value() }, { object: "k1" });
    find<HTMLButtonElement>(output as never, "[aria-label='Rows after']").click();
    expect(asked("rows")[0]).toMatchObject({ object: "k1", start: 20, count: 20 });
    expect(output.querySelector("table")?.getAttribute("aria-busy")).toBe("true");
    expect(page(output)[0]).toBe("0"); // what is shown stays until then
    await answer("rows", { rows: rows(20, 20), total: 1_000_000 });
    expect(page(output)[0]).toBe("20");
    expect(words(output, ".out-range")).toEqual(["21–40 of 1,000,000"]);
    expect(output.querySelector("table")?.getAttribute("aria-busy")).toBe("false");
  });

  test("goes to the page with the row that was asked for", async () => {
    const output = await show({ [TABLE]: value() }, { object: "k1" });
    const field = find<HTMLInputElement>(output as never, ".out-row");
    field.value = "500,000";
    field.dispatchEvent(new Event("change"));
    expect(asked("rows")[0]).toMatchObject({ start: 499_980 });
  });

  test("sorts up, down and not at all by the head of a column, which keeps the focus", async () => {
    const output = await show({ [TABLE]: value() }, { object: "k1" });
    const head = () => output.querySelectorAll<HTMLElement>("thead th")[2] as HTMLElement;
    for (const [sort, state] of [
      [[1, "up"], "ascending"],
      [[1, "down"], "descending"],
      [undefined, null],
    ]) {
      const pressed = head().querySelector("button") as HTMLButtonElement;
      pressed.focus();
      pressed.click();
      expect(asked("rows").at(-1)?.sort).toEqual(sort);
      await answer("rows", { rows: rows(0, 20), total: 1_000_000 });
      expect(head().getAttribute("aria-sort")).toBe(state);
      expect(root.activeElement).toBe(head().querySelector("button"));
    }
  });

  test("sorts the other way at a second click, however late the first one's answer is", async () => {
    const output = await show({ [TABLE]: value() }, { object: "k1" });
    const press = () => output.querySelectorAll<HTMLElement>("thead th")[2]?.querySelector("button")?.click();
    press();
    press();
    expect(asked("rows").map(({ sort }) => sort)).toEqual([
      [1, "up"],
      [1, "down"],
    ]);
  });

  test("that cannot be sorted says why, and is as it was", async () => {
    const output = await show({ [TABLE]: value() }, { object: "k1" });
    output.querySelector<HTMLElement>("thead button")?.click();
    await refuse("rows", "the object is gone");
    expect(seen(output)).toContain("the object is gone");
    expect(output.querySelector("[aria-sort]")).toBeNull();
    expect(page(output)).toHaveLength(20);
  });

  test("shows the answer to the last question only", async () => {
    const output = await show({ [TABLE]: value() }, { object: "k1" });
    const behind = find<HTMLButtonElement>(output as never, "[aria-label='Rows after']");
    behind.click();
    output.querySelector<HTMLElement>("thead button")?.click();
    const [first, last] = asked("rows");
    chat.model.receive({ t: "answer", nonce: last?.nonce, rows: rows(7, 20), total: 1_000_000 });
    chat.model.receive({ t: "answer", nonce: first?.nonce, rows: rows(20, 20), total: 1_000_000 });
    await drawn();
    expect(page(output)[0]).toBe("7");
  });

  test("without a kernel is its first rows, and says so", async () => {
    const output = await show({ [TABLE]: value() });
    expect(find(output as never, ".out-pager").hidden).toBe(true);
    expect(output.querySelector("thead button")).toBeNull();
    expect(seen(output)).toContain("Rows 1–20 of 1,000,000");
  });

  test("keeps the page that the reader turned to while its part is said again", async () => {
    const output = await show({ [TABLE]: value() }, { object: "k1" });
    find<HTMLButtonElement>(output as never, "[aria-label='Rows after']").click();
    await answer("rows", { rows: rows(20, 20), total: 1_000_000 });
    await chat.say(put({ data: { [TABLE]: value() }, object: "k1" }));
    expect(page(output)[0]).toBe("20");
  });

  test("says when there are more columns than were sent", async () => {
    const output = await show({ [TABLE]: value(1, { width: 340 }) });
    expect(seen(output)).toContain("The first 2 of 340 columns.");
  });

  test("without rows says so, and without columns is nothing else", async () => {
    const output = await show({ [TABLE]: value(0) });
    expect(seen(output)).toContain("It has no rows.");
    expect(seen(output)).toContain("product");
    const nothing = await show({ [TABLE]: value(0, { columns: [], index: [], width: 0 }) });
    expect(seen(nothing)).toContain("It has no rows.");
    expect(nothing.querySelector("table")?.closest("[hidden]")).not.toBeNull();
  });

  test.each([null, 7, [], { columns: 7, rows: [null, 7, [{}]], index: "x", total: -1, width: "y" }])(
    "of %j is an empty one",
    async (broken) => {
      const output = await show({ [TABLE]: broken });
      expect(output.querySelector("table")).not.toBeNull();
    },
  );
});

describe("a picture", () => {
  test("is its own content, and has the words of the output in its place", async () => {
    const output = await show({ "image/jpeg": "/9j/\n4AAQ" });
    expect(output.querySelector("img")?.getAttribute("src")).toBe("data:image/jpeg;base64,/9j/4AAQ");
    expect(output.querySelector("img")?.alt).toBe("in words");
  });

  test("that is drawn is a picture too, never a part of the document", async () => {
    const output = await show({ "image/svg+xml": "<svg onload='x()'><script>x()</script></svg>" });
    expect(output.querySelector("svg:not(.icon), script")).toBeNull();
    const { src = "" } = output.querySelector("img") ?? {};
    expect(decodeURIComponent(src)).toContain('<svg xmlns="http://www.w3.org/2000/svg" onload');
  });

  test.each(["javascript:alert(1)", "https://x.example/a.png", '"><script>', "", 7, null])(
    "of %j is none",
    async (content) => {
      const output = await show({ "image/png": content });
      expect(output.querySelector("img")?.hasAttribute("src")).toBe(false);
      expect(seen(output)).toContain("This could not be shown.");
    },
  );
});

describe("HTML of others", () => {
  const frame = (output: HTMLElement) => output.querySelector("iframe") as HTMLIFrameElement;

  test("stands in a frame in which no script runs, behind a rule that lets nothing be fetched", async () => {
    const output = await show({ "text/html": "<script>x()</script><b>x</b>" });
    expect(frame(output).getAttribute("sandbox")).toBe("allow-same-origin");
    expect(frame(output).srcdoc).toMatch(
      /^<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data: blob:;/,
    );
    expect(output.querySelector("b, script")).toBeNull();
  });

  test("has no element that reaches out before a rule is asked", async () => {
    const output = await show({
      "text/html":
        "<LINK rel=dns-prefetch href=//x.example><base href=//x.example><meta http-equiv=refresh><template shadowrootmode=closed>",
    });
    const { srcdoc } = frame(output);
    const said = srcdoc.slice(srcdoc.indexOf("</style>"));
    expect(said).not.toMatch(/<(link|base|meta|template)\b/i);
  });
});

describe("a drawing", () => {
  const FLOW = "application/vnd.agui_widget.flow+json";
  const flow = { nodes: [{ id: "a" }], edges: [] };

  test("is made by its drawer of the value as JSON, and its tools stand above it", async () => {
    const draw = async ({ text }: { text: string }, { place }: { place: HTMLElement }) => {
      place.append(text);
      return { label: "A flow", tools: [{ label: "Fit", run() {} }] };
    };
    page[CHUNKS]?.set("chunk:flow", Promise.resolve({ css: "", draw }));
    const output = await show({ [FLOW]: flow });
    await vi.waitFor(() => expect(output.querySelector(".paper")?.textContent).toBe(JSON.stringify(flow)));
    expect(words(output, ".out-head button")[0]).toBe("Fit");
  });

  test("that fails is the words there are, and why", async () => {
    const draw = async () => Promise.reject(new Error("two nodes are called a"));
    page[CHUNKS]?.set("chunk:flow", Promise.resolve({ css: "", draw }));
    const output = await show({ [FLOW]: flow });
    await vi.waitFor(() => expect(seen(output)).toContain("two nodes are called a"));
    expect(seen(output)).toContain("in words");
  });
});

describe("data", () => {
  test("is a tree that is built as it is opened", async () => {
    const output = await show({ "application/json": { a: [1, { b: "x" }], c: {} } });
    expect(words(output, ".json-key").slice(1)).toEqual(["a", "c"]);
    output.querySelectorAll<HTMLElement>(".json-fold")[1]?.click();
    expect(words(output, ".json-key").slice(1)).toEqual(["a", "0", "1", "c"]);
  });

  test("of a million items shows a hundred at a time", async () => {
    const output = await show({ "application/json": Array.from({ length: 1_000_000 }, (_, n) => n) });
    expect(output.querySelectorAll(".json-value")).toHaveLength(100);
    button(output, "Show more (999,900)").click();
    expect(output.querySelectorAll(".json-value")).toHaveLength(200);
  });
});

describe("a live widget", () => {
  const MIME = "application/vnd.jupyter.widget-view+json";

  class Lumino {
    readonly node = document.createElement("input");
    isDisposed = false;
    dispose(): void {
      this.isDisposed = true;
    }
    static attach(widget: Lumino, place: HTMLElement): void {
      if (!place.isConnected) throw new Error("Host is not attached.");
      place.append(widget.node);
    }
  }

  function manager() {
    const views: { luminoWidget: Lumino; remove(): void }[] = [];
    return {
      views,
      get_model: async (id: string) => (id === "m1" ? { id } : Promise.reject(new Error("no model"))),
      create_view: async () => {
        const luminoWidget = new Lumino();
        const view = { luminoWidget, remove: () => luminoWidget.dispose() };
        views.push(view);
        return view;
      },
    };
  }

  test("stands in the light document, and its row has a slot for it", async () => {
    const host = manager();
    Object.assign(chat.model, { widget_manager: host });
    const output = await show({ [MIME]: { model_id: "m1" } });
    await vi.waitFor(() => expect(output.querySelector("slot")).not.toBeNull());
    const { name } = output.querySelector("slot") as HTMLSlotElement;
    expect(root.host.querySelector(`[slot="${name}"] > input`)).toBe(host.views[0]?.luminoWidget.node);
  });

  test("is the same one while its row changes, and goes with it", async () => {
    const host = manager();
    Object.assign(chat.model, { widget_manager: host });
    await chat.say(start(), call({ state: "running", output: { data: { [MIME]: { model_id: "m1" } } } }));
    await drawn();
    await vi.waitFor(() => expect(root.querySelector(".row slot")).not.toBeNull());
    await chat.say(call({ state: "done", summary: "a slider" }));
    await drawn();
    expect(host.views).toHaveLength(1);
    await chat.say(chat.envelope("message.remove", "a1", {}, "status"));
    expect(host.views[0]?.luminoWidget.isDisposed).toBe(true);
    expect(root.host.children).toHaveLength(0);
  });

  test("has a view of its own in every view of the chat", async () => {
    const host = manager();
    Object.assign(chat.model, { widget_manager: host });
    const other = chat.render();
    await show({ [MIME]: { model_id: "m1" } });
    await vi.waitFor(() => {
      for (const view of [root, other.root]) expect(view.querySelector("slot")).not.toBeNull();
    });
    expect(host.views).toHaveLength(2);
    other.close();
    expect(host.views.filter(({ luminoWidget }) => luminoWidget.isDisposed)).toHaveLength(1);
  });

  test.each([
    ["a host without widgets", undefined],
    ["a kernel that is gone", "m2"],
  ])("of %s is what it said of itself", async (_, id) => {
    if (id) Object.assign(chat.model, { widget_manager: manager() });
    const output = await show({ [MIME]: { model_id: id ?? "m1" } });
    await vi.waitFor(() => expect(seen(output)).toContain("This widget lived in a kernel that is gone."));
    expect(seen(output)).toContain("in words");
  });
});

describe("what the host draws", () => {
  const MIME = "application/vnd.plotly.v1+json";
  const RUNS = "application/vnd.bokehjs_load.v0+json";
  const rendered: object[] = [];

  function rendermime() {
    rendered.length = 0;
    class Renderer {
      readonly node = document.createElement("div");
      dispose(): void {}
      async renderModel(model: object): Promise<void> {
        rendered.push(model);
      }
      static attach(renderer: Renderer, place: HTMLElement): void {
        place.append(renderer.node);
      }
    }
    const mimeTypes = [
      MIME,
      RUNS,
      "text/html",
      "image/svg+xml",
      "application/javascript",
      "application/geo+json",
    ];
    const getFactory = (mime: string) => ({ safe: mime !== RUNS });
    return {
      widget_manager: { rendermime: { mimeTypes, getFactory, createRenderer: () => new Renderer() } },
    };
  }

  test("is not what its renderer would run", async () => {
    Object.assign(chat.model, rendermime());
    const output = await show({ [RUNS]: "alert(1)" });
    expect(seen(output)).toContain("in words");
    expect(rendered).toEqual([]);
  });

  test("is given to it as data that is not trusted", async () => {
    Object.assign(chat.model, rendermime());
    const value = { data: [], config: { plotlyServerURL: "https://plot.ly" } };
    await show({ [MIME]: value, "text/html": "<b>x</b>" });
    await vi.waitFor(() => expect(rendered).toMatchObject([{ data: { [MIME]: value }, trusted: false }]));
  });

  test("is no markup", async () => {
    Object.assign(chat.model, rendermime());
    const output = await show({ "text/html": "<b>x</b>" });
    expect(rendered).toEqual([]);
    expect(output.querySelector("iframe")).not.toBeNull();
  });

  test.each([
    [MIME, { layout: { images: [{ source: "//x.example/a.png" }] } }, "x.example"],
    ["application/geo+json", { type: "Point" }, "a map server"],
  ])("waits for the reader where %s would be fetched from elsewhere", async (mime, value, host) => {
    Object.assign(chat.model, rendermime());
    const output = await show({ [mime]: value });
    expect(rendered).toEqual([]);
    expect(seen(output)).toContain(host);
    button(output, "Load once").click();
    await drawn();
    expect(rendered).toHaveLength(1);
  });
});

describe("what a call gave", () => {
  const figure = { data: { "text/plain": "Figure", "image/png": "iVBORw0KGgo=" }, object: "k1" };
  const line = () => find<HTMLButtonElement>(root, ".row .line");

  test("appears under its line without being asked for", async () => {
    await chat.say(start(), call({ state: "done", result: "Figure(480x240)", output: figure }));
    await drawn();
    expect(root.querySelector(".row img")).not.toBeNull();
    expect(line().getAttribute("aria-expanded")).toBe("true");
    expect(root.querySelector(".row .body")).toBeNull();
  });

  test("is folded by its line, and stays so while the row changes", async () => {
    await chat.say(start(), call({ state: "done", output: figure }));
    await drawn();
    const output = find(root, ".row .output");
    line().click();
    expect(output.hidden).toBe(true);
    await chat.say(call({ summary: "drawn" }));
    expect(find(root, ".row .output")).toBe(output);
    expect(output.hidden).toBe(true);
    line().click();
    expect(output.hidden).toBe(false);
    expect(find(root, ".row .body").hidden).toBe(false);
  });

  test("of words alone stays the preview it was", async () => {
    await chat.say(start(), call({ state: "done", result: "7", output: { data: { "text/plain": "7" } } }));
    expect(root.querySelector(".row .output")).toBeNull();
    expect(line().getAttribute("aria-expanded")).toBe("false");
  });
});
