/** What is copied of an answer has the TeX of its formulas: their glyphs, one after the other, are no formula any more. */

const FORMULA = ".katex-display, .katex:not(.katex-display > .katex)";

/** Chromium has had the first for long; the other one is the standard. */
interface RootWithSelection {
  getSelection?(): Selection | null;
}
interface ComposedSelection {
  getComposedRanges?(options: { shadowRoots: Node[] }): StaticRange[];
}

const prepared = new WeakSet<Node>();

/** From now on, wherever something is copied in `root`. */
export function copyTexIn(root: Node): void {
  if (prepared.has(root)) return;
  prepared.add(root);
  root.addEventListener("copy", () => copyTex(root as ShadowRoot));
}

/** The browser copies what is selected: while it does, that is the same with TeX in it. */
function copyTex(root: ShadowRoot): void {
  const selection = (root as RootWithSelection).getSelection?.() ?? getSelection();
  const range = selection && rangeIn(root, selection);
  const copy = range && withTex(range);
  if (!copy) return;
  root.lastElementChild?.append(copy);
  selection.selectAllChildren(copy);
  setTimeout(() => {
    copy.remove();
    selection.setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  });
}

function rangeIn(root: Node, selection: Selection): StaticRange | undefined {
  const [composed] = (selection as ComposedSelection).getComposedRanges?.({ shadowRoots: [root] }) ?? [];
  return composed ?? (selection.rangeCount ? selection.getRangeAt(0) : undefined);
}

/** What is selected, with every formula that it touches; nothing if there is none. */
function withTex(selected: StaticRange): HTMLElement | undefined {
  const range = document.createRange();
  range.setStart(selected.startContainer, selected.startOffset);
  range.setEnd(selected.endContainer, selected.endOffset);
  const first = formulaAround(range.startContainer);
  const last = formulaAround(range.endContainer);
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  const copy = document.createElement("div");
  copy.className = "nodes unseen";
  copy.append(range.cloneContents());
  const formulas = copy.querySelectorAll(FORMULA);
  for (const formula of formulas) formula.replaceWith(texOf(formula));
  return formulas.length ? copy : undefined;
}

function formulaAround(node: Node): Element | null | undefined {
  return (node instanceof Element ? node : node.parentElement)?.closest(FORMULA);
}

function texOf(formula: Element): string {
  const mark = formula.matches(".katex-display") ? "$$" : "$";
  return mark + (formula.querySelector("annotation")?.textContent ?? "") + mark;
}
