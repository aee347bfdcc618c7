import { h, setAttribute } from "./dom";
import type { Message } from "./fold";
import { Keyed } from "./keyed";
import type { Context } from "./lanes/lane";
import { Shell } from "./shell";
import type { Changes } from "./store";
import { STRINGS } from "./strings";

/** The messages, in their order. */
export class Log {
  readonly element = h("div", {
    class: "log",
    role: "log",
    "aria-live": "off", // boundaries are announced elsewhere, never tokens
    "aria-label": STRINGS.conversation,
  });
  readonly #context: Context;
  readonly #shells: Keyed<Message, Shell>;

  constructor(context: Context) {
    this.#context = context;
    this.#shells = new Keyed(
      this.element,
      ({ id }) => id,
      (message) => new Shell(context, message),
    );
  }

  apply(changes: Changes): void {
    const { messages } = this.#context.store;
    if (changes.all || changes.order) this.#arrange(messages);
    if (changes.all || changes.order || changes.runs) this.#markPast(messages);
    for (const message of messages) {
      const shell = this.#shells.views.get(message.id);
      if (changes.all || (changes.runs && shell?.isOpen)) shell?.apply(message);
      else if (changes.lanes.has(message.id)) shell?.apply(message, changes.lanes.get(message.id));
    }
  }

  destroy(): void {
    this.#shells.destroy();
  }

  #arrange(messages: Message[]): void {
    for (const message of messages) this.#adopt(message);
    this.#shells.arrange(messages);
    messages.forEach((message, at) => {
      const element = this.#shells.views.get(message.id)?.element;
      if (element) setAttribute(element, "data-follows", goesOn(message, messages[at - 1]));
    });
  }

  /** What belongs to an earlier run can be read, and not be acted on. */
  #markPast(messages: Message[]): void {
    const latest = this.#context.store.snapshot.runs.at(-1)?.run_id;
    for (const { id, corr } of messages) {
      const element = this.#shells.views.get(id)?.element;
      if (element) setAttribute(element, "data-past", corr !== latest);
    }
  }

  /** What was pending is this message now: the same element goes on. */
  #adopt(message: Message): void {
    if (!message.nonce || message.nonce === message.id || !this.#shells.views.has(message.nonce)) return;
    this.#shells.rename(message.nonce, message.id);
    this.#shells.views.get(message.id)?.apply(message);
  }
}

/** The same run speaking on: it stands closer. */
function goesOn(message: Message, before: Message | undefined): boolean {
  return before?.corr === message.corr && before.role === message.role && message.role !== "user";
}
