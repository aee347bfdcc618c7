import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as chunk from "../src/a2ui/chunk";
import type { Payloads } from "../src/envelope";
import { Chat, drawn, find } from "./helpers";

const CATALOG = "https://a2ui.org/specification/v0_9/catalogs/basic/catalog.json";
const CHUNKS = Symbol.for("agui.chunks");
const page = globalThis as { [CHUNKS]?: Map<string, Promise<unknown>> };

let chat: Chat;
beforeEach(() => {
  page[CHUNKS] = new Map([["chunk:a2ui", Promise.resolve(chunk)]]); // as it is after a first chat
  chat = new Chat();
});
afterEach(() => {
  chat.end();
  vi.useRealTimers();
  Reflect.deleteProperty(page, CHUNKS);
});

const made = (message: object) => ({ version: "v0.9", ...message });

/** A form with one field and a button, and what the agent has in the field. */
function form(value = "", surfaceId = "form", more: object = {}): object[] {
  const submit = { event: { name: "submit", context: { name: { path: "/name" } } } };
  return [
    { createSurface: { surfaceId, catalogId: CATALOG } },
    {
      updateComponents: {
        surfaceId,
        components: [
          { id: "root", component: "Column", children: ["field", "button"] },
          { id: "field", component: "TextField", label: "Name", value: { path: "/name" }, ...more },
          { id: "button", component: "Button", child: "words", action: submit },
          { id: "words", component: "Text", text: "Go" },
        ],
      },
    },
    { updateDataModel: { surfaceId, value: { name: value } } },
  ].map(made);
}

const start = (id = "a1") => chat.envelope("message.start", id, { role: "assistant" }, "status");
const render = (payload: Payloads["a2ui.render"], id = "a1") =>
  chat.envelope("a2ui.render", id, payload, "a2ui");
const fields = (root: ShadowRoot) => [...root.querySelectorAll<HTMLInputElement>(".a2ui input")];
const of = (t: string) => chat.sent.filter((intent) => intent.t === t);

/** What is to be kept is with the kernel. */
const told = () => new Promise((done) => setTimeout(done, 350));

function enter(root: ShadowRoot, text: string): void {
  const field = find<HTMLInputElement>(root, ".a2ui input");
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

async function show(...parts: Payloads["a2ui.render"][]): Promise<ShadowRoot> {
  const { root } = chat.render();
  await chat.say(start(), ...parts.map((part) => render(part)));
  await drawn();
  return root;
}

describe("a surface", () => {
  test("is shown in the part that made it, and goes on there", async () => {
    const root = await show({ part: "c1", operations: form("Ada") });
    expect(fields(root).map(({ value }) => value)).toEqual(["Ada"]);
    const field = fields(root)[0];
    await chat.say(
      render({
        part: "c1",
        operations: [made({ updateDataModel: { surfaceId: "form", path: "/name", value: "Eve" } })],
      }),
    );
    expect(fields(root)).toEqual([field]);
    expect(field?.value).toBe("Eve");
  });

  test("of the same name in another part is another one", async () => {
    const root = await show({ part: "c1", operations: form("Ada") }, { part: "c2", operations: form("Eve") });
    expect(fields(root).map(({ value }) => value)).toEqual(["Ada", "Eve"]);
  });

  test("goes with its message, and comes with a snapshot", async () => {
    const root = await show({ part: "c1", operations: form("Ada") });
    await chat.say(chat.envelope("message.remove", "a1", {}));
    expect(fields(root)).toEqual([]);
    const parts = [{ key: "c9", kind: "surface", value: { operations: form("Bob") } }];
    const message = {
      id: "a9",
      role: "assistant",
      corr: "r1",
      ts: 1,
      lanes: { a2ui: { parts, sealed: true } },
    };
    const snapshot = { v: "agui.v1", stream: "s", seq: 99, messages: [message], runs: [], state: null };
    chat.model.receive({ t: "snap", s: snapshot });
    await drawn();
    expect(fields(root).map(({ value }) => value)).toEqual(["Bob"]);
  });

  test("of an older schema is drawn by its renderer", async () => {
    const { root } = chat.render();
    const spec = { schema: "a2ui.v1", component: "card", props: { title: "T", content: "C" } };
    const part = { key: "c1", kind: "surface" as const, value: { operations: [], spec } };
    await chat.say(start(), chat.envelope("part.put", "a1", part, "a2ui"));
    await drawn();
    expect(find(root, ".a2ui .a2").textContent).toBe("TC");
  });

  test("says how far it is, and stops saying so when it is there", async () => {
    const root = await show({ part: "c1", status: { status: "building", progressTokens: 12 } });
    expect(find(root, ".a2-says").textContent).toContain("12");
    await chat.say(render({ part: "c1", operations: form() }));
    expect(root.querySelector(".a2-says")).toBeNull();
    expect(fields(root)).toHaveLength(1);
  });

  test("that cannot be made of what was said says why", async () => {
    const update = made({
      updateComponents: { surfaceId: "none", components: [{ id: "root", component: "Divider" }] },
    });
    const root = await show({ part: "c1", operations: [update] });
    expect(find(root, ".a2-part").textContent).toContain("could not be built");
    find(root, ".a2-part button").click();
    expect(find(root, ".a2-part").textContent).toContain("Surface not found");
    await chat.say(render({ part: "c1", operations: form("Ada") }));
    expect(find(root, ".a2-part").textContent).not.toContain("could not be built");
  });

  test("a message of which nothing can be seen takes no room", async () => {
    const root = await show(
      { part: "c1" },
      { part: "c2", operations: [made({ deleteSurface: { surfaceId: "x" } })] },
    );
    expect(find(root, ".message").hidden).toBe(true);
  });
});

describe("what is entered", () => {
  test("is seen in every view of the chat", async () => {
    const first = await show({ part: "c1", operations: form() });
    const { root: second } = chat.render();
    enter(first, "Ada");
    expect(fields(second).map(({ value }) => value)).toEqual(["Ada"]);
  });

  test("is kept by the kernel, once for all that was entered in 300 ms", async () => {
    const root = await show({ part: "c1", operations: form() });
    for (const text of ["A", "Ad", "Ada"]) enter(root, text);
    await told();
    const edits = [{ path: "/name", value: "Ada", base: "" }];
    expect(of("edit")).toEqual([{ t: "edit", message_id: "a1", part: "c1", surface: "form", edits }]);
  });

  test("is entered again on another page, and not sent back", async () => {
    const root = await show({ part: "c0" });
    const edits = { form: [{ path: "/name", value: "Ada", base: "" }] };
    const value = { operations: form(), edits };
    await chat.say(chat.envelope("part.put", "a1", { key: "c1", kind: "surface", value }, "a2ui"));
    await told();
    expect(fields(root).map(({ value }) => value)).toEqual(["Ada"]);
    expect(of("edit")).toEqual([]);
  });

  test("is not overwritten by the echo of what was entered before", async () => {
    const root = await show({ part: "c1", operations: form() });
    enter(root, "Ada");
    const edits = [{ path: "/name", value: "A", base: "" }];
    await chat.say(chat.envelope("a2ui.edit", "a1", { part: "c1", surface: "form", edits }, "a2ui"));
    expect(fields(root)[0]?.value).toBe("Ada");
  });

  test("as a password is never kept, and still goes with the action", async () => {
    const root = await show({ part: "c1", operations: form("", "form", { variant: "obscured" }) });
    enter(root, "hush");
    await told();
    expect(of("edit")).toEqual([]);
    find(root, ".a2-act button").click();
    expect(JSON.stringify(of("action"))).toContain("hush");
  });
});

describe("a button", () => {
  test("sends its action with what was entered, behind the edits, and says so", async () => {
    const root = await show({ part: "c1", operations: form() });
    enter(root, "Ada");
    find(root, ".a2-act button").click();
    expect(chat.sent.slice(-2).map(({ t }) => t)).toEqual(["edit", "action"]);
    const action = {
      name: "submit",
      surfaceId: "form",
      sourceComponentId: "button",
      context: { name: "Ada" },
    };
    const message = { version: "v0.9", action: { ...action, timestamp: expect.any(String) } };
    expect(of("action")).toEqual([{ t: "action", message, part: "c1" }]);
    expect(find(root, ".a2-act button").hasAttribute("data-sent")).toBe(true);
    expect(find(root, "[role=status].unseen, .unseen [role=status]").textContent).toBe("Sent");
  });

  test("says that nobody is there, where nobody is", async () => {
    const root = await show({ part: "c1", operations: form() });
    chat.model.die();
    find(root, ".a2-act button").click();
    expect(of("action")).toEqual([]);
    expect(find(root, ".a2-act").textContent).toContain("no kernel");
  });
});

describe("what draws them", () => {
  test("is not asked for while there is none", async () => {
    chat.render();
    await chat.say(start(), chat.envelope("token.delta", "a1", { text: "hello" }));
    expect(of("chunk")).toEqual([]);
  });

  test("is asked of the kernel; without it the source can be read, and it can be asked again", async () => {
    Reflect.deleteProperty(page, CHUNKS);
    const root = await show({ part: "c1", operations: form() });
    expect(of("chunk")).toEqual([{ t: "chunk", name: "a2ui" }]);
    expect(find(root, ".place").textContent).not.toContain("did not give");
    chat.model.receive({ t: "chunk", name: "a2ui", error: "not built" });
    await vi.waitFor(() => expect(find(root, ".place .what").textContent).toContain("did not give"));
    find(root, ".place [aria-expanded]").click();
    expect(find(root, ".place .code").textContent).toContain('"createSurface"');
    find(root, ".place > button").click();
    expect(of("chunk")).toHaveLength(2);
    expect(find(root, ".place .code").isConnected).toBe(true);
  });

  test("is given up after 25 s without an answer; a kernel that answers later is heard all the same", async () => {
    Reflect.deleteProperty(page, CHUNKS);
    vi.useFakeTimers();
    const { root } = chat.render();
    chat.model.receive({ t: "batch", e: [start(), render({ part: "c1", operations: form() })] });
    await vi.advanceTimersByTimeAsync(25_100);
    expect(find(root, ".place .what").textContent).toContain("did not give");
    expect(of("chunk")).toHaveLength(3);
    page[CHUNKS]?.set("chunk:a2ui", Promise.resolve(chunk)); // Node imports no Blob
    chat.model.receive({ t: "chunk", name: "a2ui" }, [new DataView(new ArrayBuffer(8))]);
    await vi.advanceTimersByTimeAsync(100);
    expect(fields(root)).toHaveLength(1);
    expect(of("chunk")).toHaveLength(3);
    chat.end();
    await vi.advanceTimersByTimeAsync(100);
    expect(vi.getTimerCount()).toBe(0);
  });
});
