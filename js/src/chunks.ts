/** What most chats do without comes from the kernel when it is needed: never from a network, and never but what was built with us. */

import { sha256 } from "./sha256";

/** What is asked for by its name, and trusted for its hash. */
export interface Reference {
  readonly name: string;
  readonly hash: string;
}

/** Every chat evaluates this module anew; what was loaded is the page's, by its hash. */
const CHUNKS = Symbol.for("agui.chunks");
type Chunks = Map<string, Promise<unknown>>;

export type Bytes = Pick<DataView<ArrayBuffer>, "buffer" | "byteOffset" | "byteLength">;
type Source = Uint8Array<ArrayBuffer>;

/**
 * The module that a reference is to; `fetch` gives its source gzipped.
 *
 * Chats that wait for the same one share the first one's answer; when its kernel does not give it, each asks its own.
 */
export function loadChunk<T>(
  reference: Reference,
  fetch: (name: string) => Promise<Bytes>,
  read: (source: Source) => Promise<unknown> = importSource,
): Promise<T> {
  const page = globalThis as { [CHUNKS]?: Chunks };
  page[CHUNKS] ??= new Map();
  const chunks = page[CHUNKS];
  const { hash } = reference;
  const others = chunks.get(hash) as Promise<T> | undefined;
  if (others) return others.catch(() => loadChunk<T>(reference, fetch, read));
  const loading = load(reference, fetch).then(read) as Promise<T>;
  chunks.set(hash, loading);
  loading.catch(() => chunks.delete(hash));
  return loading;
}

/** The same for a file that is no module: its bytes. */
export function loadAsset(reference: Reference, fetch: (name: string) => Promise<Bytes>): Promise<Source> {
  return loadChunk<Source>(reference, fetch, async (source) => source);
}

async function load({ name, hash }: Reference, fetch: (name: string) => Promise<Bytes>): Promise<Source> {
  const source = await gunzip(await fetch(name));
  if ((await hashOf(source)) !== hash)
    throw new Error("the chunk is not the one that this page was built with");
  return source;
}

/** By the browser's own means where there are any: ours would take a frame for each megabyte. */
async function hashOf(source: Source): Promise<string> {
  if (!globalThis.crypto?.subtle) return sha256(source);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", source));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function gunzip({ buffer, byteOffset, byteLength }: Bytes): Promise<Source> {
  const packed = new Blob([new Uint8Array(buffer, byteOffset, byteLength)]);
  const unpacked = packed.stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

async function importSource(source: Source): Promise<unknown> {
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return await import(/* @vite-ignore */ address);
  } finally {
    URL.revokeObjectURL(address);
  }
}
