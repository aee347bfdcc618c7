import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "a2ui-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SCRIPT = join(import.meta.dirname, "../a2ui.mjs");
const BASIC = "https://a2ui.org/specification/v0_9/catalogs/basic/catalog.json";
const MESSAGES = [
  { version: "v0.9", createSurface: { surfaceId: "s", catalogId: BASIC } },
  {
    version: "v0.9",
    updateComponents: { surfaceId: "s", components: [{ id: "root", component: "Card", child: "t" }] },
  },
  {
    version: "v0.9",
    updateComponents: { surfaceId: "s", components: [{ id: "t", component: "Text", text: { path: "/x" } }] },
  },
  { version: "v0.9", updateDataModel: { surfaceId: "s", value: { x: "Hi" } } },
];
const TEXT = { id: "t", type: "Text", path: "/", state: "resolved", props: { text: "Hi" } };
const CARD = { id: "root", type: "Card", path: "/", state: "resolved", props: { child: { $node: TEXT } } };
const LAST = { surfaces: { s: { tree: CARD, dataModel: { x: "Hi" }, errors: [] } } };

/** As npm runs it: from js/, and told where the user is. */
async function run(
  content: string | undefined,
  ...args: string[]
): Promise<{ code: number; stderr: string; lines: string[] }> {
  if (content !== undefined) writeFileSync(join(folder, "file.json"), content);
  const options = { env: { ...process.env, INIT_CWD: folder }, cwd: join(import.meta.dirname, "..") };
  return promisify(execFile)(process.execPath, [SCRIPT, ...args], options).then(
    ({ stdout, stderr }) => ({ code: 0, stderr, lines: stdout.trim().split("\n") }),
    ({ code, stdout, stderr }) => ({ code, stderr, lines: stdout.trim().split("\n") }),
  );
}

describe("a2ui FILE", () => {
  it.each([
    ["an array", JSON.stringify(MESSAGES, null, 2)],
    ["an array behind a byte order mark", `\uFEFF${JSON.stringify(MESSAGES)}`],
    ["JSONL", MESSAGES.map((message) => JSON.stringify(message)).join("\n")],
    ["an example with a name", JSON.stringify({ name: "x", description: "y", messages: MESSAGES })],
  ])("prints the surfaces of %s", async (_, content) => {
    const { code, lines, stderr } = await run(content, "file.json");
    expect([code, stderr, lines.map((line) => JSON.parse(line))]).toEqual([0, "", [LAST]]);
  });

  it("prints a line after every message with --each", async () => {
    const { lines } = await run(JSON.stringify(MESSAGES), "file.json", "--each");
    const trees = lines.map((line) => JSON.parse(line).surfaces.s.tree);
    const pending = { $node: { id: "t", type: "Placeholder", path: "/", state: "pending", props: {} } };
    expect(trees).toEqual([
      null,
      { ...CARD, props: { child: pending } },
      { ...CARD, props: { child: { $node: { ...TEXT, props: {} } } } },
      CARD,
    ]);
  });

  it.each([
    ["nothing", ""],
    ["a document that was cut", JSON.stringify(MESSAGES, null, 2).slice(0, -20)],
  ])("ends with 2 for %s", async (_, content) => {
    const { code, stderr } = await run(content, "file.json");
    expect([code, stderr]).toEqual([2, "file.json: no JSON in it\n"]);
  });

  it("says what it cannot read, and ends with 2", async () => {
    expect(await run(undefined, "none.json")).toMatchObject({ code: 2, stderr: "none.json: no such file\n" });
    expect(await run("not JSON", "file.json")).toMatchObject({
      code: 2,
      stderr: "file.json: no JSON in it\n",
    });
    expect(await run(undefined)).toMatchObject({ code: 2, stderr: expect.stringMatching(/^usage/) });
    expect((await run(undefined, ".")).code).toBe(2);
  });

  it("says what belongs to no surface beside what it prints", async () => {
    const { code, stderr, lines } = await run('{"deleteSurface": {"surfaceId": "x"}}', "file.json");
    expect([code, lines]).toEqual([0, ['{"surfaces":{}}']]);
    expect(stderr).toContain("SURFACE_NOT_FOUND");
  });
});
