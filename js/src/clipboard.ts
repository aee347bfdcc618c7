/** Copy, also where the page has no clipboard of its own: without TLS, or in a frame that may not. */
export async function copy(text: string, near: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyBySelection(text, near);
  }
}

function copyBySelection(text: string, near: HTMLElement): void {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "unseen";
  near.after(field);
  field.focus({ preventScroll: true });
  field.select();
  document.execCommand("copy");
  field.remove();
  near.focus({ preventScroll: true });
}
