import { readdirSync, readFileSync } from "node:fs";
import type { Envelope } from "../src/envelope";
import type { Snapshot } from "../src/fold";

export interface Vector {
  name: string;
  envelopes: Envelope[];
  snapshot: Snapshot;
}

const FOLDER = `${import.meta.dirname}/../../tests/vectors/`;

/** The vectors that Python's fold is held to as well. Read anew each time: a fold owns what it is given. */
export function vectors(): Vector[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
  return files.map((file) => JSON.parse(readFileSync(FOLDER + file, "utf8")) as Vector);
}
