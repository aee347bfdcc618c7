import { h, setAttribute, setHidden, setText } from "../../dom";
import { shown } from "../functions";
import { isObject } from "../json";
import { button, type Children, el, newId, View } from "../part";

interface Tab {
  readonly button: HTMLButtonElement;
  readonly panel: HTMLElement;
  readonly children: Children;
}

/** Where a key leads among `count` tabs. */
const KEYS = new Map<string, (at: number, count: number) => number>([
  ["ArrowRight", (at, count) => (at + 1) % count],
  ["ArrowLeft", (at, count) => (at + count - 1) % count],
  ["Home", () => 0],
  ["End", (_, count) => count - 1],
]);

export class Tabs extends View {
  readonly #bar = h("div", { class: "a2-tabs", role: "tablist" });
  readonly element = el("div", "column", this.#bar);
  readonly #tabs: Tab[] = [];
  #current = 0;

  override get target(): HTMLElement {
    return this.#bar;
  }

  override start(): void {
    this.#bar.onkeydown = (event) => {
      const step = KEYS.get(event.key);
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.#choose(step(this.#current, this.#tabs.length));
      this.#tabs[this.#current]?.button.focus();
    };
  }

  /** A panel is built when it is first looked at, and then kept. */
  update(): void {
    const given = this.list("tabs").filter(isObject);
    while (this.#tabs.length < given.length) this.#add(this.#tabs.length);
    for (const { button, panel, children } of this.#tabs.splice(given.length)) {
      children.sync([]);
      button.remove();
      panel.remove();
    }
    this.#current = Math.max(Math.min(this.#current, given.length - 1), 0);
    for (const [at, { button, panel, children }] of this.#tabs.entries()) {
      const isCurrent = at === this.#current;
      setText(button, shown(given[at]?.title));
      setAttribute(button, "aria-selected", String(isCurrent));
      button.tabIndex = isCurrent ? 0 : -1;
      setHidden(panel, !isCurrent);
      if (isCurrent || panel.firstChild) children.sync([given[at]?.child]);
    }
  }

  #add(at: number): void {
    const id = newId();
    const made = button("tab");
    const panel = h("div", { role: "tabpanel", id: `${id}-panel`, "aria-labelledby": id, tabindex: "0" });
    for (const [name, value] of [
      ["role", "tab"],
      ["id", id],
      ["aria-controls", panel.id],
    ] as const)
      setAttribute(made, name, value);
    made.onclick = () => this.#choose(at);
    this.#bar.append(made);
    this.element.append(panel);
    this.#tabs.push({ button: made, panel, children: this.holds(panel) });
  }

  #choose(at: number): void {
    this.#current = at;
    this.update();
  }
}
