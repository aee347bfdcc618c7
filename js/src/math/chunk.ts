/** Draws a formula, by KaTeX. Each is one of its own: no macro and no colour of one reaches another. */

import { ParseError, render } from "katex";
import sheet from "katex/dist/katex.css";
import type { Draw } from "../drawer";
import own from "./chunk.css";
import { copyTexIn } from "./copying";
import { family, loadFaces } from "./faces";
import { faultOf } from "./listed";
import { boundedMacros, MAX_EXPANSIONS } from "./macros";
import { withoutForeignClasses } from "./repairs";
import { STRINGS } from "./strings";

/** Measured: what is this long, and says the costliest things, takes 0.1 s. */
const MAX_CHARS = 5000;
/** A space, a rule or a step up or down, in em. */
const MAX_SIZE = 30;

/** The faces come as bytes, and under names of ours: a page may have KaTeX for itself, of another version. */
export const css = family(sheet.replace(/@font-face\s*\{[^}]*\}/g, "")) + own;

export const draw: Draw = async ({ kind, text }, stage) => {
  const formula = typeset(text, kind === "math-display");
  await loadFaces(formula, stage.asset);
  if (!stage.signal.aborted) {
    copyTexIn(stage.place.getRootNode());
    stage.place.append(...formula.childNodes);
  }
  return { label: text };
};

/** The formula, in an element that is nowhere yet. */
function typeset(tex: string, isDisplay: boolean): HTMLElement {
  if (tex.length > MAX_CHARS) throw new Error(STRINGS.tooLong);
  const formula = document.createElement("span");
  try {
    render(tex, formula, {
      displayMode: isDisplay,
      output: "htmlAndMathml",
      trust: false,
      throwOnError: true,
      errorColor: "currentcolor", // of what is not trusted
      strict: "ignore",
      maxSize: MAX_SIZE,
      maxExpand: MAX_EXPANSIONS,
      macros: boundedMacros(),
    });
  } catch (error) {
    throw new Error(error instanceof ParseError ? error.rawMessage : STRINGS.tooDeep);
  }
  const fault = faultOf(formula);
  if (fault) throw new Error(fault);
  withoutForeignClasses(formula);
  return formula;
}
