/** The simple Markdown of a Text: marks, code, headings, lists, quotes. A link and a picture are their words. */

import type { Node } from "../nodes";

const MAX_TEXT = 1_000_000;
const MAX_NESTING = 6;
const MARKS: Readonly<Record<string, string>> = {
  "**": "strong",
  __: "strong",
  "*": "em",
  _: "em",
  "~~": "del",
};

const SPECIAL = /[\\`*_~#>[\n\r]|^\s*(?:[-+]|\d+[.)]|$)/;

/** Whether `text` is one paragraph, with no marks in it. */
export function isPlain(text: string): boolean {
  return text.length <= MAX_TEXT && !SPECIAL.test(text);
}

/** `text` as the blocks of a node tree. */
export function blocks(text: string): Node[] {
  if (PIECE.test(text)) return [{ t: "p", c: inline(text) }];
  return blocksOf(text.slice(0, MAX_TEXT).split(/\r\n?|\n/), 0);
}

/** `text` as one line: what would begin a block does not. */
export function inline(text: string): Node[] {
  return inlineOf(text.slice(0, MAX_TEXT), 0);
}

/** A line that begins with a space goes on from the text beside it: " - Qty: " is no item. */
const PIECE = /^ [^\n\r]*$/;
const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*)$/;
const RULE = /^ {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)(?:[-*+]|(\d{1,9})[.)])[ \t]+(?=\S)/;

function blocksOf(lines: readonly string[], depth: number): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  /** The lines from here on while they are of the block. */
  const take = (isOf: (line: string) => boolean): string[] => {
    const start = at++;
    while (at < lines.length && isOf(lines[at] as string)) at++;
    return lines.slice(start, at);
  };
  while (at < lines.length) {
    const line = lines[at] as string;
    const fence = FENCE.exec(line)?.[1];
    const heading = HEADING.exec(line);
    const item = ITEM.exec(line);
    if (!line.trim()) at++;
    else if (fence) {
      const code = take((next) => !next.trimStart().startsWith(fence));
      at++; // what closes it
      nodes.push({ t: "fence", c: [code.slice(1).join("\n")] });
    } else if (heading) {
      at++;
      nodes.push({
        t: `h${heading[1]?.length}`,
        c: inlineOf((heading[2] as string).replace(/\s+#+\s*$/, ""), 0),
      });
    } else if (RULE.test(line)) {
      at++;
      nodes.push({ t: "hr" });
    } else if (QUOTE.test(line) && depth < MAX_NESTING) {
      const quoted = take((next) => QUOTE.test(next)).map((each) => each.replace(QUOTE, ""));
      nodes.push({ t: "blockquote", c: blocksOf(quoted, depth + 1) });
    } else if (item && depth < MAX_NESTING) {
      const indent = (item[1] as string).length;
      const isSame = (next: string) =>
        !!next.trim() && (ITEM.test(next) || indentOf(next) > indent) && indentOf(next) >= indent;
      nodes.push(listOf(take(isSame), item, depth));
    } else {
      const isMore = (next: string) =>
        !!next.trim() && ![FENCE, HEADING, QUOTE, ITEM].some((each) => each.test(next));
      nodes.push({
        t: "p",
        c: inlineOf(
          take(isMore)
            .map((each) => each.trim())
            .join("\n"),
          0,
        ),
      });
    }
  }
  return nodes;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Each item has its first line and what is indented below it. */
function listOf(lines: readonly string[], [, indent = "", number]: RegExpExecArray, depth: number): Node {
  const items: string[][] = [];
  for (const line of lines) {
    const mark = ITEM.exec(line);
    if (mark && (mark[1] as string).length <= indent.length + 1) items.push([line.slice(mark[0].length)]);
    else items.at(-1)?.push(line.slice(Math.min(indentOf(line), indent.length + 2)));
  }
  const c = items.map(([first = "", ...rest]) => ({
    t: "li",
    c: [...inlineOf(first, 0), ...blocksOf(rest, depth + 1)],
  }));
  return number === undefined ? { t: "ul", c } : { t: "ol", a: { start: number }, c };
}

const TOKEN = /\\([!-/:-@[-`{-~])|(`+)|(\*\*|__|~~|[*_])|!?\[/g;
const LINK = /!?\[([^[\]\n]{0,500})\]\(\s*([^\s()]{0,4000})[^()\n]{0,500}\)/y;

/** Every character is looked at a bounded number of times: a mark that nothing closes is not looked for again. */
function inlineOf(text: string, depth: number): Node[] {
  const nodes: Node[] = [];
  const open = new Set<string>(); // marks that nothing closes from here on
  let plain = "";
  let at = 0;
  const push = (node: Node) => {
    if (plain) nodes.push(plain);
    plain = "";
    nodes.push(node);
  };
  const token = new RegExp(TOKEN);
  for (;;) {
    token.lastIndex = at;
    const found = token.exec(text);
    plain += text.slice(at, found?.index);
    if (!found) break;
    const [all, escaped, ticks, mark] = found;
    at = found.index + all.length;
    const end = open.has(all) ? -1 : ticks ? text.indexOf(ticks, at) : mark ? closing(text, mark, at) : -1;
    if (escaped) plain += escaped;
    else if (end > 0 && ticks) {
      push({ t: "code", c: [text.slice(at, end)] });
      at = end + ticks.length;
    } else if (end > 0 && mark && isOpening(text, mark, found.index) && depth < MAX_NESTING) {
      push({ t: MARKS[mark] as string, c: inlineOf(text.slice(at, end), depth + 1) });
      at = end + mark.length;
    } else {
      if (end < 0) open.add(all);
      LINK.lastIndex = found.index;
      const link = all.endsWith("[") && LINK.exec(text);
      if (link) {
        at = LINK.lastIndex;
        plain += wordsOf(link);
      } else plain += all;
    }
  }
  if (plain) nodes.push(plain);
  return nodes;
}

/** A link says where it leads: it cannot be followed. */
function wordsOf([all, words = "", address = ""]: RegExpExecArray): string {
  return all.startsWith("!") || words === address ? words : `${words} (${address})`;
}

const isWord = (letter: string | undefined) => letter !== undefined && /[\p{L}\p{N}]/u.test(letter);

function isOpening(text: string, mark: string, at: number): boolean {
  const next = text[at + mark.length];
  return next !== undefined && /\S/.test(next) && !(mark.startsWith("_") && isWord(text[at - 1]));
}

/** Where `mark` closes what begins at `from`: behind something, and at the end of a run of marks. */
function closing(text: string, mark: string, from: number): number {
  for (let at = text.indexOf(mark, from + 1); at > 0; at = text.indexOf(mark, at)) {
    let end = at;
    while (text[end] === mark[0]) end++;
    const isRun = mark.length === 2 || (end - at) % 2 === 1;
    const isEnd = /\S/.test(text[at - 1] as string) && !(mark.startsWith("_") && isWord(text[end]));
    if (isRun && isEnd) return end - mark.length;
    at = end;
  }
  return -1;
}
