/** Where the page finds a picture that it is to show, for as long as it shows it. */

import { h } from "../dom";
import { OUTPUT_STRINGS } from "../strings";
import type { MediaItem } from "./media-items";
import { bytesOf, fileName, pictureOf } from "./media-types";

export interface Address {
  readonly href: string;
  /** It is needed no more. */
  close(): void;
}

/** Decoded only now. A drawing has no file of ours: opened in a tab of its own, it could run what it contains. */
export function addressOf({ mime, content, remote }: MediaItem): Address {
  if (content === undefined) return { href: remote?.href ?? "", close: () => {} };
  if (mime === "image/svg+xml") {
    const text = new TextDecoder().decode(bytesOf(content));
    return { href: pictureOf(mime, text) ?? "", close: () => {} };
  }
  const href = URL.createObjectURL(new Blob([bytesOf(content)], { type: mime }));
  return { href, close: () => URL.revokeObjectURL(href) };
}

/** Have the browser save it. Of no type: whatever it contains, nothing of it can be opened as a page of this host. */
export function save({ name, mime, content = "" }: MediaItem): void {
  const href = URL.createObjectURL(new Blob([bytesOf(content)], { type: "application/octet-stream" }));
  h("a", { href, download: savedName(name, mime) }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

/** Without a folder, and with an extension. */
function savedName(name: string, mime: string): string {
  const last = name.replace(/^.*[\\/]/, "").replace(/[:*?"<>|]|^\.+/g, "_");
  return last.includes(".") ? last : fileName(last || OUTPUT_STRINGS.file, mime);
}
