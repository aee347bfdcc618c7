/** The languages that words on cards and sources are in; everything else of ours is English. */

import { STRINGS } from "./strings";

export type Language = "en" | "pt";

/** What a chat that is asked for a language speaks; `auto` is the page's, or the reader's. */
export function languageOf(asked: string): Language {
  const tag = asked === "auto" ? document.documentElement.lang || navigator.language : asked;
  return /^pt\b/i.test(tag) ? "pt" : "en";
}

/** What a source says of its place, of its passage, and of a picture that is not there. */
export const LOCAL = {
  en: STRINGS,
  pt: {
    ...STRINGS,
    box: "área",
    passage: (name: string) => `Trecho de ${name}`,
    loadOnce: "Carregar uma vez",
    notLoaded: (name: string) => `${name}: não foi possível carregar`,
  },
};
