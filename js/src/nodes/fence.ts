import { copyButton } from "../copy-button";
import { h, setAttribute, setHidden, setText } from "../dom";
import { literal, unturned } from "../format";
import { LiveText } from "../lanes/live-text";
import { attributeOf, type Branch, isBranch, plainText } from "../nodes";
import type { Rich } from "../rich";
import type * as Chunk from "../sketch/chunk";
import { STRINGS } from "../strings";
import { Colours, canHighlight, colouredSpans, runsOf } from "./colours";
import type { Scene } from "./scene";
import { forgetSight, watchSight } from "./sight";
import type { Sketch } from "./sketch";
import type { NodeView } from "./view";

/** What a downloaded file is called behind its dot; other languages by their own name. */
const EXTENSIONS: Record<string, string> = {
  python: "py",
  py: "py",
  javascript: "js",
  typescript: "ts",
  bash: "sh",
  shell: "sh",
  markdown: "md",
  ruby: "rb",
  rust: "rs",
  text: "txt",
};

/** A block of code. Its line of language and buttons is there from the first character, so nothing moves when it closes. */
export class Fence implements NodeView {
  node: unknown;
  readonly #label = h("span", { class: "lang" });
  readonly #wrap = h("button", { type: "button", class: "tool wrap", "aria-pressed": "false" }, STRINGS.wrap);
  readonly #save = h("button", { type: "button", class: "tool save" }, STRINGS.download);
  readonly #live = new LiveText({
    className: "lines",
    dir: "ltr",
    changed: (kept) => this.#colours.follow(kept),
  });
  readonly #colours: Colours = new Colours(this.#live);
  readonly #spans = h("div", { class: "lines", hidden: true });
  readonly #head: HTMLElement;
  readonly #code: HTMLElement;
  readonly #why = h("p", { class: "why", role: "note", hidden: true });
  #sketch: Sketch | undefined;
  /** Of who waits for what draws. */
  #waiting: AbortController | undefined;
  readonly dom: HTMLElement;
  #text = "";
  #lang = "";

  constructor(node: Branch, scene: Scene) {
    const copy = copyButton(() => ({ text: this.#text }), scene.say);
    this.#head = h("div", { class: "fence-head" }, this.#label, this.#wrap, this.#save, copy);
    this.#code = h("div", { class: "code" }, this.#live.element, this.#spans);
    this.dom = h("div", { class: "fence", dir: "ltr" }, this.#head, this.#why, this.#code);
    const isWatched = watchSight(this.dom, (isSeen) => this.#colours.pause(!isSeen));
    this.#colours.pause(isWatched && attributeOf(node, "open") !== true); // what is being written is coloured at once
    this.#wrap.addEventListener("click", () => this.#toggleWrap());
    this.#save.addEventListener("click", () => this.#download());
  }

  sync(node: unknown, scene: Scene): boolean {
    if (!isBranch(node) || node.t !== "fence") return false;
    this.node = node;
    const lang = attributeOf(node, "lang");
    this.#lang = typeof lang === "string" ? lang.slice(0, 40) : "";
    const text = plainText(node);
    scene.left -= Math.max(0, text.length - this.#text.length);
    this.#text = unturned(text);
    const isOpen = attributeOf(node, "open") === true;
    setText(this.#label, literal(this.#lang) || STRINGS.code);
    setAttribute(this.dom, "data-open", isOpen);
    this.#live.apply(this.#text);
    this.#paint(node, isOpen);
    if (!isOpen) this.#draw(scene);
    return true;
  }

  get end(): Element | undefined {
    return this.#live.last ?? this.#live.element;
  }

  destroy(): void {
    forgetSight(this.dom);
    this.#colours.clear();
    this.#undraw();
  }

  /** What somebody draws is drawn when it is whole; until then, and when it cannot be, its source is there. */
  #draw({ rich, say }: Pick<Scene, "rich" | "say">): void {
    const kind = rich?.kindOf(this.#lang);
    if (!rich || !kind) this.#undraw();
    else if (rich.sketches.module) this.#sketchOf(rich.sketches.module, rich, say).show(kind, this.#text);
    else this.#await(rich, () => this.#draw({ rich, say }));
  }

  #undraw(): void {
    this.#waiting?.abort();
    this.#waiting = undefined;
    this.#sketch?.destroy();
    this.#sketch = undefined;
    this.#explain("");
  }

  #await({ sketches }: Rich, again: () => void): void {
    if (sketches.hasFailed) this.#explain(STRINGS.drawing.notLoaded);
    if (this.#waiting) return;
    this.#waiting = new AbortController();
    sketches.changed.add(again, this.#waiting.signal);
    sketches.load();
  }

  #sketchOf({ Sketch: Made }: typeof Chunk, rich: Rich, say: Scene["say"]): Sketch {
    if (this.#sketch) return this.#sketch;
    this.#undraw();
    this.#sketch = new Made(this.dom, rich, say, (why) => this.#explain(why));
    this.#wrap.before(this.#sketch.tools);
    this.#code.before(this.#sketch.element);
    return this.#sketch;
  }

  #explain(why: string): void {
    setHidden(this.#why, !why);
    setText(this.#why, why && STRINGS.drawing.failed(literal(why)));
  }

  #paint(node: Branch, isOpen: boolean): void {
    const runs = runsOf(attributeOf(node, "runs"));
    if (canHighlight()) {
      this.#colours.paint(runs);
      return;
    }
    const hasSpans = !isOpen && runs.length > 0;
    setHidden(this.#spans, !hasSpans);
    setHidden(this.#live.element, hasSpans);
    this.#spans.replaceChildren(...(hasSpans ? colouredSpans(this.#text, runs) : []));
  }

  #toggleWrap(): void {
    const isWrapped = this.dom.toggleAttribute("data-wrap");
    setAttribute(this.#wrap, "aria-pressed", String(isWrapped));
  }

  #download(): void {
    const name = this.#lang.toLowerCase();
    const extension = Object.hasOwn(EXTENSIONS, name)
      ? EXTENSIONS[name]
      : /^[a-z]\w{0,7}$/.test(name)
        ? name
        : "txt";
    const href = URL.createObjectURL(new Blob([this.#text], { type: "text/plain" }));
    h("a", { href, download: `${STRINGS.code}.${extension}` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  }
}
