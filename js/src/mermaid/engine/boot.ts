/** What runs first in the frame. It takes the engine's files from the page, and gives each an address that the others can import. */

import type { Order, Report } from "../messages";

const addresses = new Map<string, string>();
const coming = new Map<string, Promise<void>>();
const arrived = new Map<string, () => void>();

/** The module `name`; what the frame lacks for it comes from the page, all at once. */
async function load(name: string): Promise<unknown> {
  if (!addresses.has(name)) await asked(name);
  return import(addresses.get(name) as string);
}

function asked(name: string): Promise<void> {
  const before = coming.get(name);
  if (before) return before;
  const answer = new Promise<void>((resolve) => arrived.set(name, resolve));
  coming.set(name, answer);
  const report: Report = { t: "want", name };
  parent.postMessage(JSON.stringify(report), "*"); // a page's origin is not told to a frame that has none
  return answer;
}

function take(name: string, source: string): void {
  const text = source.replace(/"agui:([\w-]+)"/g, (_, imported) => JSON.stringify(addresses.get(imported)));
  addresses.set(name, URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
}

addEventListener("message", ({ source, data }: MessageEvent<Order>) => {
  if (source !== parent || data.t !== "files") return;
  for (const [name, text] of data.files) take(name, text);
  arrived.get(data.name)?.();
});

(globalThis as Record<symbol, unknown>)[Symbol.for("agui.load")] = load;
load(document.documentElement.lang); // the page says where to begin
