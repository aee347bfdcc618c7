/** What the pointer is on, in words beside it. */

import { h, setHidden } from "../dom";
import { literal } from "../format";
import { cellText } from "./table";

const OFFSET = 12;
const MAX_LINES = 20;

export class Tip {
  readonly element = h("div", { class: "chart-tip", hidden: true, "aria-hidden": "true" });

  /** As Vega calls it: nothing is shown for a value that is none. */
  readonly show = (_handler: unknown, event: MouseEvent, _item: unknown, value: unknown): void => {
    const isShown = value !== null && value !== undefined && value !== "";
    if (isShown) this.element.replaceChildren(...linesOf(value));
    setHidden(this.element, !isShown);
    if (isShown) this.#place(event);
  };

  /** Beside the pointer, and within what the chart stands in. */
  #place({ clientX, clientY }: MouseEvent): void {
    const room = this.element.parentElement?.getBoundingClientRect();
    if (!room) return;
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const x = clientX - room.left + OFFSET;
    const y = clientY - room.top + OFFSET;
    const left = x + width > room.width ? x - width - 2 * OFFSET : x;
    const top = y + height > room.height ? y - height - 2 * OFFSET : y;
    this.element.style.transform = `translate(${Math.max(0, Math.round(left))}px, ${Math.max(0, Math.round(top))}px)`;
  }
}

function linesOf(value: unknown): HTMLElement[] {
  if (typeof value !== "object" || value === null || value instanceof Date)
    return [h("span", {}, cellText(value))];
  const entries = Object.entries(value).slice(0, MAX_LINES);
  return entries.flatMap(([name, field]) => [
    h("span", { class: "name" }, literal(name)),
    h("span", {}, cellText(field)),
  ]);
}
