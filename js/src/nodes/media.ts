import { h, setAttribute } from "../dom";
import { literal } from "../format";
import { icon } from "../icons";
import { attributeOf, type Branch, isBranch, isSame } from "../nodes";
import { STRINGS } from "../strings";
import { dataImage, MEDIA, remoteSource } from "./allow";
import type { NodeView } from "./view";

type Sort = "img" | "video" | "audio";

/** A picture, a film or a sound. What is not part of the answer itself is fetched when the reader asks for it, and not before. */
export class Media implements NodeView {
  readonly dom = h("span", { class: "media" });
  node: unknown;
  /** In the reader's language, where that is known. */
  words: Pick<typeof STRINGS, "loadOnce" | "notLoaded"> = STRINGS;
  #attributes: Branch["a"] | null = null;
  readonly #sort: string;
  /** The address that the reader asked for. */
  #asked = "";

  constructor({ t }: Branch) {
    this.#sort = t;
  }

  sync(node: unknown): boolean {
    if (!isBranch(node) || node.t !== this.#sort) return false;
    const isOther = !isSame(node.a, this.#attributes);
    this.node = node;
    this.#attributes = node.a;
    if (isOther) this.#show(node);
    return true;
  }

  #show(node: Branch): void {
    const src = attributeOf(node, "src");
    const own = this.#sort === "img" ? dataImage(src) : undefined;
    const remote = remoteSource(src);
    if (own) this.dom.replaceChildren(this.#element(node, own));
    else if (!remote) this.dom.replaceChildren(nameOf(node));
    else if (remote.href === this.#asked) this.dom.replaceChildren(this.#element(node, remote.href));
    else this.dom.replaceChildren(this.#offer(node, remote));
  }

  #offer(node: Branch, { href, host }: URL): HTMLElement {
    const load = h("button", { type: "button", class: "load" }, this.words.loadOnce);
    load.addEventListener("click", () => {
      this.#asked = href;
      this.#show(node);
      (this.dom.firstElementChild as HTMLElement).focus({ preventScroll: true }); // the button is gone
    });
    return h(
      "span",
      { class: "offer", title: href },
      icon("picture"),
      h("bdi", { class: "offer-name" }, literal(nameOf(node)) || STRINGS.media[this.#sort as Sort]),
      h("bdi", { class: "offer-host" }, host),
      load,
    );
  }

  #element(node: Branch, src: string): HTMLElement {
    const element = document.createElement(this.#sort as Sort);
    for (const [name, rule] of Object.entries(MEDIA)) {
      const value = rule(attributeOf(node, name));
      if (value !== undefined) setAttribute(element, name, value);
    }
    setAttribute(element, "referrerpolicy", "no-referrer");
    setAttribute(element, "tabindex", "-1");
    if (element instanceof HTMLMediaElement) setAttribute(element, "controls", true);
    const poster = this.#sort === "video" && posterOf(node, src);
    if (poster) setAttribute(element, "poster", poster);
    element.addEventListener("error", () =>
      this.dom.replaceChildren(h("em", {}, this.words.notLoaded(nameOf(node)))),
    );
    element.src = src; // last: what it may say of the reader is settled
    return element;
  }
}

/** A picture in the film's place: its own content, or of the host that the reader was asked about. */
function posterOf(node: Branch, src: string): string | undefined {
  const poster = attributeOf(node, "poster");
  const remote = remoteSource(poster);
  return dataImage(poster) ?? (remote?.host === new URL(src).host ? remote?.href : undefined);
}

function nameOf(node: Branch): string {
  const name = attributeOf(node, "alt") ?? attributeOf(node, "title");
  return typeof name === "string" ? name : "";
}
