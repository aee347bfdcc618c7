import { copyIcon } from "./copy-button";
import { h, setAttribute, setHidden, setText } from "./dom";
import { LANE_ORDER, type LaneName } from "./envelope";
import type { Message } from "./fold";
import { literal } from "./format";
import type { KeyedView } from "./keyed";
import { LANES } from "./lanes";
import type { Context, LaneView } from "./lanes/lane";
import { own } from "./own";
import { sourceOf } from "./source";
import { STRINGS } from "./strings";

const MAX_DEPTH = 2;

/** One message on screen, made once. Its lanes are made when they first have something, and stay in the order of the screen. */
export class Shell implements KeyedView<Message> {
  readonly element = h("article", { class: "message" });
  readonly #context: Context;
  readonly #lanes = new Map<LaneName, { view: LaneView; isSealed: boolean }>();
  readonly #actions = h("div", { class: "actions" });
  readonly #marks = new Set<string>();
  #isNamed = false;
  #message: Message;

  constructor(context: Context, message: Message) {
    this.#context = context;
    this.#message = message;
    const copied = () => sourceOf(this.#message);
    this.#actions.append(copyIcon(copied, context.say, STRINGS.copyMessage));
    setAttribute(this.element, "data-role", message.role);
    if (message.parent) this.#indent(message);
    this.apply(message);
  }

  /** Bring `names` to what they are now. */
  apply(message: Message, names: Iterable<LaneName> = LANE_ORDER): void {
    this.#message = message;
    setAttribute(this.element, "data-message", message.id);
    for (const name of names) this.#applyLane(name, message);
    setHidden(this.element, !this.#hasContent());
    const hasWords = this.#lanes.get("text")?.view.element.hasChildNodes() ?? false;
    if (hasWords && !this.#actions.parentElement) this.element.append(this.#actions);
  }

  /** Compared here, not in the document: all messages are marked whenever one comes. */
  mark(name: "data-follows" | "data-past", isMarked: boolean): void {
    if (this.#marks.has(name) === isMarked) return;
    if (isMarked) this.#marks.add(name);
    else this.#marks.delete(name);
    setAttribute(this.element, name, isMarked);
  }

  /** More may come. */
  get isOpen(): boolean {
    return [...this.#lanes.values()].some(({ isSealed }) => !isSealed);
  }

  destroy(): void {
    for (const { view } of this.#lanes.values()) view.destroy();
  }

  /** A subagent speaks: its messages stand to the right of who started it, the first under its name. */
  #indent(message: Message): void {
    this.element.style.setProperty("--depth", String(this.#context.store.depthOf(message, MAX_DEPTH)));
    setAttribute(this.element, "data-nested", true);
    if (!message.name) return;
    const name = h("h4", { class: "subagent" });
    setText(name, literal(message.name));
    this.element.prepend(name);
    this.#isNamed = true;
  }

  #applyLane(name: LaneName, message: Message): void {
    const lane = message.lanes[name];
    const mounted = this.#lanes.get(name) ?? (lane && this.#mount(name));
    if (!mounted) return;
    const { view } = mounted;
    view.apply(lane ?? { parts: [], sealed: true });
    if (mounted.isSealed || !lane || !(lane.sealed || !this.#context.store.isLive(message))) return;
    mounted.isSealed = true;
    view.seal(lane);
  }

  #mount(name: LaneName): { view: LaneView; isSealed: boolean } | undefined {
    const Lane = own(LANES, name);
    if (!Lane) return undefined;
    const mounted = { view: new Lane(this.#context), isSealed: false };
    mounted.view.element.dataset.lane = name;
    this.#lanes.set(name, mounted);
    this.element.insertBefore(mounted.view.element, this.#elementAfter(name));
    return mounted;
  }

  #elementAfter(name: LaneName): HTMLElement | null {
    const later = LANE_ORDER.slice(LANE_ORDER.indexOf(name) + 1).find((other) => this.#lanes.has(other));
    const element = later && this.#lanes.get(later)?.view.element;
    return element ?? (this.#actions.parentElement === this.element ? this.#actions : null);
  }

  #hasContent(): boolean {
    return this.#isNamed || [...this.#lanes.values()].some(({ view }) => view.element.hasChildNodes());
  }
}
