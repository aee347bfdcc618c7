/** What a page loads when the reader opens the menu of a chat. */

import type { Copied } from "../clipboard";
import type { Connection } from "../connection";
import { h, setAttribute, setHidden, setText } from "../dom";
import { save } from "../save";
import { MENU_STRINGS } from "../strings";

export { default as css } from "./menu.css";

/** The chat whose menu it is. */
export interface MenuHost {
  readonly connection: Connection;
  title(): string;
  isPaused(): boolean;
  pause(isPaused: boolean): void;
  conversation(): Copied;
  say(text: string): void;
  /** To where the reader writes. */
  focus(): void;
}

interface Item {
  label(host: MenuHost): string;
  /** What is asked before it is done, in place of the label. */
  sure?: string;
  act(host: MenuHost): void;
}

const ITEMS: readonly Item[] = [
  {
    label: ({ isPaused }) => (isPaused() ? MENU_STRINGS.resume : MENU_STRINGS.pause),
    act: (host) => host.pause(!host.isPaused()),
  },
  { label: () => MENU_STRINGS.save, act: (host) => void saveTranscript(host) },
  {
    label: () => MENU_STRINGS.clear,
    sure: MENU_STRINGS.clearNow,
    act: (host) => {
      host.connection.send({ t: "clear" });
      host.focus();
    },
  },
];

/** As the kernel writes it; where it does not, as it would be copied. */
async function saveTranscript({ connection, title, conversation, say }: MenuHost): Promise<void> {
  try {
    const { html } = await connection.request<{ html: string }>({ t: "transcript" });
    save(new Blob([html], { type: "text/html" }), `${title()}.html`);
  } catch {
    save(new Blob([conversation().text], { type: "text/markdown" }), `${title()}.md`);
  }
  say(MENU_STRINGS.saved);
}

/** What can be done with the whole conversation, below its button. */
export class Menu {
  readonly #button: HTMLButtonElement;
  readonly #host: MenuHost;
  readonly #buttons = ITEMS.map((item) => this.#made(item));
  readonly #list = h(
    "div",
    { class: "menu", role: "menu", hidden: true, "aria-label": MENU_STRINGS.label },
    ...this.#buttons,
  );
  #asked: Item | undefined;

  /** `place` has the button, and gets the list. */
  constructor(place: HTMLElement, host: MenuHost) {
    this.#button = place.firstElementChild as HTMLButtonElement;
    this.#host = host;
    place.append(this.#list);
    place.addEventListener("keydown", this.#onKey);
    place.addEventListener("focusout", ({ relatedTarget }) => {
      if (!place.contains(relatedTarget as Node | null)) this.#open(false);
    });
  }

  toggle(): void {
    this.#open(this.#list.hidden === true);
  }

  #made(item: Item): HTMLButtonElement {
    const button = h("button", { type: "button", role: "menuitem", tabindex: "-1" });
    button.addEventListener("click", () => this.#choose(item, button));
    return button;
  }

  #choose(item: Item, button: HTMLButtonElement): void {
    if (item.sure && this.#asked !== item) {
      this.#asked = item;
      setText(button, item.sure);
      return;
    }
    this.#close();
    item.act(this.#host);
  }

  #close(): void {
    this.#button.focus({ preventScroll: true });
    this.#open(false);
  }

  #open(isOpen: boolean): void {
    setHidden(this.#list, !isOpen);
    setAttribute(this.#button, "aria-expanded", String(isOpen));
    if (!isOpen) return;
    this.#asked = undefined;
    for (const [at, item] of ITEMS.entries()) setText(this.#at(at), item.label(this.#host));
    this.#at(0).focus({ preventScroll: true });
  }

  #at(index: number): HTMLButtonElement {
    const { length } = this.#buttons;
    return this.#buttons[(index + length) % length] as HTMLButtonElement;
  }

  /** The keys that a menu has while it is open; the others are the chat's, where Esc stops the run. */
  #onKey = (event: KeyboardEvent): void => {
    if (this.#list.hidden) return;
    if (event.key === "Tab") this.#open(false);
    const key = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : undefined;
    if (!key) return;
    event.preventDefault();
    event.stopPropagation();
    const to = key(this.#buttons.indexOf(event.target as HTMLButtonElement));
    if (to === undefined) this.#close();
    else this.#at(to).focus({ preventScroll: true });
  };
}

/** Where each leads from the item that has the focus; nowhere: out of the menu. */
const KEYS: Record<string, (at: number) => number | undefined> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: () => -1,
  Escape: () => undefined,
};
