import type { Copied } from "./clipboard";
import type { ErrorValue, Footer, OutputValue, Part, QuestionValue, SurfaceValue, ToolRow } from "./envelope";
import type { Lane, Message } from "./fold";
import { linkTo } from "./nodes/allow";
import { escaped } from "./nodes/html";
import { isRich } from "./outputs/stage";
import { htmlOf, outputOf } from "./source";
import { hasText } from "./store";
import { STRINGS } from "./strings";

/** Something that stands between two empty lines: as markdown, and formatted. */
type Block = Required<Copied>;

/** The whole conversation as it is copied, from what is known and not from what is drawn. */
export function conversationOf(messages: readonly Message[], agent: string): Copied {
  const blocks: Block[] = [];
  let before: Message | undefined;
  for (const message of messages) {
    const said = blocksOf(message);
    if (!said.length) continue;
    if (!isSameSpeaker(message, before)) blocks.push(heading(speakerOf(message, agent)));
    blocks.push(...said);
    before = message;
  }
  return {
    text: blocks.map(({ text }) => `${text}\n`).join("\n"),
    html: blocks.map(({ html }) => html).join("\n"),
  };
}

function isSameSpeaker(message: Message, before: Message | undefined): boolean {
  const isSame = (key: "role" | "corr" | "parent") => message[key] === before?.[key];
  return message.role !== "user" && !message.name && isSame("role") && isSame("corr") && isSame("parent");
}

function speakerOf({ role, parent, name }: Message, agent: string): string {
  if (role === "user") return STRINGS.you;
  return name || (parent === undefined ? agent : STRINGS.subagent);
}

function heading(name: string): Block {
  return { text: `**${asMarkdown(name)}**`, html: `<p><strong>${escaped(name)}</strong></p>` };
}

/** In the order of the screen. What an agent thinks on its way is not what it says, and is left out. */
function blocksOf({ role, lanes }: Message): Block[] {
  const words = partsOf(lanes.text);
  return [
    ...(role === "user" ? words.map((block) => ({ ...block, text: quoted(block.text) })) : words),
    ...partsOf(lanes.tools),
    ...partsOf(lanes.a2ui),
    ...partsOf(lanes.citations),
    ...partsOf(lanes.errors),
    ...footerOf(lanes.status),
  ];
}

/** Neighbours of one kind are one list. */
function partsOf(lane: Lane | undefined): Block[] {
  const parts = lane?.parts ?? [];
  const tools = parts.filter(({ kind }) => kind === "tool");
  const sources = parts.filter(({ kind }) => (kind as string) === "citation");
  return [
    ...list("ul", tools.map(toolLine)),
    ...(sources.length ? [heading(STRINGS.sources)] : []),
    ...list("ol", sources.map(sourceLine)),
    ...parts.flatMap((part) => BLOCKS[part.kind]?.(part) ?? []),
  ];
}

const BLOCKS: Partial<Record<Part["kind"], (part: Part) => Block[]>> = {
  text: wordsOf,
  blocks: wordsOf,
  output: (part) => outputOf((part as { value: OutputValue }).value),
  tool: (part) => {
    const { output } = (part as { value: ToolRow }).value;
    return output && isRich(output) ? outputOf(output) : [];
  },
  surface: (part) => {
    const words = [...new Set(textsIn((part as { value: SurfaceValue }).value.operations))].join("\n");
    return words ? [quote(STRINGS.a2ui.surface, words)] : [];
  },
  question: (part) => [quote("", (part as { value: QuestionValue }).value.message)],
  error: (part) => {
    const { message, kept = "" } = (part as { value: ErrorValue }).value;
    return [quote(STRINGS.error, `${message} ${kept}`)];
  },
};

const MAX_TEXTS = 200;

/** The texts of a surface as its agent wrote them; what is bound to data is not among them. */
function textsIn(operations: readonly unknown[]): string[] {
  const found: string[] = [];
  const left: unknown[] = [...operations].reverse();
  while (left.length && found.length < MAX_TEXTS) {
    const one = left.pop();
    if (typeof one !== "object" || one === null) continue;
    const { component, text, Text } = one as Record<string, unknown>;
    const said =
      component === "Text" ? text : (Text as { text?: { literalString?: unknown } } | undefined)?.text;
    const words =
      typeof said === "object" ? (said as { literalString?: unknown } | null)?.literalString : said;
    if (typeof words === "string" && words.trim()) found.push(words);
    for (const each of Object.values(one).reverse()) left.push(each); // there may be too many for one call
  }
  return found;
}

function wordsOf(part: Part): Block[] {
  return hasText(part) && part.text ? [{ text: closed(part.text.trimEnd()), html: htmlOf(part) }] : [];
}

function footerOf(lane: Lane | undefined): Block[] {
  const { footer } = STRINGS;
  const state = lane?.status?.status as Footer;
  const word = Object.hasOwn(footer, state) && footer[state];
  return word ? [{ text: `*${word}*`, html: `<p><em>${word}</em></p>` }] : [];
}

function toolLine(part: Part): Block {
  const { name, state } = (part as { value: ToolRow }).value;
  const word = Object.hasOwn(STRINGS.toolState, state) ? STRINGS.toolState[state] : "";
  return {
    text: `- \`${(name ?? "").replace(/[`\n]/g, " ")}\`: ${word}`,
    html: `<code>${escaped(name ?? "")}</code>: ${word}`,
  };
}

interface Citation {
  index?: number;
  title?: string;
  url?: string;
}

function sourceLine(part: Part, at: number): Item {
  const { index, title, url } = (part as unknown as { value: Citation }).value;
  const number = Number.isSafeInteger(index) ? Number(index) : at + 1;
  const href = linkTo(url)?.href.replace(/[<>\s]/g, encodeURIComponent); // an address of mail may have them
  const words = String(title || href || "");
  const name = escaped(words);
  return {
    text: `${number}. ${href ? `[${asMarkdown(words)}](<${href}>)` : asMarkdown(words)}`,
    html: href ? `<a href="${escaped(href)}">${name}</a>` : name,
    number,
  };
}

/** A line of a list; `number` is its own, if it has one. */
interface Item extends Block {
  number?: number;
}

function list(tag: "ul" | "ol", items: Item[]): Block[] {
  if (!items.length) return [];
  const value = (number?: number) => (number === undefined ? "" : ` value="${number}"`);
  const html = items.map((item) => `<li${value(item.number)}>${item.html}</li>`).join("");
  return [{ text: items.map(({ text }) => text).join("\n"), html: `<${tag}>${html}</${tag}>` }];
}

function quote(label: string, words: string): Block {
  const text = words.trim();
  return {
    text: quoted(`${label ? `**${label}:** ` : ""}${asMarkdown(text, "\n")}`),
    html: `<blockquote>${label ? `<strong>${label}:</strong> ` : ""}${escaped(text).replaceAll("\n", "<br>")}</blockquote>`,
  };
}

function quoted(text: string): string {
  return `> ${text.replaceAll("\n", "\n> ")}`;
}

/** What was stopped inside a fence would take in all that follows. */
function closed(text: string): string {
  let open = "";
  for (const [, fence = "", info = ""] of text.matchAll(/^ {0,3}(`{3,}|~{3,})(.*)$/gm)) {
    if (!open) open = fence;
    else if (fence[0] === open[0] && fence.length >= open.length && !info.trim()) open = "";
  }
  return open ? `${text}\n${open}` : text;
}

/** Words that are not ours and are no markdown: none of their marks means anything. */
function asMarkdown(words: string, newline = " "): string {
  return words.replace(/[\\`*[\]<>]/g, "\\$&").replace(/\s*\n\s*/g, newline);
}
