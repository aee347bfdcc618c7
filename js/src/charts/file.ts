/** A chart as a file that refers to nothing but itself, whoever opens it. */

/** A paint that is looked for elsewhere, or whose letters are written in another way. */
const ELSEWHERE = / (fill|stroke|style|filter)="[^"]*(?:\\|url\((?!#))[^"]*"/gi;

/** `svg` as Vega writes it: what a colour says goes into it as it is. */
export function selfContained(svg: string): string {
  return svg.replace(ELSEWHERE, ' $1="none"');
}
