import { describe, expect, test } from "vitest";
import { labelOf, lastOf, read, valueText } from "../src/telemetry/data";
import { inRows } from "../src/telemetry/picture";

const chart = (rows: unknown[], series: unknown[] = [{ name: "loss", unit: "nats" }, { name: "acc" }]) =>
  JSON.stringify({ title: "Training", x: "step", series, rows });

describe("the picture of a chart", () => {
  const line = (name: string) => ({ name, colour: "teal" });
  const widthOf = (words: string) => words.length * 10;

  test("names its lines one behind the other, in as many rows as that takes", () => {
    const rows = inRows(["loss", "accuracy", "lr"].map(line), 160, widthOf);
    expect(rows.map(({ name, x, row }) => [name, x, row])).toEqual([
      ["loss", 0, 0],
      ["accuracy", 0, 1],
      ["lr", 112, 1],
    ]);
  });

  test("gives a name that is longer than the picture a row of its own", () => {
    expect(inRows(["l".repeat(99), "lr"].map(line), 160, widthOf).map(({ row }) => row)).toEqual([0, 1]);
  });
});

describe("a chart that grows", () => {
  test("is read as columns, with gaps where there was no number", () => {
    const { columns, series } = read(chart([[0, 1, 0.5], [1, null], [2, "x", 0.75], [3]]));
    expect(columns).toEqual([
      [0, 1, 2, 3],
      [1, null, null, null],
      [0.5, null, 0.75, null],
    ]);
    expect(series[0]).toEqual({ name: "loss", unit: "nats" });
  });

  test("goes from left to right, also where somebody went back", () => {
    expect(
      read(
        chart([
          [2, 20],
          [1, 10],
          [1, 11],
          [3, 30],
        ]),
      ).columns.slice(0, 2),
    ).toEqual([
      [1, 1, 2, 3],
      [10, 11, 20, 30],
    ]);
  });

  test("leaves out rows that stand nowhere", () => {
    expect(read(chart([[null, 1], "row", {}, ["1", 2], [4, 5]])).columns[0]).toEqual([4]);
  });

  test("has names in which nothing is hidden", () => {
    const [series] = read(chart([], [{ name: "a\u202e<b>", unit: 3 }])).series;
    expect(series).toEqual({ name: "a⟨U+202E⟩<b>", unit: "" });
  });

  test.each([["{"], ["null"], ["[]"], ['{"series": []}'], ['{"series": {}, "rows": []}']])(
    "is not %s",
    (text) => {
      expect(() => read(text)).toThrow("not the JSON of a chart");
    },
  );

  test("is a line of words for who does not see it", () => {
    expect(
      labelOf(
        read(
          chart([
            [0, 1, 0.5],
            [1, 0.25],
          ]),
        ),
      ),
    ).toBe("Training: loss 0.25 nats, acc 0.5");
    expect(labelOf(read(JSON.stringify({ series: [], rows: [] })))).toBe("Telemetry: –");
  });

  test("has a last value where there is one", () => {
    expect([lastOf([1, 2, null]), lastOf([null]), lastOf([])]).toEqual([2, undefined, undefined]);
  });

  test.each<[number | null, string, string]>([
    [0.30000000000000004, "", "0.3"],
    [1234567, "W", "1234600 W"],
    [12_345_678, "", "1.23e+7"],
    [0.00001234, "", "1.23e-5"],
    [0, "", "0"],
    [null, "W", "–"],
  ])("writes %s %s as %s", (value, unit, text) => {
    expect(valueText(value, unit)).toBe(text);
  });
});
