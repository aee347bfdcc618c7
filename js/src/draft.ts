/** What is typed and not sent, kept over a reload of the page; nothing else is ever stored. */
export class Draft {
  #key = "";

  /** Follow `stream` from now on, and give what was kept for it. */
  open(stream: string): string {
    this.#key = `agui.draft.${stream}`;
    return this.#storage()?.getItem(this.#key) ?? "";
  }

  save(text: string): void {
    if (!this.#key) return;
    if (text) this.#storage()?.setItem(this.#key, text);
    else this.#storage()?.removeItem(this.#key);
  }

  /** A sandboxed frame has none, and says so by throwing. */
  #storage(): Storage | undefined {
    try {
      return window.sessionStorage;
    } catch {
      return undefined;
    }
  }
}
