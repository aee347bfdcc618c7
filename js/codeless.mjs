/** Libraries that make code of text are bundled without that: a page may forbid it, and nothing an agent says may become code. */
import { readFile } from "node:fs/promises";

/** Which file of which package, what stands there, and what takes its place. */
const CODELESS = [
  {
    // Every expression goes to the interpreter that the view is given; nothing calls these.
    filter: /[\\/]vega-runtime[\\/].*\.m?js$/,
    made: /\bFunction\(/g,
    instead: "refuseCode(",
    more: '\nfunction refuseCode() { throw new Error("no code is made of text here"); }',
  },
  {
    filter: /[\\/]d3-dsv[\\/].*dsv\.m?js$/,
    made: /return new Function\([\s\S]*?"\}"\);/g,
    instead: 'return (row) => Object.fromEntries(columns.map((name, at) => [name, row[at] || ""]));',
    more: "",
  },
];

export const codeless = {
  name: "codeless",
  setup(build) {
    for (const { filter, made, instead, more } of CODELESS)
      build.onLoad({ filter }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        if (!made.test(text)) return undefined;
        return { contents: text.replaceAll(made, instead) + more, loader: "js" };
      });
  },
};
