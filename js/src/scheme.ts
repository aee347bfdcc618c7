/** Whether what is shown is light or dark: hosts say their theme in colours alone, and switch it while the page stands. */

import type { Scheme } from "./drawer";
import { frame } from "./scheduler";

const THEMED = ["class", "style", "data-theme", "data-jp-theme-light"];
const DARK = "(prefers-color-scheme: dark)";

/** Of the colour of its words: light words stand on dark paper. */
export function schemeOf(element: Element): Scheme {
  const { color } = getComputedStyle(element);
  if (!color.startsWith("rgb")) return matchMedia(DARK).matches ? "dark" : "light";
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return red + green + blue > 3 * 127 ? "dark" : "light";
}

/** Calls `changed` when the theme above `element`, which is in the document, may be another one; once a frame. */
export function watchScheme(element: Element, changed: () => void, signal: AbortSignal): void {
  const note = () => frame.read(changed);
  const observer = new MutationObserver(note);
  for (const each of [document.documentElement, document.body, element.closest(".chat")])
    if (each) observer.observe(each, { attributes: true, attributeFilter: THEMED });
  matchMedia(DARK).addEventListener("change", note, { signal });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}
