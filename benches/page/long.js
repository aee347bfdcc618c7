/** What a long chat is compared with: the same messages, made by the same code, all mounted, or only those in view. */
import { h } from "../../js/src/dom";
import { frame, Ticker } from "../../js/src/scheduler";
import { addSheet } from "../../js/src/sheets";
import { Shell } from "../../js/src/shell";
import { Store } from "../../js/src/store";
import { STYLES } from "../../js/src/styles";

/** Nothing is contained or skipped by a style sheet of ours, except finished blocks of an answer. */
const PLAIN = ".message, .log > * { content-visibility: visible !important; contain: none !important; }";

/** All of them. */
export class Mounted {
  store = new Store();
  shells = new Map();
  root = h("div", { class: "log", role: "log" });
  scroller = h("div", { class: "scroller", "data-stuck": true });
  changes = new Map();

  constructor(stage, width, height) {
    this.context = { store: this.store, ticker: new Ticker(), choices: new Map(), act() {}, say() {} };
    const host = stage.appendChild(h("div", { class: "agui-host" }));
    const shadow = host.attachShadow({ mode: "open" });
    addSheet(shadow, STYLES);
    const style = h("style");
    style.textContent = PLAIN;
    stage.style.width = this.scroller.style.width = `${width}px`;
    this.scroller.style.cssText += `;height:${height}px;flex:none`;
    const middle = h("div", { class: "middle" }, this.scroller);
    shadow.append(style, h("section", { class: "chat", style: "max-height:none" }, middle));
    this.fill();
    this.store.changed.add((changes) => this.note(changes), new AbortController().signal);
  }

  fill() {
    this.scroller.append(h("div", { class: "content" }, this.root), h("div", { class: "pin" }));
  }

  take(json) {
    const { t, e, s } = JSON.parse(json);
    if (t === "snap") this.store.take(s);
    else this.store.receive(e);
  }

  blocks() {
    return [];
  }

  note(changes) {
    for (const [id, names] of changes.lanes) this.changes.set(id, new Set([...(this.changes.get(id) ?? []), ...names]));
    frame.write(this.draw);
  }

  draw = () => {
    for (const message of this.store.messages) {
      const shell = this.shells.get(message.id);
      if (!shell) this.root.append(this.shellOf(message).element);
      else if (this.changes.has(message.id)) shell.apply(message, this.changes.get(message.id));
    }
    this.changes.clear();
    this.follow();
  };

  follow() {
    if (this.scroller.scrollTop === 0) this.scroller.scrollTop = 1e9;
  }

  shellOf(message) {
    const shell = this.shells.get(message.id) ?? new Shell(this.context, message);
    this.shells.set(message.id, shell);
    return shell;
  }
}

const ESTIMATE = 200;
const OVERSCAN = 400;
const GAP = 18;

/** Those in view and a little around them; what is far away is a height. */
export class Windowed extends Mounted {
  heights = new Map();
  first = 0;
  last = -1;

  fill() {
    this.above = h("div");
    this.below = h("div");
    this.scroller.append(h("div", { class: "content" }, this.above, this.root, this.below), h("div", { class: "pin" }));
    this.scroller.addEventListener("scroll", () => frame.write(this.draw), { passive: true });
    this.sizes = new ResizeObserver((entries) => {
      for (const { target, borderBoxSize } of entries)
        if (target.isConnected) this.heights.set(target.dataset.message, borderBoxSize[0].blockSize + GAP);
    });
  }

  draw = () => {
    const { messages } = this.store;
    const [first, last] = this.range(messages);
    if (first !== this.first || last !== this.last || !this.shells.size) this.arrange(messages, first, last);
    for (const message of messages.slice(first, last + 1))
      if (this.changes.has(message.id)) this.shells.get(message.id).apply(message, this.changes.get(message.id));
    this.changes.clear();
    this.follow();
  };

  heightOf({ id }) {
    return this.heights.get(id) ?? ESTIMATE;
  }

  range(messages) {
    const total = messages.reduce((sum, message) => sum + this.heightOf(message), 0);
    const { scrollTop, clientHeight } = this.scroller;
    const top = this.hasMoved ? scrollTop : total - clientHeight;
    let at = 0;
    let first = 0;
    while (first < messages.length - 1 && at + this.heightOf(messages[first]) < top - OVERSCAN) at += this.heightOf(messages[first++]);
    let last = first;
    while (last < messages.length - 1 && at < top + clientHeight + OVERSCAN) at += this.heightOf(messages[last++]);
    return [first, last];
  }

  arrange(messages, first, last) {
    [this.first, this.last] = [first, last];
    const shown = messages.slice(first, last + 1);
    const ids = new Set(shown.map(({ id }) => id));
    for (const [id, shell] of this.shells) {
      if (ids.has(id)) continue;
      this.sizes.unobserve(shell.element);
      shell.destroy();
      this.shells.delete(id);
    }
    const sum = (some) => some.reduce((height, message) => height + this.heightOf(message), 0);
    this.above.style.height = `${sum(messages.slice(0, first))}px`;
    this.below.style.height = `${sum(messages.slice(last + 1))}px`;
    this.root.replaceChildren(...shown.map((message) => this.shellOf(message).element));
    for (const { element } of this.shells.values()) this.sizes.observe(element);
  }

  follow() {
    super.follow();
    this.hasMoved ||= this.scroller.scrollTop > 0;
  }
}
