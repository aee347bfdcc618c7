/** The faces of KaTeX: each is asked for when the first formula of the page is set in it. */

import AMS from "asset:katex/dist/fonts/KaTeX_AMS-Regular.woff2";
import CALIGRAPHIC from "asset:katex/dist/fonts/KaTeX_Caligraphic-Regular.woff2";
import FRAKTUR_BOLD from "asset:katex/dist/fonts/KaTeX_Fraktur-Bold.woff2";
import FRAKTUR from "asset:katex/dist/fonts/KaTeX_Fraktur-Regular.woff2";
import MAIN_BOLD from "asset:katex/dist/fonts/KaTeX_Main-Bold.woff2";
import MAIN_BOLD_ITALIC from "asset:katex/dist/fonts/KaTeX_Main-BoldItalic.woff2";
import MAIN_ITALIC from "asset:katex/dist/fonts/KaTeX_Main-Italic.woff2";
import MAIN from "asset:katex/dist/fonts/KaTeX_Main-Regular.woff2";
import MATH_BOLD_ITALIC from "asset:katex/dist/fonts/KaTeX_Math-BoldItalic.woff2";
import MATH_ITALIC from "asset:katex/dist/fonts/KaTeX_Math-Italic.woff2";
import SANS_BOLD from "asset:katex/dist/fonts/KaTeX_SansSerif-Bold.woff2";
import SANS_ITALIC from "asset:katex/dist/fonts/KaTeX_SansSerif-Italic.woff2";
import SANS from "asset:katex/dist/fonts/KaTeX_SansSerif-Regular.woff2";
import SCRIPT from "asset:katex/dist/fonts/KaTeX_Script-Regular.woff2";
import SIZE1 from "asset:katex/dist/fonts/KaTeX_Size1-Regular.woff2";
import SIZE2 from "asset:katex/dist/fonts/KaTeX_Size2-Regular.woff2";
import SIZE3 from "asset:katex/dist/fonts/KaTeX_Size3-Regular.woff2";
import SIZE4 from "asset:katex/dist/fonts/KaTeX_Size4-Regular.woff2";
import TYPEWRITER from "asset:katex/dist/fonts/KaTeX_Typewriter-Regular.woff2";
import type { Reference } from "../chunks";
import type { Stage } from "../drawer";

interface Face {
  readonly file: Reference;
  readonly family: string;
  readonly weight?: "bold";
  readonly style?: "italic";
  /** What is set in it, by the classes of KaTeX's style sheet. */
  readonly selector: string;
}

const FACES: readonly Face[] = [
  { file: MAIN, family: "Main", selector: ".katex-html" },
  { file: MAIN_BOLD, family: "Main", weight: "bold", selector: ".mathbf, .textbf:not(.textit)" },
  { file: MAIN_ITALIC, family: "Main", style: "italic", selector: ".mathit, .textit:not(.textbf)" },
  { file: MAIN_BOLD_ITALIC, family: "Main", weight: "bold", style: "italic", selector: ".textbf.textit" },
  { file: MATH_ITALIC, family: "Math", style: "italic", selector: ".mathnormal" },
  { file: MATH_BOLD_ITALIC, family: "Math", weight: "bold", style: "italic", selector: ".boldsymbol" },
  { file: AMS, family: "AMS", selector: ".amsrm, .mathbb, .textbb" },
  { file: CALIGRAPHIC, family: "Caligraphic", selector: ".mathcal" },
  { file: FRAKTUR, family: "Fraktur", selector: ".mathfrak, .textfrak" },
  { file: FRAKTUR_BOLD, family: "Fraktur", weight: "bold", selector: ".mathboldfrak, .textboldfrak" },
  { file: SCRIPT, family: "Script", selector: ".mathscr, .textscr" },
  { file: SANS, family: "SansSerif", selector: ".mathsf, .textsf" },
  {
    file: SANS_BOLD,
    family: "SansSerif",
    weight: "bold",
    selector: ".mathboldsf, .textboldsf, .textsf.textbf",
  },
  {
    file: SANS_ITALIC,
    family: "SansSerif",
    style: "italic",
    selector: ".mathsfit, .mathitsf, .textitsf, .textsf.textit",
  },
  { file: TYPEWRITER, family: "Typewriter", selector: ".mathtt, .texttt" },
  { file: SIZE1, family: "Size1", selector: ".size1, .small-op, .delim-size1" },
  { file: SIZE2, family: "Size2", selector: ".size2, .large-op" },
  { file: SIZE3, family: "Size3", selector: ".size3" },
  { file: SIZE4, family: "Size4", selector: ".size4, .delim-size4" },
];

/** A style sheet with its families called by our names. */
export function family(css: string): string {
  return css.replaceAll("KaTeX_", "agui-katex-");
}

/** A kernel that is busy gives nothing; when it does, the formula changes its face where it stands. */
const PATIENCE_MS = 2000;

const added = new Set<Face>();
const loading = new Map<Face, Promise<unknown>>();

/** Resolves when all that `formula` is set in is there, so that it stands in no other face first; or when that takes too long. */
export async function loadFaces(formula: Element, asset: Stage["asset"]): Promise<void> {
  const needed = FACES.filter((face) => !added.has(face) && formula.querySelector(face.selector));
  if (!needed.length) return;
  const late = new Promise((done) => setTimeout(done, PATIENCE_MS));
  await Promise.race([late, Promise.allSettled(needed.map((face) => load(face, asset)))]);
}

function load(face: Face, asset: Stage["asset"]): Promise<unknown> {
  const before = loading.get(face);
  if (before) return before;
  const coming = add(face, asset);
  loading.set(face, coming);
  coming.catch(() => loading.delete(face)); // the next formula asks again
  return coming;
}

async function add(face: Face, asset: Stage["asset"]): Promise<void> {
  const { weight = "normal", style = "normal" } = face;
  const font = new FontFace(family(`KaTeX_${face.family}`), await asset(face.file), { weight, style });
  document.fonts.add(await font.load());
  added.add(face);
}
