import MENU from "chunk:menu";
import type { AnyModel } from "@anywidget/types";
import { Activity } from "./activity";
import { Announcer } from "./announcer";
import type { Copied } from "./clipboard";
import { Composer } from "./composer";
import { type Connection, isReadOnly, type Refusal } from "./connection";
import { conversationOf } from "./conversation";
import { h, setAttribute, setHidden, setText } from "./dom";
import { Draft } from "./draft";
import { Empty } from "./empty";
import { count } from "./format";
import { Header } from "./header";
import { keepKeys } from "./keys";
import type { Context } from "./lanes/lane";
import { languageOf } from "./locale";
import { Log } from "./log";
import type * as Menus from "./menu/chunk";
import { newNonce } from "./nonce";
import type { Rich } from "./rich";
import { frame, Ticker } from "./scheduler";
import { Scroll } from "./scroll";
import { addSheet } from "./sheets";
import { Slots } from "./slots";
import { Changes, type Store, textOf } from "./store";
import { STRINGS } from "./strings";
import { STYLES } from "./styles";
import type { Surfaces } from "./surfaces";
import { isVisible, watchShown } from "./visibility";

const TRAITS = ["title", "placeholder", "height", "theme", "starters", "locale"];
const THEMES = new Set(["auto", "light", "dark"]); // a saved notebook may say anything

/** What all views of one conversation share. */
export interface Session {
  readonly store: Store;
  readonly connection: Connection;
  readonly surfaces: Surfaces;
  readonly rich: Rich;
}

/** One rendering of a store, inside a shadow root of its own. */
export class View {
  readonly #model: AnyModel;
  readonly #store: Store;
  readonly #connection: Connection;
  readonly #host = h("div", { class: "agui-host" });

  readonly #ticker = new Ticker();
  readonly #context: Context;
  readonly #header: Header;
  readonly #empty = new Empty((text) => this.#start(text));
  readonly #log: Log;
  readonly #activity: Activity;
  readonly #scroll: Scroll;
  readonly #banner = h("div", { class: "banner", role: "status", "data-banner": true, hidden: true });
  readonly #resumes = h("button", { type: "button", class: "paused", hidden: true });
  readonly #composer: Composer;
  readonly #announcer: Announcer;
  readonly #chat: HTMLElement;

  /** Alive while this view listens; a view whose element was dropped lets go of everything. */
  #awake: AbortController | undefined;
  #changes = new Changes();
  #menu: Menus.Menu | undefined;
  /** The number of the last change that is shown, while the reader wants no further ones. */
  #heldAt: number | undefined;
  #stream = "";
  readonly #sent = new Set<string>();

  constructor(model: AnyModel, { store, connection, surfaces, rich }: Session) {
    this.#model = model;
    this.#store = store;
    this.#connection = connection;
    this.#announcer = new Announcer(store);
    this.#context = {
      ...{ store, surfaces, rich, model, ticker: this.#ticker, choices: new Map() },
      slots: new Slots(this.#host),
      language: () => languageOf(this.#trait("locale", "auto")),
      adopt: (css) => addSheet(this.#host.shadowRoot as ShadowRoot, css),
      act: (action) => this.#act(action),
      say: (text) => this.#announcer.say(text),
    };
    this.#header = new Header(() => this.#conversation(), this.#context.say, this.#openMenu);
    this.#resumes.addEventListener("click", () => {
      this.#pause(false);
      this.#composer.focus(); // the button goes away
    });
    this.#log = new Log(this.#context);
    this.#activity = new Activity(this.#context);
    this.#composer = new Composer(
      {
        submit: (text) => this.#submit(text),
        stop: () => connection.send({ t: "stop" }),
        recall: () => this.#lastSaid(),
      },
      new Draft(),
    );
    const content = h(
      "div",
      { class: "content" },
      this.#empty.element,
      this.#log.earlier,
      this.#log.element,
      this.#activity.element,
    );
    this.#scroll = new Scroll(content, () => this.#reachTop());
    this.#log.earlier.addEventListener("click", () => {
      this.#showEarlier();
      this.#scroll.scroller.focus({ preventScroll: true }); // the button goes away
    });
    this.#chat = h(
      "section",
      { class: "chat" },
      this.#header.element,
      h("div", { class: "middle" }, this.#scroll.scroller, this.#scroll.jump),
      this.#resumes,
      this.#banner,
      this.#composer.element,
      this.#announcer.element,
    );
  }

  /** Show the conversation in a child of `el` until `signal` ends it. */
  mount(el: HTMLElement, signal: AbortSignal): void {
    const root = this.#host.attachShadow({ mode: "open" });
    addSheet(root, STYLES);
    keepKeys(root, el);
    root.addEventListener("keydown", this.#onKey);
    root.append(this.#chat);
    this.#wake();
    this.#draw(); // at once: a chat that is shown again is never blank
    this.#scroll.toEnd();
    el.append(this.#host);
    watchShown(this.#host, this.#wake, signal);
    signal.addEventListener("abort", () => this.#unmount(), { once: true });
  }

  #onKey = (event: Event): void => {
    const { key, isComposing } = event as KeyboardEvent;
    if (key === "Escape" && !isComposing) this.#composer.stop();
  };

  #unmount(): void {
    this.#sleep();
    this.#log.destroy();
    this.#host.remove();
  }

  /** Listen, and catch up with whatever was missed. */
  #wake = (): void => {
    frame.write(this.#flush);
    if (this.#awake) return;
    this.#awake = new AbortController();
    const { signal } = this.#awake;
    this.#changes.all = true;
    this.#ticker.resume();
    this.#store.changed.add(this.#note, signal);
    this.#connection.linked.add(() => frame.write(this.#flush), signal);
    this.#connection.refused.add(this.#refuse, signal);
    for (const trait of TRAITS) this.#model.on(`change:${trait}`, this.#applyTraits);
    signal.addEventListener("abort", () => {
      for (const trait of TRAITS) this.#model.off(`change:${trait}`, this.#applyTraits);
    });
    this.#applyTraits();
  };

  #sleep(): void {
    this.#awake?.abort();
    this.#awake = undefined;
    this.#ticker.pause();
  }

  #note = (changes: Changes): void => {
    this.#changes.merge(changes);
    frame.write(this.#flush);
  };

  /** Hidden, it only remembers what changed; dropped by a host that never says so, it stops listening. */
  #flush = (): void => {
    if (!this.#host.isConnected) this.#sleep();
    else if (isVisible(this.#host)) this.#draw();
  };

  #draw(): void {
    if (this.#heldAt !== undefined && this.#store.count) {
      this.#showState();
      return;
    }
    if (this.#heldAt !== undefined) this.#pause(false); // nothing is left to be held
    const changes = this.#changes;
    const { isPartial } = this.#log;
    this.#changes = new Changes();
    this.#showState();
    if (!changes.isEmpty) this.#drawChanges(changes);
    if (isPartial) this.#scroll.keep(this.#log.first, this.#log.grow);
    if (this.#log.isPartial) frame.write(this.#flush);
  }

  #drawChanges(changes: Changes): void {
    this.#log.apply(changes);
    if (this.#scroll.isStuck) this.#log.trim();
    this.#activity.update(changes);
    this.#announcer.update();
    this.#scroll.grew();
  }

  /** Who came here by the keyboard, to the button, decides with the keyboard. */
  #reachTop(): void {
    if (!this.#log.earlier.matches(":focus")) this.#showEarlier();
  }

  #showEarlier(): void {
    if (this.#log.earlier.hidden) return;
    this.#log.showEarlier();
    frame.write(this.#flush);
  }

  #showState(): void {
    const { link } = this.#connection;
    const { status, count: messages, snapshot } = this.#store;
    setAttribute(this.#chat, "data-status", status);
    setAttribute(this.#chat, "data-link", link);
    this.#header.update(link, status, messages > 0);
    if (this.#heldAt !== undefined)
      setText(this.#resumes, STRINGS.paused(count(Math.max(0, snapshot.seq - this.#heldAt))));
    this.#empty.show(messages === 0 && (link === "live" || link === "connecting"));
    this.#composer.setBusy(this.#store.isBusy);
    this.#composer.setLink(link);
    const banner = isReadOnly(link) ? STRINGS.banner[link] : "";
    setText(this.#banner, banner);
    setHidden(this.#banner, !banner);
    this.#host.classList.toggle("agui-live", link === "live" || this.#host.classList.contains("agui-live"));
    if (snapshot.stream !== this.#stream) this.#composer.openDraft(snapshot.stream);
    this.#stream = snapshot.stream;
  }

  #applyTraits = (): void => {
    const title = this.#trait("title", STRINGS.title);
    const theme = this.#trait("theme", "auto");
    this.#header.setTitle(title);
    setAttribute(this.#chat, "aria-label", title);
    setAttribute(this.#chat, "data-theme", THEMES.has(theme) ? theme : "auto");
    this.#composer.setPlaceholder(this.#trait("placeholder", STRINGS.placeholder(title)));
    this.#empty.setStarters(this.#trait<string[]>("starters", []));
    const height = this.#trait("height", 0);
    this.#chat.style.height = height ? `${height}px` : "";
    this.#changes.all = true; // words in the reader's language
    frame.write(this.#flush);
  };

  #trait<T>(name: string, fallback: T): T {
    return (this.#model.get(name) as T | undefined) || fallback;
  }

  /** What was clicked goes away: without a place to go, the focus would fall to the notebook. */
  #start(text: string): void {
    this.#submit(text);
    this.#composer.focus();
  }

  #submit(text: string): boolean {
    if (this.#store.isBusy) return false;
    this.#pause(false);
    const nonce = newNonce();
    this.#store.submit(text, nonce);
    if (!this.#connection.send({ t: "submit", text, nonce })) return false;
    this.#sent.add(nonce);
    this.#scroll.toEnd();
    return true;
  }

  #refuse = ({ nonce, reason, text }: Refusal): void => {
    if (nonce === null) this.#composer.refuse(reason);
    else if (this.#sent.delete(nonce)) this.#composer.restore(text ?? "", reason);
  };

  /** Loaded when it is first wanted. */
  #openMenu = async (): Promise<void> => {
    const { rich, adopt, say } = this.#context;
    try {
      const { Menu, css } = await rich.module<typeof Menus>(MENU);
      adopt(css);
      this.#menu ??= new Menu(this.#header.menu, {
        connection: this.#connection,
        say,
        title: () => this.#trait("title", STRINGS.title),
        conversation: () => this.#conversation(),
        isPaused: () => this.#heldAt !== undefined,
        pause: (isPaused) => this.#pause(isPaused),
        focus: () => this.#composer.focus(),
      });
      this.#menu.toggle();
    } catch {
      say(STRINGS.noAnswer);
    }
  };

  #conversation(): Copied {
    return conversationOf(this.#store.messages, this.#trait("title", STRINGS.title));
  }

  /** The stream goes on, and what it brings is shown later. */
  #pause(isPaused: boolean): void {
    this.#heldAt = isPaused ? this.#store.snapshot.seq : undefined;
    setHidden(this.#resumes, !isPaused);
    setAttribute(this.#chat, "data-paused", isPaused);
    frame.write(this.#flush);
  }

  #act(action: string): void {
    if (action !== "retry" || this.#store.isBusy) return;
    this.#connection.send({ t: "retry" });
    this.#composer.focus(); // the button goes away when the run begins
  }

  #lastSaid(): string {
    const message = this.#store.messages.findLast(({ role }) => role === "user");
    return message ? textOf(message) : "";
  }
}
