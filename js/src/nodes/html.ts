/** A node tree as HTML, for the clipboard: escaped text between elements of the list. */

import { attributeOf, type Branch, childrenOf, isBranch, MAX_DEPTH, plainText } from "../nodes";
import { dataImage, kindOf, linkTo, remoteSource } from "./allow";

export function toHtml(nodes: readonly unknown[]): string {
  return nodes.map((node) => written(node, 0)).join("");
}

const VOID = new Set(["br", "hr"]);

/** What looks different outside of the page. */
const WRITERS: Record<string, (node: Branch, inner: () => string) => string> = {
  fence: (node) => `<pre><code>${escaped(plainText(node))}</code></pre>`,
  math: (node) => {
    const mark = attributeOf(node, "display") === true ? "$$" : "$";
    return escaped(mark + plainText(node) + mark);
  },
  fnref: (node) => `<sup>${escaped(String(attributeOf(node, "n") ?? ""))}</sup>`,
  cite: (node) => `<sup>[${escaped(String(attributeOf(node, "n") ?? ""))}]</sup>`,
  footnotes: (_, inner) => `<ol>${inner()}</ol>`,
  note: (_, inner) => `<p><em>${inner()}</em></p>`,
  a: (node, inner) => {
    const url = linkTo(attributeOf(node, "href"));
    // A picture may stand in a link; its own link would end the one around it. What is escaped has no such tags.
    return url ? `<a href="${escaped(url.href)}">${inner().replace(/<\/?a\b[^>]*>/g, "")}</a>` : inner();
  },
  li: (node, inner) => {
    const tick = { done: "☑ ", open: "☐ " }[String(attributeOf(node, "task"))] ?? "";
    return `<li>${tick}${inner()}</li>`;
  },
  img: media,
  video: media,
  audio: media,
};

/** What is pasted must not fetch either: what is elsewhere is a link. */
function media(node: Branch): string {
  const src = attributeOf(node, "src");
  const name = escaped(String(attributeOf(node, "alt") ?? attributeOf(node, "title") ?? ""));
  const own = node.t === "img" ? dataImage(src) : undefined;
  const url = remoteSource(src);
  if (own) return `<img src="${own}" alt="${name}">`;
  return url ? `<a href="${escaped(url.href)}">${name || escaped(url.host)}</a>` : name;
}

function written(node: unknown, depth: number): string {
  if (typeof node === "string") return escaped(node);
  if (!isBranch(node)) return "";
  if (depth >= MAX_DEPTH) return escaped(plainText(node));
  const inner = () =>
    childrenOf(node)
      .map((child) => written(child, depth + 1))
      .join("");
  if (Object.hasOwn(WRITERS, node.t)) return WRITERS[node.t]?.(node, inner) ?? "";
  const kind = kindOf(node.t);
  if (!kind || kind.isSvg) return ""; // a drawing's names would clash where it is pasted
  const open = `<${node.t}${attributesOf(node)}>`;
  return VOID.has(node.t) ? open : `${open}${inner()}</${node.t}>`;
}

function attributesOf(node: Branch): string {
  const rules = Object.entries(kindOf(node.t)?.rules ?? {});
  const pairs = rules.map(([name, rule]) => [name, rule(attributeOf(node, name))] as const);
  return pairs.map(([name, value]) => (value === undefined ? "" : ` ${name}="${escaped(value)}"`)).join("");
}

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => ESCAPES[mark] as string);
}
