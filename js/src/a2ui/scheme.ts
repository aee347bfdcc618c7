import { frame } from "../scheduler";

const THEMED = ["class", "style", "data-theme", "data-jp-theme-light"];

/** Keeps the browser's own parts of inputs as light or as dark as the words around them: hosts say their theme in colours alone. */
export class Scheme {
  readonly #element: HTMLElement;
  readonly #observer = new MutationObserver(() => this.follow());
  #isFollowing = false;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  follow(): void {
    const isThere = this.#element.isConnected;
    if (!isThere) this.leave();
    else if (!this.#isFollowing) this.#watch();
    if (isThere) frame.read(this.#set);
  }

  leave(): void {
    this.#observer.disconnect();
    this.#isFollowing = false;
  }

  #watch(): void {
    this.#isFollowing = true;
    const above = [document.documentElement, document.body, this.#element.closest(".chat")];
    for (const each of above)
      if (each) this.#observer.observe(each, { attributes: true, attributeFilter: THEMED });
  }

  readonly #set = (): void => {
    const scheme = schemeOf(getComputedStyle(this.#element).color);
    if (scheme && this.#element.style.colorScheme !== scheme) this.#element.style.colorScheme = scheme;
  };
}

/** Of the colour of words: light words stand on dark paper. */
function schemeOf(colour: string): "light" | "dark" | undefined {
  if (!colour.startsWith("rgb")) return undefined;
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return red + green + blue > 3 * 127 ? "dark" : "light";
}
