/** What is copied: the text, and the same for programs that take formatted text. */
export interface Copied {
  text: string;
  html?: string;
}

/** Copy, also where the page has no clipboard of its own: without TLS, or in a frame that may not. Gives whether it worked. */
export async function copy(what: Copied, near: HTMLElement): Promise<boolean> {
  try {
    await write(what);
    return true;
  } catch {
    return copyBySelection(what, near);
  }
}

function write({ text, html }: Copied): Promise<void> {
  const canBoth = html !== undefined && typeof ClipboardItem === "function" && navigator.clipboard.write;
  if (!canBoth) return navigator.clipboard.writeText(text);
  const flavour = (type: string, content: string) => ({ [type]: new Blob([content], { type }) });
  const item = new ClipboardItem({ ...flavour("text/plain", text), ...flavour("text/html", html) });
  return navigator.clipboard.write([item]);
}

/** The old way: select something, and put in what is meant while the browser copies it. */
function copyBySelection({ text, html }: Copied, near: HTMLElement): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  near.after(field);
  field.focus({ preventScroll: true });
  field.select();
  const give = (event: ClipboardEvent) => {
    if (html === undefined || !event.clipboardData) return;
    event.clipboardData.setData("text/plain", text);
    event.clipboardData.setData("text/html", html);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener("copy", give, { capture: true });
  const isCopied = document.execCommand("copy");
  window.removeEventListener("copy", give, { capture: true });
  field.remove();
  near.focus({ preventScroll: true });
  return isCopied;
}
