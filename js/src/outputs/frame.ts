/** HTML that is not ours, in a frame in which nothing runs and from which nothing is fetched. */

import { declared } from "../declared";
import { h, setAttribute, setHidden } from "../dom";
import { literal } from "../format";
import { linkTo } from "../nodes/allow";
import { frame } from "../scheduler";
import { OUTPUT_STRINGS } from "../strings";
import style from "./frame.css";
import { type BodyView, type Shown, textOf } from "./stage";

/** First of all that is in it: no word of the agent's stands before the rule. */
const RULE =
  `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; ` +
  `img-src data: blob:; base-uri 'none'; form-action 'none'"><meta charset="utf-8">` +
  `<meta http-equiv="x-dns-prefetch-control" content="off"><style>${style}</style>`;

/**
 * A name is looked up, or a page turned, before any rule is asked; and a link in a tree of its own says to nobody where it leads:
 * such elements are none.
 */
const REACHING = /<(?=(?:link|meta|base|template)(?![a-z0-9-]))/gi;

const BOUND_PX = 480;
const MAX_PX = 20_000;

/** What the frame knows of the chat by the same names. */
const INHERITED = [
  "color-scheme",
  "--ink",
  "--paper",
  "--soft",
  "--line",
  "--wash",
  "--hover",
  "--link",
  "--sans",
  "--mono",
];

export class FrameView implements BodyView {
  readonly label = OUTPUT_STRINGS.page;
  readonly #frame = h("iframe", {
    ...{ sandbox: "allow-same-origin", referrerpolicy: "no-referrer", loading: "eager" },
    title: OUTPUT_STRINGS.page,
  });
  readonly #more = h("button", { type: "button", class: "more", hidden: true }, OUTPUT_STRINGS.whole);
  readonly #clip = h("div", { class: "out-clip" }, this.#frame);
  readonly element = h("div", { class: "out-frame" }, this.#clip, this.#more);
  #sizes: ResizeObserver | undefined;
  readonly #life = new AbortController();
  #html: string | undefined;
  #height = 0;
  #isWhole = false;

  constructor() {
    this.#frame.addEventListener("load", () => this.#enter());
    this.#more.addEventListener("click", () => {
      this.#isWhole = true;
      this.#fit();
      this.#frame.focus({ preventScroll: true }); // the button is gone
    });
  }

  apply({ value, output }: Shown): void {
    setAttribute(this.#frame, "title", literal(output.name || output.type || this.label));
    const html = textOf(value);
    if (html === this.#html) return;
    this.#html = html;
    this.#frame.srcdoc = declared(RULE + html.replace(REACHING, "<x-"));
  }

  destroy(): void {
    this.#life.abort();
    this.#sizes?.disconnect();
  }

  /** A frame that was moved loads anew: its document is another one. */
  #enter(): void {
    const { contentDocument: page } = this.#frame;
    if (!page?.documentElement) return;
    const { signal } = this.#life;
    for (const type of ["click", "auxclick"])
      page.addEventListener(type, guardLinks, { capture: true, signal });
    this.recolour();
    this.#follow(page);
    this.#measure();
  }

  /**
   * By an observer of the frame's own window: one of ours would be told too late, and complain on the host's page. What it sees is
   * kept: a host that loads a theme hides everything, for so short a time that nobody is told again.
   */
  #follow({ defaultView, documentElement }: Document): void {
    const { ResizeObserver } = (defaultView ?? {}) as Partial<typeof globalThis>;
    this.#sizes?.disconnect();
    this.#sizes = ResizeObserver && new ResizeObserver(this.#measure);
    this.#sizes?.observe(documentElement);
  }

  /** In the colours of the chat: a table of pandas is read in the dark too. */
  recolour(): void {
    const root = this.#frame.contentDocument?.documentElement;
    if (!root) return;
    const chat = getComputedStyle(this.element);
    for (const name of INHERITED) root.style.setProperty(name, chat.getPropertyValue(name));
  }

  readonly #measure = (): void => {
    const { height = 0 } = this.#frame.contentDocument?.documentElement?.getBoundingClientRect() ?? {};
    if (!height) return; // nothing is as high as it is while it is hidden
    this.#height = Math.min(MAX_PX, Math.ceil(height));
    frame.write(this.#fit);
  };

  readonly #fit = (): void => {
    const isCut = !this.#isWhole && this.#height > BOUND_PX * 1.2;
    this.#frame.style.height = `${this.#height}px`;
    setAttribute(this.#clip, "data-cut", isCut);
    setHidden(this.#more, !isCut);
  };
}

/** A link leads where one of the chat's may lead, and nowhere else; in a page of its own, which does not know this one. */
function guardLinks(event: Event): void {
  const link = (event.target as Element | null)?.closest?.("a, area");
  if (!link) return;
  event.preventDefault();
  const url = linkTo(link.getAttribute("href"));
  if (url && event.isTrusted && event.type === "click")
    window.open(url.href, "_blank", "noopener,noreferrer");
}
