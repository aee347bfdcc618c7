/**
 * A model without a kernel: the six methods that the widget uses, and a player for recordings.
 *
 * A recording is JSONL of `{"at": ms, "msg": kernel-to-page message}`.
 */
export class FakeModel {
  #listeners = new Map();
  #traits;
  /** What the page sent, oldest first. */
  sent = [];
  /** Called with every intent; the page of a test may answer. */
  onIntent = () => {};
  isDead = false;

  constructor(traits = {}) {
    this.#traits = traits;
  }

  get(name) {
    return this.#traits[name];
  }

  set(name, value) {
    this.#traits[name] = value;
    this.emit(`change:${name}`);
  }

  on(name, listener) {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  }

  off(name, listener) {
    this.#listeners.set(
      name,
      (this.#listeners.get(name) ?? []).filter((other) => other !== listener),
    );
  }

  save_changes() {}

  send(intent) {
    if (this.isDead) throw new Error("Cannot send");
    this.sent.push(intent);
    this.onIntent(intent);
  }

  emit(name, ...values) {
    for (const listener of this.#listeners.get(name) ?? []) listener(...values);
  }

  /** How many listeners there are, for tests of what cleans up. */
  get listenerCount() {
    return [...this.#listeners.values()].reduce((sum, { length }) => sum + length, 0);
  }

  receive(message, buffers = []) {
    this.emit("msg:custom", structuredClone(message), buffers);
  }

  /** The comm of a kernel that restarted. */
  die() {
    this.isDead = true;
    this.emit("comm_live_update");
  }
}

/** Plays `lines` in their time, `speed` times as fast; 0 is at once. Resolves at the end, or when `signal` stops it. */
export async function play(model, lines, { speed = 1, from = 0, until = Infinity, signal } = {}) {
  const began = performance.now();
  for (const { at, msg } of lines) {
    if (at > until || signal?.aborted) return;
    const due = (at - from) / speed - (performance.now() - began);
    if (speed && at > from && due > 0) await new Promise((done) => setTimeout(done, due));
    if (!signal?.aborted) model.receive(msg);
  }
}

const HERE = import.meta.url;

/** A chunk as the kernel sends it. */
export async function gzipped(name) {
  const response = await fetch(new URL(`../../src/agui_widget/static/chunks/${name}.gz`, HERE));
  return response.ok ? new DataView(await response.arrayBuffer()) : undefined;
}

/** All of them, by name: a page that may ask for nothing later has them at once. */
export async function allGzipped() {
  const table = await (await fetch(new URL("../../src/agui_widget/static/chunks.json", HERE))).json();
  const names = Object.keys(table);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await gzipped(name)])));
}

export async function load(name) {
  const text = await (await fetch(new URL(`../recordings/${name}.jsonl`, import.meta.url))).text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}
