import { describe, expect, it, vi } from "vitest";
import { dump } from "../src/a2ui/dump";
import { Engine } from "../src/a2ui/engine";
import { type Example, example, examples, HAS_FIXTURES } from "./a2ui-fixtures";
import { bare, oracle08, oracle09 } from "./a2ui-oracle";
import { messages08, messages09, Random } from "./a2ui-random";

type Oracle = typeof oracle09;

const OLD = examples("v0_8/examples_basic", "v0_8/examples_minimal");
const NEW = [
  ...examples("v0_9/examples_basic", "v0_9/examples_minimal"),
  ...example("v0_9/test_cases/contact_form_example.jsonl"),
];

describe.skipIf(!HAS_FIXTURES)("after every message, the same tree and data as web_core", () => {
  it("has examples to compare", () => {
    expect(OLD.length).toBeGreaterThan(20);
    expect(NEW.length).toBeGreaterThan(30);
  });
  it.each(OLD)("0.8: $name", (example) => compare(example, oracle08));
  it.each(NEW)("0.9: $name", (example) => compare(example, oracle09));
});

describe("whatever is said, the same tree and data as web_core", () => {
  const seeds = Array.from({ length: 60 }, (_, i) => i);
  it.each(seeds)("0.9, seed %i", (seed) => compareRandom(messages09(new Random(seed)), oracle09));
  it.each(seeds)("0.8, seed %i", (seed) => compareRandom(messages08(new Random(seed)), oracle08));
});

/** Up to what web_core refuses, if it does. */
function compareRandom(messages: Example["messages"], oracle: Oracle): void {
  vi.spyOn(console, "error").mockReturnValue(undefined); // web_core says there what it refuses
  vi.spyOn(console, "warn").mockReturnValue(undefined);
  for (const [i, ours] of eachOf(messages).entries()) {
    const theirs = taken(oracle, messages.slice(0, i + 1));
    if (!theirs) {
      expect(i).toBeGreaterThan(0);
      return;
    }
    expect(seen(ours, theirs)).toEqual(bare(theirs));
  }
}

function taken(oracle: Oracle, messages: Example["messages"]): ReturnType<Oracle> | undefined {
  try {
    return oracle(messages);
  } catch {
    return undefined;
  }
}

describe.skipIf(!HAS_FIXTURES)("every spelling of 1.0", () => {
  const final = examples("v1_0/examples_final");
  const marked = examples("v1_0/examples_at_draft");
  it.each(examples("v1_0/examples_basic"))("gives the tree of $name", ({ name, messages }) => {
    const file = name.split("/").pop();
    const others = [...final, ...marked].filter((other) => other.name.endsWith(`/${file}`));
    expect(others).toHaveLength(2);
    const [ours, ...theirs] = [messages, ...others.map((other) => other.messages)].map(eachOf);
    for (const their of theirs) expect(their).toEqual(ours);
  });

  it.each(examples("v1_0/examples_basic"))("resolves $name as web_core does 0.9", ({ name, messages }) => {
    const asOld = messages.map((message) => as09(message) as Record<string, unknown>);
    compare({ name, messages: asOld }, oracle09, messages);
  });
});

function eachOf(messages: Example["messages"]): unknown[] {
  const engine = new Engine({ locale: "en-US" });
  return messages.map((message) => {
    engine.process(message);
    return dump(engine);
  });
}

function compare({ messages }: Example, oracle: Oracle, own = messages): void {
  for (const [i, ours] of eachOf(own).entries()) {
    const theirs = oracle(messages.slice(0, i + 1));
    expect(seen(ours, theirs)).toEqual(bare(theirs));
  }
}

/** Surfaces that the oracle does not show yet (0.8 before its first painting) are not compared. */
function seen(ours: unknown, theirs: ReturnType<Oracle>): unknown {
  const { surfaces } = ours as { surfaces: Record<string, { tree: unknown; dataModel: unknown }> };
  const shown = Object.entries(surfaces).filter(([id]) => id in theirs);
  return bare(Object.fromEntries(shown.map(([id, { tree, dataModel }]) => [id, { tree, dataModel }])));
}

/** The oracle has no 1.0, whose basic catalog means the same in these examples. */
function as09(value: unknown): unknown {
  const text = JSON.stringify(value).replace('"version":"v1.0"', '"version":"v0.9"');
  return JSON.parse(text);
}
