/** Content that comes as base64, as something that an element can show. */

import { textOf } from "./stage";

export const RASTER = /^image\/(?:png|jpeg|gif|webp)$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The address of a picture that is its own content; nothing if it is none. */
export function pictureOf(mime: string, value: unknown): string | undefined {
  if (mime === "image/svg+xml") return drawingOf(textOf(value));
  const content = base64Of(value);
  return RASTER.test(mime) && content ? `data:${mime};base64,${content}` : undefined;
}

/** A drawing is shown as a picture, never as part of the document: in a picture nothing runs, and nothing is fetched. */
function drawingOf(text: string): string | undefined {
  const named = /<svg[^>]*\sxmlns\s*=/i.test(text)
    ? text
    : text.replace(/<svg(?=[\s>])/i, '<svg xmlns="http://www.w3.org/2000/svg"');
  return text.trim()
    ? `data:image/svg+xml;charset=utf-8,${encodeURIComponent(wellFormed(named))}`
    : undefined;
}

/** Half a character cannot be encoded. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}

/** The content as a file of the page's own; who made it gives it up again. */
export function fileOf(mime: string, value: unknown): string | undefined {
  const content = base64Of(value);
  if (!content) return undefined;
  return URL.createObjectURL(new Blob([bytesOf(content)], { type: mime }));
}

export function base64Of(value: unknown): string | undefined {
  const content = textOf(value).replace(/\s+/g, "");
  return BASE64.test(content) && content.length % 4 !== 1 ? content : undefined;
}

export function bytesOf(content: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
}

export function base64OfText(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** `figure.png`, of a type that is a name and nothing else. */
export function fileName(name: string, mime: string): string {
  const extension = mime.split("/")[1]?.split("+")[0]?.replace(/\W/g, "") || "bin";
  return `${name}.${extension === "jpeg" ? "jpg" : extension}`;
}
