/** Every chat evaluates this module anew; the sheet is the page's, one for each document and version of it. */
const SHEETS = Symbol.for("agui.sheets");
type Sheets = WeakMap<Document, Map<string, CSSStyleSheet>>;

/** Have `text` among the style sheets of `root`, once. */
export function addSheet(root: ShadowRoot, text: string): void {
  try {
    const sheet = sheetOf(root.ownerDocument, text);
    if (!root.adoptedStyleSheets.includes(sheet))
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } catch {
    const style = document.createElement("style"); // no constructed sheets here, or none for this document
    style.textContent = text;
    root.prepend(style);
  }
}

function sheetOf(owner: Document, text: string): CSSStyleSheet {
  const page = globalThis as { [SHEETS]?: Sheets };
  page[SHEETS] ??= new WeakMap();
  const versions = page[SHEETS].get(owner) ?? new Map<string, CSSStyleSheet>();
  page[SHEETS].set(owner, versions);
  const sheet = versions.get(text) ?? makeSheet(owner, text);
  versions.set(text, sheet);
  return sheet;
}

function makeSheet(owner: Document, text: string): CSSStyleSheet {
  const { CSSStyleSheet } = owner.defaultView as Window & typeof globalThis;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}
