import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type Bytes, loadChunk } from "../src/chunks";
import { sha256 } from "../src/sha256";

const SOURCE = Buffer.from('export const said = "hello";');
const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const REFERENCE = { name: "said", hash: hashOf(SOURCE) };

afterEach(() => Reflect.deleteProperty(globalThis, Symbol.for("agui.chunks")));

function packed(source: Uint8Array): Bytes {
  const bytes = Uint8Array.from(gzipSync(source));
  return new DataView(bytes.buffer);
}

/** Node imports no Blob; that a browser does is seen end to end. */
const read = async (source: Uint8Array) => Buffer.from(source).toString();

/** A kernel that counts how often it is asked. */
function kernel(...answers: (Bytes | Error)[]) {
  let asked = 0;
  const fetch = async () => {
    const answer = answers[Math.min(asked++, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return answer as Bytes;
  };
  return { fetch, asked: () => asked };
}

describe("a chunk", () => {
  test("is imported as it was built", async () => {
    expect(await loadChunk(REFERENCE, kernel(packed(SOURCE)).fetch, read)).toBe(String(SOURCE));
  });

  test("that is part of a longer buffer is read from its place", async () => {
    const { buffer, byteLength } = packed(SOURCE);
    const longer = new Uint8Array(byteLength + 20);
    longer.set(new Uint8Array(buffer), 7);
    const fetch = async () => new DataView(longer.buffer, 7, byteLength);
    expect(await loadChunk(REFERENCE, fetch, read)).toBe(String(SOURCE));
  });

  test("that was tampered with is never imported", async () => {
    const imported: unknown[] = [];
    const tampered = packed(Buffer.from(`${SOURCE}alert(1)`));
    const keep = async (source: Uint8Array) => imported.push(source);
    await expect(loadChunk(REFERENCE, kernel(tampered).fetch, keep)).rejects.toThrow("not the one");
    expect(imported).toEqual([]);
  });

  test("is known by the same hash where the browser has no way of its own", async () => {
    vi.stubGlobal("crypto", {});
    const imported: unknown[] = [];
    const keep = async (source: Uint8Array) => imported.push(String(Buffer.from(source)));
    const tampered = packed(Buffer.from(`${SOURCE}alert(1)`));
    await expect(loadChunk(REFERENCE, kernel(tampered).fetch, keep)).rejects.toThrow("not the one");
    await loadChunk(REFERENCE, kernel(packed(SOURCE)).fetch, keep);
    expect(imported).toEqual([String(SOURCE)]);
    vi.unstubAllGlobals();
  });

  test("that is no gzip is refused", async () => {
    const { fetch } = kernel(new DataView(new Uint8Array([1, 2, 3]).buffer));
    await expect(loadChunk(REFERENCE, fetch, read)).rejects.toThrow();
  });

  test("is fetched once for ten chats of a page", async () => {
    const { fetch, asked } = kernel(packed(SOURCE));
    const all = await Promise.all(Array.from({ length: 10 }, () => loadChunk(REFERENCE, fetch, read)));
    expect([new Set(all).size, asked()]).toEqual([1, 1]);
  });

  test("that one kernel does not give is asked of another", async () => {
    const dead = kernel(new Error("no answer"));
    const live = kernel(packed(SOURCE));
    const first = loadChunk(REFERENCE, dead.fetch, read);
    const others = [1, 2].map(() => loadChunk(REFERENCE, live.fetch, read));
    await expect(first).rejects.toThrow("no answer");
    expect(await Promise.all(others)).toEqual([String(SOURCE), String(SOURCE)]);
    expect([dead.asked(), live.asked()]).toEqual([1, 1]);
  });

  test("that did not come can be asked for again", async () => {
    const { fetch } = kernel(new Error("no answer"), packed(SOURCE));
    await expect(loadChunk(REFERENCE, fetch, read)).rejects.toThrow("no answer");
    expect(await loadChunk(REFERENCE, fetch, read)).toBe(String(SOURCE));
  });
});

test("a hash is that of FIPS 180-4, whatever the length", () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, n) => (n * 7 + length) % 256);
    expect(sha256(bytes)).toBe(hashOf(bytes));
  }
  const long = new Uint8Array(150_000).fill(97);
  expect(sha256(long)).toBe(hashOf(long));
});
