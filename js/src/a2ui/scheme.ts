import { frame } from "../scheduler";
import { schemeOf, watchScheme } from "../scheme";

/** Keeps the browser's own parts of inputs as light or as dark as the words around them: hosts say their theme in colours alone. */
export class Scheme {
  readonly #element: HTMLElement;
  #following: AbortController | undefined;

  constructor(element: HTMLElement) {
    this.#element = element;
  }

  follow(): void {
    if (!this.#element.isConnected) {
      this.leave();
      return;
    }
    if (!this.#following) {
      this.#following = new AbortController();
      watchScheme(this.#element, () => this.follow(), this.#following.signal);
    }
    frame.read(this.#set);
  }

  leave(): void {
    this.#following?.abort();
    this.#following = undefined;
  }

  readonly #set = (): void => {
    const scheme = schemeOf(this.#element);
    if (this.#element.style.colorScheme !== scheme) this.#element.style.colorScheme = scheme;
  };
}
