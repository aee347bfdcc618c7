/** What code is made of, by the words of hosts' editors → the colour that it has where a host says none. */
export const CODE_COLOURS: Readonly<Record<string, string>> = {
  keyword: "green",
  string: "red",
  number: "green",
  comment: "teal",
  def: "blue",
  builtin: "green",
  operator: "purple",
  punctuation: "blue",
  variable: "ink",
  attribute: "blue",
  tag: "green",
  meta: "purple",
  error: "red",
};

/** A highlight can have a colour and nothing else: no weight, no slant. A browser without it is given spans, by rules of their own. */
function rulesOf([name, own]: [string, string]): string {
  const colour = `--code-${name}`;
  const host = `var(--jp-mirror-editor-${name}-color, var(--${own}))`;
  return [
    `.chat{${colour}:color-mix(in srgb,${host} 72%,var(--ink))}`,
    `.chat:is([data-theme=light],[data-theme=dark]){${colour}:var(--${own})}`,
    `::highlight(agui-${name}){color:var(${colour})}`,
    `.code-${name}{color:var(${colour})}`,
    `@media(forced-colors:active){.lines{${colour}:CanvasText}}`,
  ].join("");
}

/** Else every highlight would look like a selection. */
const FORCED = "@media(forced-colors:active){.lines{color:CanvasText;forced-color-adjust:none}}";

/** Made of the table: written out, these rules would be 3 KB more in every notebook. */
export const codeColours = Object.entries(CODE_COLOURS).map(rulesOf).join("") + FORCED;
