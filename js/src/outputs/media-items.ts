/** What is among an output's media, as the page dares to show it: nothing of it is believed before it is looked at. */

import { literal } from "../format";
import { remoteSource } from "../nodes/allow";
import { drawingSize } from "./drawing-head";
import { base64Of, bytesOf } from "./media-types";
import { headOf, type Size } from "./picture-head";

export type MediaType = "image" | "audio" | "video" | "document";

export interface MediaItem {
  /** What it is shown as: what no browser shows is a document, whatever it calls itself. */
  readonly type: MediaType;
  readonly mime: string;
  readonly name: string;
  readonly alt: string;
  /**
   * Its content is `here`, or `held` back by the kernel, or `elsewhere` (at `remote`), or `absent` (refused, or a handle of
   * somebody else's); `broken` is what says that it is here and is something else.
   */
  readonly state: "here" | "held" | "elsewhere" | "absent" | "broken";
  /** As base64. */
  readonly content?: string | undefined;
  readonly remote?: URL | undefined;
  /** By which the kernel is asked for what it holds back. */
  readonly object?: string | undefined;
  /** How many bytes it has, whether they are here or not. */
  readonly bytes?: number | undefined;
  /** Of a picture, if it is known before it is decoded. */
  readonly size?: Size | undefined;
}

const MAX_ITEMS = 500;
const MAX_CONTENT = 30_000_000; // characters
const MAX_WORDS = 200;
const HEAD_CHARS = 400_000; // a photograph's size stands behind its thumbnail
const DRAWING_HEAD_CHARS = 8_192;
const SVG = "image/svg+xml";

const SHOWN: Readonly<Record<"image" | "audio" | "video", RegExp>> = {
  image: /^image\/(?:png|jpeg|gif|webp|svg\+xml)$/,
  audio: /^audio\/[\w.+-]+$/,
  video: /^video\/[\w.+-]+$/,
};

type Said = Readonly<Record<string, unknown>>;

/** The items of a value of the media type; what is no item is left out. */
export function mediaItems(value: unknown): MediaItem[] {
  const { items } = (value ?? {}) as { items?: unknown };
  const isItem = (each: unknown): each is Said => typeof each === "object" && each !== null;
  return Array.isArray(items) ? items.filter(isItem).slice(0, MAX_ITEMS).map(read) : [];
}

function read(said: Said): MediaItem {
  const words = { name: wordOf(said.name), alt: wordOf(said.alt) };
  const mime = wordOf(said.mime).split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const { data } = said;
  if (data !== undefined) return { ...words, ...contained(said, mime, data) };
  const remote = remoteSource(said.url);
  const type = typeOf(said.type, mime || "*");
  if (remote) return { ...words, mime, type, state: "elsewhere", remote, size: sizeOf(said) };
  const bytes = countOf(said.size);
  if (typeof said.object !== "string") return { ...words, mime, type: "document", state: "absent", bytes };
  return {
    ...words,
    mime,
    type: typeOf(said.type, mime),
    state: "held",
    object: said.object,
    bytes,
    size: sizeOf(said),
  };
}

/** What was held back, with its content. */
export function filled(item: MediaItem, data: unknown): MediaItem {
  return { name: item.name, alt: item.alt, ...contained({ type: item.type }, item.mime, data) };
}

type Contained = Omit<MediaItem, "name" | "alt">;

function contained(said: Said, mime: string, data: unknown): Contained {
  const type = typeOf(said.type, mime);
  const isBounded = typeof data === "string" && data.length <= MAX_CONTENT;
  const content = isBounded ? base64Of(data) : undefined;
  if (!content) return { mime, type, state: "broken" };
  const bytes = Math.floor((content.replace(/=+$/, "").length * 3) / 4);
  if (type !== "image") return { mime, type, state: "here", content, bytes };
  if (mime === SVG) return { mime, type, state: "here", content, bytes, size: drawnSize(content) };
  const head = headOf(bytesOf(content.slice(0, HEAD_CHARS)));
  if (!head) return { mime, type, state: "broken" };
  return { mime: head.mime, type, state: "here", content, bytes, size: head.size ?? sizeOf(said) };
}

function drawnSize(content: string): Size {
  return drawingSize(new TextDecoder().decode(bytesOf(content.slice(0, DRAWING_HEAD_CHARS))));
}

/** A picture at an address may keep its type to itself. */
function typeOf(said: unknown, mime: string): MediaType {
  const type = (["image", "audio", "video"] as const).find((each) => each === said);
  return type && (mime === "*" || SHOWN[type].test(mime)) ? type : "document";
}

function wordOf(value: unknown): string {
  return typeof value === "string" ? literal(value.slice(0, MAX_WORDS)) : "";
}

function countOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;
}

function sizeOf({ width, height }: Said): Size | undefined {
  const [wide, high] = [countOf(width), countOf(height)];
  return wide && high ? { width: wide, height: high } : undefined;
}
