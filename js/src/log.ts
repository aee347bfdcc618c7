import { h, setHidden, setText } from "./dom";
import type { LaneName } from "./envelope";
import type { Message } from "./fold";
import { count } from "./format";
import type { Context } from "./lanes/lane";
import { PAGE_SIZE, Pages } from "./pages";
import { Shell } from "./shell";
import type { Changes } from "./store";
import { STRINGS } from "./strings";

/** Of more than a page, so many fill the screen in the first frame; the ones before follow, a page a frame. */
const AT_ONCE = 20;
/** Of more than these, only the latest have elements until the reader asks: each costs memory, in sight or not. */
const MOST = 2000;
const MORE = 200;

/**
 * The messages, in their order. Those that have an element are the latest ones without a gap.
 *
 * A token costs what it changes: nothing here goes through all messages unless one of them came, went or moved.
 */
export class Log {
  readonly element = h("div", {
    class: "log",
    role: "log",
    "aria-live": "off", // boundaries are announced elsewhere, never tokens
    "aria-label": STRINGS.conversation,
  });
  /** Asks for what has no element yet. */
  readonly earlier = h("button", { type: "button", class: "earlier", "data-earlier": true, hidden: true });
  readonly #context: Context;
  readonly #pages: Pages<Message, Shell>;
  /** More may come to these, and when their run ends, it will not. */
  readonly #open = new Set<string>();
  /** How many messages may have elements. */
  #room = MOST;
  /** How many of the first ones have none. */
  #absent = 0;
  #latestRun: string | undefined;

  constructor(context: Context) {
    this.#context = context;
    this.#pages = new Pages(
      this.element,
      ({ id }) => id,
      (message) => this.#made(message),
    );
  }

  apply(changes: Changes): void {
    const { store } = this.#context;
    if (changes.all || changes.order) {
      for (const message of store.messages) this.#adopt(message);
      this.#arrange(this.#firstToShow());
    } else if (changes.runs) this.#markPast(store.messages);
    if (changes.all) for (const message of store.messages) this.#bring(message);
    else if (changes.runs) for (const id of [...this.#open]) this.#bring(store.find(id));
    for (const [id, names] of changes.all ? [] : changes.lanes) this.#bring(store.find(id), names);
  }

  /** Where the messages begin that are drawn. */
  get first(): Element | null {
    return this.element.firstElementChild;
  }

  /** Some of what should be here has no element yet: `grow` makes the next page. */
  get isPartial(): boolean {
    return this.#absent > this.#least;
  }

  grow = (): void => this.#arrange(Math.max(this.#least, this.#absent - PAGE_SIZE));

  /** Make room for more; they come as all do that have no element yet. */
  showEarlier(): void {
    this.#room = this.#context.store.count - this.#absent + MORE;
  }

  /** Far more came than there is room for: the first ones go, as if this view had begun now. */
  trim(): void {
    if (this.#context.store.count - this.#absent > this.#room + MORE) this.#arrange(this.#least);
  }

  destroy(): void {
    this.#pages.destroy();
  }

  get #least(): number {
    return Math.max(0, this.#context.store.count - this.#room);
  }

  #made(message: Message): Shell {
    const shell = new Shell(this.#context, message);
    if (shell.isOpen) this.#open.add(message.id);
    return shell;
  }

  #bring(message: Message | undefined, names?: Iterable<LaneName>): void {
    const shell = message && this.#pages.views.get(message.id);
    if (!shell) return;
    shell.apply(message, names);
    if (shell.isOpen) this.#open.add(message.id);
    else this.#open.delete(message.id);
  }

  /** What has an element keeps it, and everything behind it has one; an empty log begins with the latest. */
  #firstToShow(): number {
    const { messages } = this.#context.store;
    const first = messages.findIndex(({ id }) => this.#pages.views.has(id));
    if (first >= 0) return this.#absent || first > PAGE_SIZE ? first : 0;
    this.#room = MOST;
    return messages.length > PAGE_SIZE ? messages.length - AT_ONCE : 0;
  }

  #arrange(absent: number): void {
    const { messages } = this.#context.store;
    this.#absent = absent;
    this.#pages.arrange(messages.slice(absent));
    for (let at = absent; at < messages.length; at++) {
      const message = messages[at] as Message;
      this.#pages.views.get(message.id)?.mark("data-follows", goesOn(message, messages[at - 1]));
    }
    for (const id of this.#open) if (!this.#pages.views.has(id)) this.#open.delete(id);
    this.#latestRun = undefined;
    this.#markPast(messages);
    setHidden(this.earlier, absent === 0 || this.isPartial);
    if (absent) setText(this.earlier, STRINGS.earlier(count(Math.min(MORE, absent)), count(absent)));
  }

  /** What belongs to an earlier run can be read, and not be acted on. */
  #markPast(messages: readonly Message[]): void {
    const latest = this.#context.store.snapshot.runs.at(-1)?.run_id;
    if (latest === this.#latestRun) return;
    this.#latestRun = latest;
    for (const { id, corr } of messages) this.#pages.views.get(id)?.mark("data-past", corr !== latest);
  }

  /** What was pending is this message now: the same element goes on. */
  #adopt(message: Message): void {
    if (!message.nonce || message.nonce === message.id || !this.#pages.views.has(message.nonce)) return;
    this.#pages.rename(message.nonce, message.id);
    this.#bring(message);
  }
}

/** The same run speaking on: it stands closer. */
function goesOn(message: Message, before: Message | undefined): boolean {
  return before?.corr === message.corr && before.role === message.role && message.role !== "user";
}
