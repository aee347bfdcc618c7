import type { AnyModel } from "@anywidget/types";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeModel } from "../dev/fake-model.js";
import { Connection } from "../src/connection";
import { Store } from "../src/store";

let model: FakeModel;
let life: AbortController;
let connection: Connection;
beforeEach(() => {
  model = new FakeModel();
  life = new AbortController();
  connection = new Connection(model as unknown as AnyModel, new Store(), life.signal);
});
afterEach(() => {
  life.abort();
  vi.useRealTimers();
});

const sent = (t: string) => model.sent.filter((intent: { t: string }) => intent.t === t);

describe("a question to the kernel", () => {
  const QUESTION = { t: "rows", object: "o1", start: 0, count: 20 } as const;

  test("is answered by its nonce", async () => {
    const rows = connection.request<{ rows: unknown }>(QUESTION);
    const other = connection.request(QUESTION);
    const [first, second] = sent("rows");
    model.receive({ t: "answer", nonce: first?.nonce, rows: [[1]] });
    model.receive({ t: "refused", nonce: second?.nonce, message: "no such object" });
    expect(await rows).toMatchObject({ rows: [[1]] });
    await expect(other).rejects.toThrow("no such object");
  });

  test("ends when nobody answers, or nobody is there", async () => {
    vi.useFakeTimers();
    const slow = connection.request(QUESTION);
    const told = expect(slow).rejects.toThrow("did not answer");
    await vi.advanceTimersByTimeAsync(10_100);
    await told;
    vi.useRealTimers();
    const lost = connection.request(QUESTION);
    model.die();
    await expect(lost).rejects.toThrow("No kernel");
    await expect(connection.request(QUESTION)).rejects.toThrow("No kernel");
  });
});
