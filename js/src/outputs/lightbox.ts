import { h, setAttribute, setHidden, setText } from "../dom";
import { MEDIA_STRINGS, STRINGS } from "../strings";
import { type Address, addressOf, save } from "./address";
import { type GlyphName, glyph } from "./glyphs";
import type { MediaItem } from "./media-items";
import { Zoom } from "./zoom";

/** Show pictures large, one after the other, beginning with the one `at`; the focus goes back to `opener`. */
export function lightbox(items: readonly MediaItem[], at: number, opener: HTMLElement): void {
  const shown = items.filter(({ state }) => state === "here" || state === "elsewhere");
  const first = shown.indexOf(items[at] as MediaItem);
  if (first >= 0) new Lightbox(shown, first).open(opener);
}

/** What keys do. Those of the browser and of who is not here are let be. */
const KEYS: Readonly<Record<string, (box: Lightbox) => void>> = {
  ArrowRight: (box) => box.go(1),
  ArrowLeft: (box) => box.go(-1),
  Home: (box) => box.show(0),
  End: (box) => box.show(Number.POSITIVE_INFINITY),
  "+": (box) => box.zoom((zoom) => zoom.in()),
  "=": (box) => box.zoom((zoom) => zoom.in()),
  "-": (box) => box.zoom((zoom) => zoom.out()),
  "0": (box) => box.zoom((zoom) => zoom.reset()),
  Escape: (box) => box.close(),
};

const WHEEL = 0.002;

class Lightbox {
  readonly #items: readonly MediaItem[];
  readonly #zoom = new Zoom();
  readonly #name = h("bdi", { class: "lightbox-name" });
  readonly #count = h("span", { class: "lightbox-count" });
  readonly #says = h("span", { class: "unseen", role: "status", "aria-live": "polite" });
  readonly #save = this.#button("save", STRINGS.download, () => save(this.#item));
  readonly #out = this.#button("minus", MEDIA_STRINGS.zoomOut, () => this.zoom((zoom) => zoom.out()));
  readonly #in = this.#button("plus", MEDIA_STRINGS.zoomIn, () => this.zoom((zoom) => zoom.in()));
  readonly #close = this.#button("close", MEDIA_STRINGS.close, () => this.close());
  readonly #previous = this.#button("left", MEDIA_STRINGS.previous, () => this.go(-1));
  readonly #next = this.#button("right", MEDIA_STRINGS.next, () => this.go(1));
  readonly #image = h("img", { referrerpolicy: "no-referrer", draggable: "false" });
  readonly #stage = h("div", { class: "lightbox-stage", tabindex: "-1" }, this.#image);
  readonly #dialog = h(
    "dialog",
    { class: "lightbox", "aria-label": MEDIA_STRINGS.viewer },
    h(
      "div",
      { class: "lightbox-bar" },
      this.#name,
      this.#count,
      this.#out,
      this.#in,
      this.#save,
      this.#close,
    ),
    ...[this.#previous, this.#stage, this.#next, this.#says],
  );
  #address: Address | undefined;
  #at = 0;

  constructor(items: readonly MediaItem[], at: number) {
    this.#items = items;
    this.#previous.classList.add("lightbox-previous");
    this.#next.classList.add("lightbox-next");
    this.#dialog.addEventListener("keydown", this.#onKey);
    this.#stage.addEventListener("click", (event) => {
      if (event.target === this.#stage) this.close(); // beside the picture
    });
    this.#image.addEventListener("dblclick", () =>
      this.zoom((zoom) => (zoom.isIn ? zoom.reset() : zoom.by(2))),
    );
    this.#stage.addEventListener("wheel", this.#onWheel, { passive: false });
    this.#image.addEventListener("pointerdown", this.#drag);
    this.show(at);
  }

  /** In the chat's own element, whose colours it has, and in the top layer, over all of the page. */
  open(opener: HTMLElement): void {
    const root = opener.getRootNode() as ShadowRoot | Document;
    (root.querySelector(".chat") ?? opener).append(this.#dialog);
    this.#dialog.addEventListener("close", () => {
      this.#address?.close();
      this.#dialog.remove();
      opener.focus({ preventScroll: true });
    });
    this.#dialog.showModal();
    this.#stage.focus({ preventScroll: true });
  }

  close(): void {
    this.#dialog.close();
  }

  go(by: number): void {
    this.show(this.#at + by);
  }

  show(at: number): void {
    this.#at = Math.min(this.#items.length - 1, Math.max(0, at));
    const { name, alt, content } = this.#item;
    this.#address?.close();
    this.#address = addressOf(this.#item);
    this.#image.src = this.#address.href;
    setAttribute(this.#image, "alt", alt || name);
    this.zoom((zoom) => zoom.reset());
    this.#describe(name || alt);
    setHidden(this.#save, content === undefined);
    this.#setEnd(this.#previous, this.#at === 0);
    this.#setEnd(this.#next, this.#at === this.#items.length - 1);
  }

  zoom(change: (zoom: Zoom) => void): void {
    change(this.#zoom);
    this.#place(0, 0);
  }

  get #item(): MediaItem {
    return this.#items[this.#at] as MediaItem;
  }

  #describe(name: string): void {
    const [number, all] = [this.#at + 1, this.#items.length];
    setText(this.#name, name);
    setText(this.#count, all > 1 ? MEDIA_STRINGS.at(number, all) : "");
    setText(this.#says, [MEDIA_STRINGS.at(number, all), name].filter(Boolean).join(": "));
  }

  /** Not disabled: what has the focus keeps it. */
  #setEnd(button: HTMLButtonElement, isEnd: boolean): void {
    setHidden(button, this.#items.length === 1);
    setAttribute(button, "aria-disabled", String(isEnd));
  }

  #onKey = (event: KeyboardEvent): void => {
    event.stopPropagation(); // Esc stops no run, and the notebook hears nothing
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    KEYS[event.key]?.(this);
  };

  #onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    this.zoom((zoom) => zoom.by(Math.exp(-event.deltaY * WHEEL)));
  };

  #drag = (down: PointerEvent): void => {
    if (!this.#zoom.isIn || down.button !== 0) return;
    this.#image.setPointerCapture(down.pointerId);
    const over = new AbortController();
    const { signal } = over;
    let { clientX, clientY } = down;
    const move = (event: PointerEvent) => {
      this.#place(event.clientX - clientX, event.clientY - clientY);
      ({ clientX, clientY } = event);
    };
    this.#image.addEventListener("pointermove", move, { signal });
    for (const type of ["pointerup", "pointercancel"] as const)
      this.#image.addEventListener(type, () => over.abort(), { signal });
  };

  #place(dx: number, dy: number): void {
    this.#zoom.pan(dx, dy, this.#image.offsetWidth, this.#image.offsetHeight);
    this.#image.style.transform = this.#zoom.transform;
    setAttribute(this.#stage, "data-zoomed", this.#zoom.isIn);
  }

  #button(name: GlyphName, label: string, click: () => void): HTMLButtonElement {
    const button = h("button", { type: "button", class: "lightbox-button", title: label }, glyph(name));
    setAttribute(button, "aria-label", label);
    button.addEventListener("click", click);
    return button;
  }
}
