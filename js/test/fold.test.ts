import { describe, expect, test } from "vitest";
import { type Envelope, verdict } from "../src/envelope";
import { emptySnapshot, fold, type Snapshot } from "../src/fold";
import { Store } from "../src/store";
import { vectors } from "./vectors";

describe.each(vectors().map(({ name }, at) => [name, at] as const))("%s", (_, at) => {
  const load = () => vectors()[at] as ReturnType<typeof vectors>[number];

  test("folds to its snapshot", () => {
    const { envelopes, snapshot } = load();
    expect(envelopes.reduce(fold, emptySnapshot(snapshot.stream))).toEqual(snapshot);
  });

  test("folds to its snapshot when it is reopened at every point", () => {
    const { envelopes, snapshot } = load();
    for (let cut = 0; cut <= envelopes.length; cut++) {
      const { envelopes: fresh } = load();
      const saved = fresh.slice(0, cut).reduce(fold, emptySnapshot(snapshot.stream));
      const reopened = JSON.parse(JSON.stringify(saved)) as Snapshot;
      expect(fresh.slice(cut).reduce(fold, reopened)).toEqual(snapshot);
    }
  });

  test("changes nothing that it was given", () => {
    const { envelopes, snapshot } = load();
    envelopes.reduce(fold, emptySnapshot(snapshot.stream));
    expect(envelopes).toEqual(load().envelopes);
  });

  test("a store counts what comes twice, and folds it once", () => {
    const { envelopes, snapshot } = load();
    const store = new Store();
    for (const envelope of envelopes) store.receive([envelope, structuredClone(envelope)]);
    expect(store.snapshot).toEqual(snapshot);
    expect(store.dropped).toBe(envelopes.length);
  });

  test("a store stops at a gap, and goes on from a snapshot", () => {
    for (let missing = 0; missing < load().envelopes.length - 1; missing++) {
      const { envelopes, snapshot } = load();
      const store = new Store();
      store.receive(envelopes.slice(0, missing));
      const before = structuredClone(store.snapshot);
      store.receive(envelopes.slice(missing + 1));
      expect(store.snapshot).toEqual(before);
      expect(store.hasGap).toBe(true);
      store.take(structuredClone(snapshot));
      expect(store.snapshot).toEqual(snapshot);
      expect(store.hasGap).toBe(false);
    }
  });
});

test("a gap is closed by what was missing, without a snapshot", () => {
  const { envelopes, snapshot } = vectors()[0] as ReturnType<typeof vectors>[number];
  const store = new Store();
  store.receive([...envelopes.slice(0, 3), ...envelopes.slice(5)]);
  expect(store.hasGap).toBe(true);
  store.receive(envelopes.slice(3));
  expect(store.hasGap).toBe(false);
  expect(store.snapshot).toEqual(snapshot);
});

test("a merged envelope stands for all its numbers", () => {
  const merged = { seq: 9, seq_from: 7 } as Envelope;
  expect([6, 8, 9, 3].map((last) => verdict(merged, last))).toEqual(["apply", "gap", "drop", "gap"]);
});

test("an older snapshot is not taken", () => {
  const [vector] = vectors();
  const store = new Store();
  store.receive(vector?.envelopes ?? []);
  const { seq } = store.snapshot;
  store.take(emptySnapshot(store.snapshot.stream));
  expect(store.snapshot.seq).toBe(seq);
});

test("a snapshot of another stream is taken, and envelopes of one ask for it", () => {
  const store = new Store();
  store.take({ ...emptySnapshot("one"), seq: 5 });
  store.receive([{ seq: 6, stream: "two", kind: "state.update", payload: { state: 1 } } as Envelope]);
  expect(store.hasGap).toBe(true);
  store.take({ ...emptySnapshot("two"), seq: 2 });
  expect(store.snapshot.stream).toBe("two");
});

describe("formatted text", () => {
  const patch = (payload: object, seq: number) =>
    ({
      seq,
      stream: "s",
      message_id: "a1",
      lane: "text",
      kind: "blocks.patch",
      payload,
    }) as unknown as Envelope;
  const begun = () => {
    const start = { seq: 1, stream: "s", message_id: "a1", lane: "status", kind: "message.start" };
    return fold(emptySnapshot("s"), {
      ...start,
      corr: null,
      ts: 0,
      payload: { role: "assistant" },
    } as Envelope);
  };
  const parts = (snapshot: Snapshot) => snapshot.messages[0]?.lanes.text?.parts;

  test("is made by its first patch, and grows with its source", () => {
    const ops = [["add", [], [{ t: "p", c: ["Hello"] }]]];
    const snapshot = fold(begun(), patch({ ops, text: "Hello" }, 2));
    fold(snapshot, patch({ ops: [["text", [0, 0], 5, " world"]], text: " world" }, 3));
    fold(snapshot, patch({ ops: [["set", [0], { t: "h2", c: ["Hello world"] }]] }, 4));
    const nodes = [{ t: "h2", c: ["Hello world"] }];
    expect(parts(snapshot)).toEqual([{ key: "text", kind: "blocks", nodes, text: "Hello world" }]);
  });

  test("has a part of its own key, and leaves parts of other kinds alone", () => {
    const snapshot = fold(begun(), { ...patch({ text: "plain" }, 2), kind: "token.delta" } as Envelope);
    fold(snapshot, patch({ ops: [["add", [], ["x"]]], text: "x" }, 3));
    fold(snapshot, patch({ ops: [["add", [], [{ t: "hr" }]]], text: "---", part: "text-2" }, 4));
    expect(parts(snapshot)).toEqual([
      { key: "text", kind: "text", text: "plain" },
      { key: "text-2", kind: "blocks", nodes: [{ t: "hr" }], text: "---" },
    ]);
  });

  test("changes nothing that it was given", () => {
    const first = patch({ ops: [["add", [], [{ t: "p", c: ["a"] }]]], text: "a" }, 2);
    const given = structuredClone(first);
    const snapshot = fold(begun(), first);
    fold(
      snapshot,
      patch(
        {
          ops: [
            ["text", [0, 0], 1, "b"],
            ["attr", [0], "x", 1],
          ],
          text: "b",
        },
        3,
      ),
    );
    expect(first).toEqual(given);
  });
});
