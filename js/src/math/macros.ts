/** Macros that a formula defines for itself, within bounds. */

import { ParseError } from "katex";
import { STRINGS } from "./strings";

/** KaTeX counts expansions, not what they give: together these bound the tokens of a formula. */
export const MAX_EXPANSIONS = 500;
const MAX_TOKENS = 50;

/** What `\def` and its like set; KaTeX has the tokens of a macro from its end to its beginning. */
interface Definition {
  tokens?: { text: string }[];
}

/**
 * Macros of one formula, as KaTeX keeps them.
 *
 * A parameter may stand in a macro once: with `\def\d#1#2{#2{#1#1}}` the 30 letters `\d{x}\d\d\d…` would be 2³⁰ tokens.
 */
export function boundedMacros(): Record<string, object> {
  return new Proxy<Record<string, Definition>>(
    {},
    {
      set(macros, name, macro: Definition) {
        check(macro.tokens ?? []);
        return Reflect.set(macros, name, macro);
      },
    },
  );
}

function check(tokens: { text: string }[]): void {
  if (tokens.length > MAX_TOKENS) throw new ParseError(STRINGS.longMacro);
  const parameters = tokens.filter((_, at) => tokens[at + 1]?.text === "#").map(({ text }) => text);
  if (new Set(parameters).size < parameters.length) throw new ParseError(STRINGS.doubled);
}
