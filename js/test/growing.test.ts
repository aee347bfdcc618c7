import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Draw, DrawerModule, Drawn, Stage } from "../src/drawer";
import { Emitter } from "../src/emitter";
import { Drawing } from "../src/nodes/drawing";
import type { Rich } from "../src/rich";

const KIND = "application/vnd.agui_widget.telemetry+json";

vi.hoisted(() => vi.stubGlobal("IntersectionObserver", undefined)); // everything is in sight

/** What was done, in order. */
let done: string[];
let finish: () => void;
let drawing: Drawing;

const drawn = (): Drawn => ({
  label: "",
  update: (text) => text !== "other" && done.push(`grown to ${text}`) > 0,
  snapshot: async () => ({ t: "img", a: { alt: done.at(-1) ?? "" } }),
});

const draw: Draw = async ({ text }, _: Stage) => {
  await new Promise<void>((go) => {
    finish = go;
  });
  done.push(`drawn ${text}`);
  return drawn();
};

function richWith(module: DrawerModule): Rich {
  const lazy = { module, hasFailed: false, changed: new Emitter<void>(), load: () => {} };
  return {
    drawer: () => lazy,
    turn: (task: () => Promise<void>) => task(),
    kept: () => undefined,
    misses: () => true,
    keep: (_kind: string, text: string) => done.push(`kept ${text}`),
  } as unknown as Rich;
}

const soon = () => vi.advanceTimersByTimeAsync(100);

beforeEach(async () => {
  vi.useFakeTimers();
  done = [];
  drawing = new Drawing({ rich: richWith({ css: "", draw, grows: true }), say: () => {} });
  const host = document.createElement("div");
  host.attachShadow({ mode: "open" }).append(drawing.element);
  document.body.append(host);
  drawing.show(KIND, "1");
  await soon();
});
afterEach(() => {
  drawing.destroy();
  vi.useRealTimers();
});

test("what grows while it is being drawn is drawn to its end, and then grown", async () => {
  drawing.show(KIND, "2");
  drawing.show(KIND, "3");
  finish();
  await soon();
  expect(done.filter((each) => !each.startsWith("kept"))).toEqual(["drawn 1", "grown to 3"]);
});

test("what grows is never drawn anew, and is handed back when it rests", async () => {
  finish();
  await soon();
  for (const text of ["2", "3"]) drawing.show(KIND, text);
  expect(done).toEqual(["drawn 1", "kept 1", "grown to 2", "grown to 3"]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(done.at(-1)).toBe("kept 3");
});

test("what cannot be taken in is drawn anew", async () => {
  finish();
  await soon();
  drawing.show(KIND, "other");
  await soon();
  finish();
  await soon();
  expect(done).toContain("drawn other");
});
