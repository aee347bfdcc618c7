/** The artifacts of one lane as cards: by key, so that the same one again changes its card. */

import { setAttribute } from "../dom";
import type { PartOf } from "../envelope";
import { Keyed, type KeyedView } from "../keyed";
import type { Language } from "../locale";
import { type Card, FaceCard } from "./card";
import { contentOf } from "./content";
import { CropCard } from "./crop";
import { FACES } from "./faces";
import { OfferCard } from "./offer";
import { UnknownCard } from "./unknown";
import { WORDS, type Words } from "./words";

export type CardPart = PartOf<"activity">;

/** Take up the offer of a part; false if nobody is there to take it. */
export type Go = (part: string, target: string) => boolean;

const OTHERS: Readonly<Record<string, new (go: (target: string) => boolean) => Card>> = {
  crop_image: CropCard,
  navigation_offer: OfferCard,
};

export class Cards {
  readonly #into: HTMLElement;
  readonly #views: Keyed<CardPart>;
  readonly #language: () => Language;

  constructor(into: HTMLElement, go: Go, language: () => Language) {
    this.#into = into;
    this.#language = language;
    const words = () => WORDS[language()];
    this.#views = new Keyed<CardPart>(
      into,
      ({ key, value }) => `${contentOf(value.content).kind} ${key}`,
      ({ key, value }) => new CardView(kindOf(value.content), (target) => go(key, target), words),
    );
  }

  sync(parts: readonly CardPart[]): void {
    setAttribute(this.#into, "lang", this.#language());
    this.#views.sync(parts);
  }

  destroy(): void {
    this.#views.destroy();
  }
}

function kindOf(content: unknown): string {
  return String(contentOf(content).kind);
}

/** A card, and the words of the moment. */
class CardView implements KeyedView<CardPart> {
  readonly #card: Card;
  readonly #words: () => Words;

  constructor(kind: string, go: (target: string) => boolean, words: () => Words) {
    const Other = Object.hasOwn(OTHERS, kind) ? OTHERS[kind] : undefined;
    this.#card = Other ? new Other(go) : Object.hasOwn(FACES, kind) ? new FaceCard() : new UnknownCard();
    this.#words = words;
  }

  get element(): HTMLElement {
    return this.#card.element;
  }

  apply({ value }: CardPart): void {
    this.#card.apply(contentOf(value.content), this.#words());
  }
}
