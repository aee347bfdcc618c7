import { Disclosure } from "../disclosure";
import { h, setText } from "../dom";
import type { Footer, Part, PartOf, Status, TokenUsage } from "../envelope";
import type { Lane } from "../fold";
import { count, duration, literal } from "../format";
import { Keyed, type KeyedView } from "../keyed";
import { STRINGS } from "../strings";
import type { Context, LaneView } from "./lane";
import { PrintedCard } from "./output";

/**
 * What is left when the message is done: prints, notices and the footer.
 *
 * The live line is drawn once for the whole chat (`activity.ts`), in the place where this footer will be.
 */
export class StatusLane implements LaneView {
  readonly #prints = h("div", { class: "prints" });
  readonly #printed = new Keyed<Part>(
    this.#prints,
    ({ key }) => key,
    () => new PrintedCard(),
  );
  readonly #notices = new Notices();
  readonly #foot = h("div", { class: "foot" });
  readonly #again = h("button", { type: "button", class: "again" }, STRINGS.again);
  readonly element = h("div", { class: "lane status" });

  constructor(context: Context) {
    this.#again.addEventListener("click", () => context.act("retry"));
  }

  apply({ parts, status }: Lane): void {
    const prints = parts.filter(({ kind }) => kind === "output");
    const notices = parts.filter((part): part is PartOf<"notice"> => part.kind === "notice");
    const words = status && Object.hasOwn(STRINGS.footer, status.status) ? footerWords(status) : [];
    if (status?.status === "stopped") words.push(this.#again);
    this.#printed.sync(prints);
    this.#notices.apply(notices);
    this.#write(words);
    this.#show(this.#prints, prints.length > 0);
    this.#show(this.#notices.element, notices.length > 0);
    this.#show(this.#foot, words.length > 0);
  }

  seal(): void {}

  destroy(): void {
    this.#printed.destroy();
  }

  #write(words: HTMLElement[]): void {
    const text = words.map(({ textContent }) => textContent).join();
    const shown = [...this.#foot.children].map(({ textContent }) => textContent).join();
    if (text !== shown) this.#foot.replaceChildren(...words);
  }

  /** In this order; a part is in the lane only while it has something to show. */
  #show(element: HTMLElement, isShown: boolean): void {
    if (isShown === (element.parentElement === this.element)) return;
    if (!isShown) {
      element.remove();
      return;
    }
    const order: HTMLElement[] = [this.#prints, this.#notices.element, this.#foot];
    const later = order.slice(order.indexOf(element) + 1);
    this.element.insertBefore(
      element,
      later.find(({ parentElement }) => parentElement === this.element) ?? null,
    );
  }
}

/** All diagnostics behind one line: nobody must read them. */
class Notices {
  readonly #label = h("span");
  readonly #list = h("ul", { class: "notices" });
  readonly #fold = new Disclosure("quiet", (body) => this.#mount(body), this.#label);
  readonly element = h("div", { class: "card" }, this.#fold.button, this.#fold.body);
  #latest: PartOf<"notice">[] = [];
  readonly #items = new Keyed<PartOf<"notice">>(
    this.#list,
    ({ key }) => key,
    () => new Notice(),
  );

  apply(notices: PartOf<"notice">[]): void {
    setText(this.#label, STRINGS.notices(notices.length));
    this.#latest = notices;
    if (this.#list.parentElement) this.#items.sync(notices);
  }

  #mount(body: HTMLElement): void {
    body.append(this.#list);
    this.#items.sync(this.#latest);
  }
}

class Notice implements KeyedView<PartOf<"notice">> {
  readonly #code = h("code");
  readonly #message = h("span", { dir: "auto" });
  readonly element = h("li", {}, this.#code, " ", this.#message);

  apply({ value: { code, message } }: PartOf<"notice">): void {
    setText(this.#code, literal(code));
    setText(this.#message, literal(message));
  }
}

function footerWords({ status, label, duration_ms, usage }: Status): HTMLElement[] {
  const word = STRINGS.footer[status as Footer];
  return [
    h("span", { class: status }, label ?? word),
    h("span", {}, duration_ms == null ? "" : duration(duration_ms)),
    h("span", {}, usage ? usageWords(usage) : ""),
  ].filter(({ textContent }) => textContent);
}

/** A run may have used several models. */
function usageWords(usage: TokenUsage | TokenUsage[]): string {
  const sum = (key: keyof TokenUsage) => [usage].flat().reduce((total, each) => total + (each[key] ?? 0), 0);
  const tokensIn = sum("inputTokens");
  const tokensOut = sum("outputTokens");
  return [tokensIn && STRINGS.tokensIn(count(tokensIn)), tokensOut && STRINGS.tokensOut(count(tokensOut))]
    .filter(Boolean)
    .join(" · ");
}
