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
  /** Without an address a link leads nowhere, and the chart can still be written as SVG: that needs an answer. */
  const sanitize = (url: unknown, options: { context?: string }) =>
    options.context === "href" ? refuse(url).catch(() => ({}) as never) : refuse(url);
  return { load: refuse, sanitize, http: refuse, file: refuse };
}
