import { h } from "../dom";
import { OUTPUT_STRINGS, STRINGS } from "../strings";
import { fileName } from "./media-types";

/** A button that saves what `read` gives, under a name of ours. */
export function downloadButton(read: () => { href: string; mime: string }): HTMLButtonElement {
  const button = h("button", { type: "button", class: "tool" }, STRINGS.download);
  button.addEventListener("click", () => {
    const { href, mime } = read();
    h("a", { href, download: fileName(OUTPUT_STRINGS.file, mime) }).click();
  });
  return button;
}
