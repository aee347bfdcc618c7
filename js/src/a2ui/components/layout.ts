import { h, setAttribute } from "../../dom";
import { el, say, View } from "../part";

/** What holds a list of children. */
export class Box extends View {
  readonly element: HTMLElement = el("div", this.node.type === "Row" ? "row" : "column");
  readonly #children = this.holds(this.element);

  update(): void {
    this.mark("justify", "align");
    this.#children.sync(this.list("children"), this.node.unshown);
  }
}

export class List extends View {
  readonly element = h("ul", { class: "a2-list", role: "list" });
  readonly #children = this.holds(this.element, "li");

  update(): void {
    this.mark("direction", "align", "listStyle");
    say(this.element, "tabindex", this.get("direction") === "horizontal" && "0"); // what scrolls is reached by keys
    this.#children.sync(this.list("children"), this.node.unshown);
  }
}

export class Card extends View {
  readonly element = el("div", "card");
  readonly #children = this.holds(this.element);

  update(): void {
    this.#children.sync([this.get("child")]);
  }
}

export class Divider extends View {
  readonly element = h("div", { class: "a2-divider", role: "separator" });

  update(): void {
    setAttribute(
      this.element,
      "aria-orientation",
      this.get("axis") === "vertical" ? "vertical" : "horizontal",
    );
  }
}
