import a2ui from "./css/a2ui.css";
import base from "./css/base.css";
import cards from "./css/cards.css";
import chat from "./css/chat.css";
import citations from "./css/citations.css";
import composer from "./css/composer.css";
import message from "./css/message.css";
import nodes from "./css/nodes.css";
import theme from "./css/theme.css";
import tools from "./css/tools.css";

const TEXT = [theme, base, chat, message, nodes, tools, cards, citations, composer, a2ui].join("\n");

/** Every chat evaluates this module anew; the sheet is the page's, one for each document and version of it. */
const SHEETS = Symbol.for("agui.sheets");
type Sheets = WeakMap<Document, Map<string, CSSStyleSheet>>;

export function addStyles(root: ShadowRoot): void {
  try {
    root.adoptedStyleSheets = [sheetOf(root.ownerDocument)];
  } catch {
    const style = document.createElement("style"); // no constructed sheets here, or none for this document
    style.textContent = TEXT;
    root.prepend(style);
  }
}

function sheetOf(owner: Document): CSSStyleSheet {
  const page = globalThis as { [SHEETS]?: Sheets };
  page[SHEETS] ??= new WeakMap();
  const versions = page[SHEETS].get(owner) ?? new Map<string, CSSStyleSheet>();
  page[SHEETS].set(owner, versions);
  const sheet = versions.get(TEXT) ?? makeSheet(owner);
  versions.set(TEXT, sheet);
  return sheet;
}

function makeSheet(owner: Document): CSSStyleSheet {
  const { CSSStyleSheet } = owner.defaultView as Window & typeof globalThis;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(TEXT);
  return sheet;
}
