/** Links, list items, and the numbers that lead to a footnote or a source. */

import { h, setAttribute, setText } from "../dom";
import { literal } from "../format";
import { attributeOf, type Branch, isBranch } from "../nodes";
import { frame } from "../scheduler";
import { STRINGS } from "../strings";
import { linkTo, ownerOf } from "./allow";
import type { NodeView } from "./view";

const LINK = { target: "_blank", rel: "noopener noreferrer nofollow", referrerpolicy: "no-referrer" };

/** An address that is refused leaves the words, and no link. Whose it is, is said when the words say otherwise. */
export function dressLink(element: Element, node: Branch): void {
  const url = linkTo(attributeOf(node, "href"));
  if (!url) {
    for (const name of ["href", "title", "data-owner", ...Object.keys(LINK)]) element.removeAttribute(name);
    return;
  }
  const owner = ownerOf(url);
  const title = attributeOf(node, "title");
  setAttribute(element, "href", url.href);
  setAttribute(
    element,
    "title",
    typeof title === "string" ? `${literal(title.slice(0, 200))}\n${owner}` : owner,
  );
  for (const [name, value] of Object.entries(LINK)) setAttribute(element, name, value);
  if (isOtherName(element.textContent ?? "", owner)) setAttribute(element, "data-owner", ` (${owner})`);
  else element.removeAttribute("data-owner");
}

/** Whether `text` reads like the name of a place that is not `owner`. */
function isOtherName(text: string, owner: string): boolean {
  const named = plain(text)
    .match(/[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}/u)?.[0]
    .toLowerCase();
  const host = owner.slice(owner.indexOf("@") + 1).toLowerCase();
  return named !== undefined && named !== host && `www.${named}` !== host && named !== `www.${host}`;
}

/** What looks like a dot, and what does not show at all, hides a name as well. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .replaceAll("。", ".");
}

/** A task has a tick of ours before it, a footnote the number that leads back to where it was called. */
export function dressItem(element: Element, node: Branch): void {
  const task = element.getAttribute("data-task");
  const first = element.firstElementChild;
  const tick = first?.classList.contains("tick") ? first : undefined;
  if (task && !tick) element.prepend(h("span", { class: "tick", role: "img" }));
  if (!task) tick?.remove();
  else
    setAttribute(element.firstElementChild as Element, "aria-label", STRINGS.task[task as "done" | "open"]);
  const n = element.getAttribute("value");
  if (n && attributeOf(node, "n") !== undefined && !element.querySelector(":scope > .back")) {
    const back = h("button", { type: "button", class: "back", "aria-label": STRINGS.backToText }, n);
    back.addEventListener("click", () => goTo(back, `.fnref[data-to="${n}"]`));
    element.prepend(back);
  }
}

/** The number of a footnote, in the text. */
export class FootnoteMark implements NodeView {
  node: unknown;
  readonly #button = h("button", { type: "button", class: "fnref" });
  readonly dom = h("sup", {}, this.#button);

  constructor() {
    this.#button.addEventListener("click", () =>
      goTo(this.#button, `.footnotes > li[value="${this.#button.dataset.to}"] > .back`),
    );
  }

  sync(node: unknown): boolean {
    if (!isBranch(node) || node.t !== "fnref") return false;
    const n = numberOf(node, "n");
    this.node = node;
    setText(this.#button, n);
    setAttribute(this.#button, "aria-label", STRINGS.footnote(n));
    setAttribute(this.#button, "data-to", numberOf(node, "to") || n);
    return true;
  }
}

/** A number of a source came into the document, or is another now: who knows the sources names it. */
export const NAMED = "agui-named";

/**
 * The number of a source, in the text. What it does is for the lane of the sources.
 *
 * No `button`: that is a box, before which a line may break, and a line would begin with it.
 */
export class SourceMark implements NodeView {
  node: unknown;
  readonly dom = h("span", { class: "cite", role: "button", tabindex: "0" });

  sync(node: unknown): boolean {
    if (!isBranch(node) || node.t !== "cite") return false;
    this.node = node;
    const n = numberOf(node, "n");
    setText(this.dom, n);
    setAttribute(this.dom, "aria-label", STRINGS.source(n));
    frame.write(this.#announce);
    return true;
  }

  #announce = (): void => {
    this.dom.dispatchEvent(new Event(NAMED, { bubbles: true }));
  };
}

function numberOf(node: Branch, name: string): string {
  const n = attributeOf(node, name);
  return Number.isSafeInteger(Number(n)) && n !== "" && n !== null ? String(Number(n)) : "";
}

/** Go to what `selector` finds in the same answer. */
function goTo(from: HTMLElement, selector: string): void {
  const target = from.closest(".nodes")?.querySelector<HTMLElement>(selector);
  if (target) bringIntoSight(target);
}

/** By the chat's own scroller: the notebook stays where it is. */
export function bringIntoSight(target: HTMLElement): void {
  const scroller = target.closest(".scroller");
  if (!scroller) return;
  const box = scroller.getBoundingClientRect();
  const { top, bottom } = target.getBoundingClientRect();
  if (top < box.top || bottom > box.bottom) scroller.scrollTop += top - box.top - box.height / 3;
  target.focus({ preventScroll: true });
}
