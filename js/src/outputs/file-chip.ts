import { h, setText } from "../dom";
import { linkTo } from "../nodes/allow";
import { MEDIA_STRINGS } from "../strings";
import { save } from "./address";
import { glyph } from "./glyphs";
import { filled, type MediaItem } from "./media-items";

type Fetch = (item: MediaItem) => Promise<unknown>;

/** A document, or what cannot be shown: what it is called, what it is, how large it is, and a way to have it. */
export function fileChip(item: MediaItem, fetch: Fetch): HTMLElement {
  const name = item.name || item.alt || MEDIA_STRINGS.file;
  return h(
    "div",
    { class: "file-chip" },
    glyph(item.state === "broken" ? "close" : "file"),
    h("bdi", { class: "file-name", title: name }, name),
    h("span", { class: "file-kind" }, [...facts(item)].join(" · ")),
    ...action(item, fetch),
  );
}

function* facts({ mime, bytes, remote, state }: MediaItem): Iterable<string> {
  if (mime) yield kindOf(mime);
  if (bytes) yield sizeOf(bytes);
  if (remote) yield remote.host;
  if (state === "broken") yield MEDIA_STRINGS.damaged;
  if (state === "absent") yield MEDIA_STRINGS.notHere;
}

function action(item: MediaItem, fetch: Fetch): Node[] {
  if (item.state === "here" || item.state === "held") {
    const note = h("span", { class: "file-kind", role: "status" });
    const button = h("button", { type: "button", class: "load" }, MEDIA_STRINGS.save);
    button.addEventListener("click", async () => {
      setText(note, "");
      try {
        save(item.state === "here" ? item : filled(item, await fetch(item)));
      } catch {
        setText(note, MEDIA_STRINGS.gone);
      }
    });
    return [note, button];
  }
  const url = item.remote && linkTo(item.remote.href);
  if (!url) return [];
  const safe = { target: "_blank", rel: "noopener noreferrer nofollow", referrerpolicy: "no-referrer" };
  return [h("a", { class: "file-link", href: url.href, title: url.href, ...safe }, MEDIA_STRINGS.link)];
}

const MAX_KIND = 24;

/** `application/pdf` → `PDF`. */
function kindOf(mime: string): string {
  const kind = (mime.split("/")[1] ?? mime).replace(/^(?:vnd\.|x-)/, "").split("+")[0] ?? mime;
  return (kind === "octet-stream" ? MEDIA_STRINGS.file : kind.toUpperCase()).slice(0, MAX_KIND);
}

const UNITS = ["B", "KB", "MB"];

/** `3.2 MB`. */
function sizeOf(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const size = bytes / 1000 ** power;
  return `${size.toFixed(size < 10 && power ? 1 : 0)} ${UNITS[power]}`;
}
