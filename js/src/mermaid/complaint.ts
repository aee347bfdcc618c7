/** What a parser says, brought to what helps a reader: where it stopped, and what it had hoped for. */

const MAX_LINES = 5;
const MAX_LINE = 200;
/** The list of everything that might have come is long and in the parser's own words. */
const EXPECTED = /^Expecting .*?, got '?([^']*)'?$/s;

export function complaint(message: string): string {
  const lines = message
    .replace(/\r/g, "")
    .split("\n")
    .map((line) => line.trimEnd().replace(EXPECTED, "Unexpected $1").slice(0, MAX_LINE))
    .filter((line) => line.trim() !== "");
  return lines.slice(0, MAX_LINES).join("\n");
}
