import { type Copied, copy } from "./clipboard";
import { h, setAttribute, setText } from "./dom";
import { icon } from "./icons";
import { STRINGS } from "./strings";

const COPIED_MS = 1500;

/** A button that copies what `read` gives at the click, shows that it did, and has it said. */
export function copyButton(
  read: () => Copied,
  say: (text: string) => void,
  { label = STRINGS.copy, className = "tool" } = {},
): HTMLButtonElement {
  const button = h("button", { type: "button", class: className }, label);
  whenClicked(button, read, say, (isCopied) => setText(button, isCopied ? STRINGS.copied : label));
  return button;
}

/** The same as a drawing. */
export function copyIcon(read: () => Copied, say: (text: string) => void, label: string): HTMLButtonElement {
  const button = h("button", { type: "button", class: "bare" }, icon("copy"));
  const show = (isCopied: boolean) => {
    button.replaceChildren(icon(isCopied ? "check" : "copy"));
    setAttribute(button, "aria-label", isCopied ? STRINGS.copied : label);
    setAttribute(button, "title", label);
  };
  show(false);
  whenClicked(button, read, say, show);
  return button;
}

function whenClicked(
  button: HTMLButtonElement,
  read: () => Copied,
  say: (text: string) => void,
  show: (isCopied: boolean) => void,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  button.addEventListener("click", async () => {
    const isCopied = await copy(read(), button);
    show(isCopied);
    say(isCopied ? STRINGS.copied : STRINGS.notCopied);
    clearTimeout(timer);
    timer = setTimeout(() => show(false), COPIED_MS);
  });
}
