/** What most chats do without comes from the kernel when it is needed: never from a network, and never but what was built with us. */

import { sha256 } from "./sha256";

/** Every chat evaluates this module anew; what was loaded is the page's, by its hash. */
const CHUNKS = Symbol.for("agui.chunks");
type Chunks = Map<string, Promise<unknown>>;

export type Bytes = Pick<DataView<ArrayBuffer>, "buffer" | "byteOffset" | "byteLength">;

/**
 * The module whose source has `hash`; `fetch` gives it gzipped.
 *
 * Chats that wait for the same one share the first one's answer; when its kernel does not give it, each asks its own.
 */
export function loadChunk<T>(hash: string, fetch: () => Promise<Bytes>, importer = importSource): Promise<T> {
  const page = globalThis as { [CHUNKS]?: Chunks };
  page[CHUNKS] ??= new Map();
  const chunks = page[CHUNKS];
  const others = chunks.get(hash) as Promise<T> | undefined;
  if (others) return others.catch(() => loadChunk<T>(hash, fetch, importer));
  const loading = load<T>(hash, fetch, importer);
  chunks.set(hash, loading);
  loading.catch(() => chunks.delete(hash));
  return loading;
}

async function load<T>(hash: string, fetch: () => Promise<Bytes>, importer: typeof importSource): Promise<T> {
  const source = await gunzip(await fetch());
  if (sha256(source) !== hash) throw new Error("the chunk is not the one that this page was built with");
  return (await importer(source)) as T;
}

async function gunzip({ buffer, byteOffset, byteLength }: Bytes): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  // A fault comes out at the other end.
  writer.write(new Uint8Array(buffer, byteOffset, byteLength)).catch(() => {});
  writer.close().catch(() => {});
  const reader = readable.getReader();
  const pieces: Uint8Array[] = [];
  for (let got = await reader.read(); !got.done; got = await reader.read()) pieces.push(got.value);
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

async function importSource(source: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return await import(/* @vite-ignore */ address);
  } finally {
    URL.revokeObjectURL(address);
  }
}
