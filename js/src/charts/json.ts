/** Where a text stops being JSON: browsers say it in different words, and often not at all. */

const TOKEN =
  /\s+|([{[])|([}\]])|(,)|(:)|("(?:[^"\\\n]|\\.)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;

/** Kinds of tokens in the order of the groups, and what may stand behind each; `start` is before all of them. */
const KINDS = ["open", "close", "comma", "colon", "value"] as const;
type Kind = (typeof KINDS)[number] | "start";
const BEHIND: Readonly<Record<Kind, readonly Kind[]>> = {
  start: ["open", "value"],
  open: ["open", "close", "value"],
  close: ["close", "comma"],
  comma: ["open", "value"],
  colon: ["open", "value"],
  value: ["close", "comma", "colon"],
};

/** Line and column, from 1, of the first token that cannot stand where it does. */
export function whereBroken(text: string): { line: number; column: number } {
  const before = text.slice(0, brokenAt(text)).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function brokenAt(text: string): number {
  let last: Kind = "start";
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const token = TOKEN.exec(text);
    if (!token) return at;
    const kind = KINDS[token.slice(1).findIndex((group) => group !== undefined)];
    if (kind && !BEHIND[last].includes(kind)) return at;
    last = kind ?? last;
  }
  return text.length;
}
