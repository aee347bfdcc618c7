/** Nothing is loaded for a chart: no data, no picture, no link. */

import type { Loader } from "vega";
import { placeOf } from "./spec";
import { WORDS } from "./words";

/** Refuses every address, and tells `refused` where it pointed. */
export function refusingLoader(refused: (note: string) => void): Loader {
  const refuse = async (url: unknown): Promise<never> => {
    const note = WORDS.notLoaded(placeOf(url));
    refused(note);
    throw new Error(note);
  };
  return { load: refuse, sanitize: refuse, http: refuse, file: refuse };
}
