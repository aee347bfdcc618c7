import base from "./css/base.css";
import cards from "./css/cards.css";
import chat from "./css/chat.css";
import citations from "./css/citations.css";
import composer from "./css/composer.css";
import message from "./css/message.css";
import nodes from "./css/nodes.css";
import theme from "./css/theme.css";
import tools from "./css/tools.css";

const TEXT = [theme, base, chat, message, nodes, tools, cards, citations, composer].join("\n");

/** Every chat evaluates this module anew; the sheet is the page's, one for each document and version of it. */
const SHEETS = Symbol.for("agui.sheets");
type Sheets = WeakMap<Document, Map<string, CSSStyleSheet>>;

export function addStyles(root: ShadowRoot, text = TEXT): void {
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
