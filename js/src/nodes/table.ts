import { copyButton } from "../copy-button";
import { h } from "../dom";
import { attributeOf, type Branch, childrenOf, isBranch, plainText } from "../nodes";
import { STRINGS } from "../strings";
import type { Scene } from "./scene";

/** What stands around a table: a scroller of its own, and below it, in room that is kept, what copies it. */
export function wrapTable(table: Element, read: () => Branch | undefined, { say }: Scene): HTMLElement {
  const copied = (write: (table: Branch) => string) => () => {
    const node = read();
    return { text: node ? write(node) : "" };
  };
  return h(
    "div",
    { class: "table" },
    h("div", { class: "across", tabindex: "0", role: "region", "aria-label": STRINGS.table }, table),
    h(
      "div",
      { class: "table-tools" },
      copyButton(copied(toCsv), say, { label: STRINGS.copyCsv }),
      copyButton(copied(toMarkdown), say, { label: STRINGS.copyMarkdown }),
    ),
  );
}

/** The rows of the table itself: directly in it, or in its head and body. */
function rowsOf(table: Branch): Branch[][] {
  const inner = childrenOf(table).filter(isBranch);
  const rows = inner.flatMap((part) => (part.t === "tr" ? part : childrenOf(part).filter(isBranch)));
  return rows.filter(({ t }) => t === "tr").map((row) => childrenOf(row).filter(isBranch));
}

export function toCsv(table: Branch): string {
  const rows = rowsOf(table).map((cells) => cells.map((cell) => csvField(plainText(cell))).join(","));
  return `${rows.join("\r\n")}\r\n`;
}

/** A spreadsheet runs what begins like a formula, and the table is the agent's: such a field is made text. Numbers are none. */
function csvField(text: string): string {
  const isFormula = /^\s*[=@]|^\s*[+-](?![\d.,]+\s*%?$)/.test(text);
  const safe = isFormula ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const RULES: Record<string, string> = { left: ":---", center: ":---:", right: "---:" };

export function toMarkdown(table: Branch): string {
  const [head = [], ...rows] = rowsOf(table);
  const line = (fields: string[]) => `| ${fields.join(" | ")} |`;
  const rule = line(head.map((cell) => RULES[String(attributeOf(cell, "align"))] ?? "---"));
  const body = rows.map((cells) => line(cells.map(markdownField)));
  return [line(head.map(markdownField)), rule, ...body, ""].join("\n");
}

function markdownField(cell: Branch): string {
  return plainText(cell).replaceAll("|", "\\|").replaceAll("\n", " ");
}
