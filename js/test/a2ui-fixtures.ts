/** Others' examples, read where they are. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { messagesOf } from "../src/a2ui/message";

export interface Example {
  readonly name: string;
  readonly messages: readonly Record<string, unknown>[];
}

const BESIDE_THE_CHECKOUT = join(import.meta.dirname, "../../../shared/fixtures");
const FOLDER = join(process.env.AGUI_FIXTURES || BESIDE_THE_CHECKOUT, "a2ui");

/** Without them tests are skipped; where all tests are to run, that is a failure. */
export const HAS_FIXTURES = existsSync(FOLDER);
if (!HAS_FIXTURES && process.env.CI === "true")
  throw new Error(`no corpus at ${FOLDER}: set AGUI_FIXTURES to the fixtures folder`);

export function examples(...folders: string[]): Example[] {
  if (!HAS_FIXTURES) return [];
  return folders.flatMap((folder) =>
    readdirSync(join(FOLDER, folder)).map((file) => {
      const messages = messagesOf(readFileSync(join(FOLDER, folder, file), "utf8"));
      return { name: `${folder}/${file}`, messages: messages as Record<string, unknown>[] };
    }),
  );
}

export function example(path: string): Example[] {
  const messages = HAS_FIXTURES ? messagesOf(fixture(path)) : [];
  return HAS_FIXTURES ? [{ name: path, messages: messages as Record<string, unknown>[] }] : [];
}

export function fixture(path: string): string {
  return readFileSync(join(FOLDER, path), "utf8");
}
