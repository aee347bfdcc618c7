import type { Copied } from "./clipboard";
import type { PartOf } from "./envelope";
import type { Message } from "./fold";
import { escaped, toHtml } from "./nodes/html";
import { hasText } from "./store";

/** A message as it is copied, from what is known and not from what is drawn: its source, and the same formatted. */
export function sourceOf({ lanes }: Message): Copied {
  const parts = (lanes.text?.parts ?? []).filter(hasText);
  return { text: parts.map(({ text }) => text).join("\n\n"), html: parts.map(htmlOf).join("\n") };
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
