/** What a node may be: its mark on a grid of 16 units, and the tone of it. Other kinds are words without a mark. */

export interface Kind {
  readonly tone: string;
  /** Drawn as lines. */
  readonly mark: string;
}

const RING = "M8 2.75a5.25 5.25 0 1 1 0 10.5a5.25 5.25 0 1 1 0-10.5";

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ["start", { tone: "green", mark: "M5.5 3.8l6.5 4.2l-6.5 4.2z" }],
  ["end", { tone: "ink", mark: `${RING}M6.5 6.5h3v3h-3z` }],
  ["agent", { tone: "blue", mark: "M3.5 5.5h9v7h-9zM8 5.5V2.8M6.2 8.4v1M9.8 8.4v1" }],
  ["model", { tone: "blue", mark: "M8 2.5l1.5 4l4 1.5l-4 1.5l-1.5 4l-1.5-4l-4-1.5l4-1.5z" }],
  [
    "tool",
    { tone: "teal", mark: "M9.6 6.4l3.6-1.6a3.4 3.4 0 0 1-4.7 4l-4 4l-1.8-1.8l4-4a3.4 3.4 0 0 1 4-4.7z" },
  ],
  ["decision", { tone: "warn", mark: "M8 2.5l5.5 5.5l-5.5 5.5l-5.5-5.5z" }],
  [
    "data",
    { tone: "purple", mark: "M3 4.5c0-2 10-2 10 0v7c0 2-10 2-10 0zM3 4.5c0 2 10 2 10 0M3 8c0 2 10 2 10 0" },
  ],
  ["human", { tone: "warn", mark: "M8 2.8a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5M3 13.2c.6-4.2 9.4-4.2 10 0" }],
  ["output", { tone: "ink", mark: "M4 2.5h5l3 3v8h-8zM9 2.5v3h3" }],
  ["error", { tone: "red", mark: `${RING}M8 5.2v3.6M8 10.7v.1` }],
]);

export function kindOf(name: string): Kind | undefined {
  return KINDS.get(name);
}
