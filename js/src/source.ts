import type { Copied } from "./clipboard";
import type { OutputValue, Part, PartOf } from "./envelope";
import type { Message } from "./fold";
import { literal } from "./format";
import { escaped, toHtml } from "./nodes/html";
import { plainText } from "./outputs/stage";
import { hasText } from "./store";

/** A message as it is copied, from what is known and not from what is drawn: its source, and the same formatted. */
export function sourceOf({ lanes }: Message): Copied {
  const parts = (lanes.text?.parts ?? []).flatMap(copiedOf);
  return { text: parts.map(({ text }) => text).join("\n\n"), html: parts.map(({ html }) => html).join("\n") };
}

function copiedOf(part: Part): Required<Copied>[] {
  if (hasText(part)) return [{ text: part.text, html: htmlOf(part) }];
  return part.kind === "output" ? outputOf(part.value) : [];
}

export function htmlOf(part: PartOf<"text"> | PartOf<"blocks">): string {
  return part.kind === "blocks" ? toHtml(part.nodes) : paragraphs(part.text);
}

function paragraphs(text: string): string {
  const lines = (paragraph: string) => escaped(paragraph).replaceAll("\n", "<br>");
  return text
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${lines(paragraph)}</p>`)
    .join("\n");
}

/** What an object says of itself in words. */
export function outputOf(value: OutputValue): Required<Copied>[] {
  const text = literal(plainText(value));
  return text ? [{ text: fenced(text), html: `<pre>${escaped(text)}</pre>` }] : [];
}

/** A fence longer than any in it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
