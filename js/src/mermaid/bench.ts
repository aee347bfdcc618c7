/**
 * The one place where mermaid runs: a frame without an origin, out of sight, that may run our scripts and ask for nothing.
 *
 * Mermaid understands what an agent wrote, and makes markup of it. In a frame of its own neither can reach the chat, the host or a
 * network, and what comes out is a node tree. The frame is shared by all chats of a page, and made anew when it is lost or hangs.
 */

import ENGINE from "graph:mermaid/engine/engine";
import BOOT from "script:mermaid/engine/boot";
import type { Reference } from "../chunks";
import { declared } from "../declared";
import { h } from "../dom";
import { isVisible } from "../visibility";
import { wave } from "./files";
import { type Commission, type Order, type Report, readReport } from "./messages";
import { WORDS } from "./words";

export type Assets = (reference: Reference) => Promise<Uint8Array<ArrayBuffer>>;
export type Drawing = Extract<Report, { t: "drawn" }>;
type Outcome = Extract<Report, { id: number }>;

/** Mermaid's parsers can be made to go on for ever. */
const DRAW_MS = 10_000;
/** The engine takes some tens of megabytes, and comes back in a third of a second. */
const IDLE_MS = 60_000;
/** How often a drawing looks whether its frame is still there: a chat that is closed takes it along without a word. */
const WATCH_MS = 200;

const POLICY = `default-src 'none'; script-src '${BOOT.hash}' blob:; style-src 'unsafe-inline'`;
const PAGE =
  `<!doctype html><html lang="${ENGINE.entry}"><meta http-equiv="Content-Security-Policy" content="${POLICY}">` +
  `<style>body{margin:0}</style><body><script>${BOOT.text}</script></body></html>`;

/** The frame is gone, through no fault of what was to be drawn. */
class Lost extends Error {}

let bench: Bench | undefined;
let turn: Promise<unknown> = Promise.resolve();
let drawings = 0;

/** What mermaid makes of `commission`, when its turn comes. `place` says where a frame may stand if there is none. */
export function drawn(
  commission: Omit<Commission, "t" | "id">,
  place: Element,
  assets: Assets,
  signal: AbortSignal,
): Promise<Drawing> {
  const order: Commission = { ...commission, t: "draw", id: ++drawings };
  const attempt = () => {
    signal.throwIfAborted();
    return benchAt(place).draw(order, assets);
  };
  const result = turn.then(attempt).catch((error) => {
    if (error instanceof Lost) return attempt();
    throw error;
  });
  turn = result.catch(() => undefined);
  return result;
}

function benchAt(place: Element): Bench {
  if (bench?.isUsable) return bench;
  bench?.destroy();
  bench = new Bench(place.getRootNode() as ShadowRoot);
  return bench;
}

class Bench {
  readonly #frame = h("iframe", {
    ...{ class: "bench", sandbox: "allow-scripts" },
    ...{ tabindex: "-1", inert: true, "aria-hidden": "true" },
  });
  readonly #life = new AbortController();
  /** The files that the frame has. */
  readonly #there = new Set<string>();
  readonly #ready = signalled();
  /** What the frame asked for comes in the order in which it asked: a later wave may import what came in an earlier one. */
  #coming: Promise<void> = Promise.resolve();
  #assets: Assets | undefined;
  #finish: ((outcome: Outcome) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;
  #deadline = Number.POSITIVE_INFINITY;
  #idle = 0;

  constructor(root: ShadowRoot) {
    const { signal } = this.#life;
    this.#frame.srcdoc = declared(PAGE);
    root.append(this.#frame);
    window.addEventListener("message", (event) => this.#hear(event), { signal });
    // It loads once. Whatever loads in it later is not what we put there: it was moved, or it went elsewhere.
    const moved = () => this.#frame.addEventListener("load", () => this.destroy(), { signal });
    this.#frame.addEventListener("load", moved, { signal, once: true });
  }

  /** Whether it can measure: what is not rendered has no sizes. */
  get isUsable(): boolean {
    return !this.#life.signal.aborted && isVisible(this.#frame);
  }

  async draw(order: Commission, assets: Assets): Promise<Drawing> {
    clearTimeout(this.#idle);
    this.#assets = assets;
    this.#start();
    const outcome = new Promise<Outcome>((resolve, reject) => {
      this.#finish = (given) => given.id === order.id && resolve(given);
      this.#fail = reject;
    });
    const watch = setInterval(() => this.#watch(), WATCH_MS);
    try {
      this.#ready.promise.then(() => {
        this.#start();
        this.#send(order);
      });
      return successOf(await outcome);
    } finally {
      clearInterval(watch);
      this.#idle = window.setTimeout(() => this.destroy(), IDLE_MS);
    }
  }

  destroy(): void {
    this.#life.abort();
    this.#fail?.(new Lost(WORDS.notLoaded));
    this.#frame.remove();
  }

  #start(): void {
    this.#deadline = performance.now() + DRAW_MS;
  }

  #watch(): void {
    if (!this.#frame.isConnected) this.destroy();
    else if (performance.now() > this.#deadline) this.#giveUp(WORDS.tooSlow);
  }

  #giveUp(message: string): void {
    this.#fail?.(new Error(message));
    this.destroy();
  }

  #hear({ source, origin, data }: MessageEvent): void {
    if (source !== this.#frame.contentWindow || origin !== "null") return;
    const report = readReport(data);
    if (!report) return;
    if (report.t === "ready") this.#ready.give();
    else if (report.t === "want") this.#coming = this.#coming.then(() => this.#bring(report.name));
    else this.#finish?.(report);
  }

  /** The engine waits for its files: that time is not its own. Asking often gives it no more of it. */
  async #bring(name: string): Promise<void> {
    const left = this.#deadline - performance.now();
    this.#deadline = Number.POSITIVE_INFINITY;
    try {
      const names = wave(ENGINE, name || ENGINE.entry, this.#there);
      const files = await Promise.all(names.map((file) => this.#file(file)));
      for (const file of names) this.#there.add(file);
      this.#send({ t: "files", name, files });
      this.#deadline = performance.now() + left;
    } catch {
      this.#giveUp(WORDS.notLoaded);
    }
  }

  async #file(name: string): Promise<readonly [string, string]> {
    const { hash } = ENGINE.files[name] as { hash: string };
    const bytes = await (this.#assets as Assets)({ name, hash });
    return [name, new TextDecoder().decode(bytes)];
  }

  #send(order: Order): void {
    this.#frame.contentWindow?.postMessage(order, "*"); // it has no origin that could be named
  }
}

function successOf(outcome: Outcome): Drawing {
  if (outcome.t === "failed") throw new Error(outcome.message);
  return outcome;
}

function signalled(): { promise: Promise<void>; give: () => void } {
  let give = () => {};
  const promise = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { promise, give };
}
