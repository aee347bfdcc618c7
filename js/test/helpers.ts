import type { AnyModel } from "@anywidget/types";
import { FakeModel } from "../dev/fake-model.js";
import type { Envelope, Kind, LaneName, Payloads } from "../src/envelope";
import widget from "../src/index";

/** A kernel's side of one chat, and its page. */
export class Chat {
  readonly model: FakeModel;
  readonly #widget = widget();
  readonly #life = new AbortController();
  #seq = 0;

  constructor(traits: Record<string, unknown> = {}) {
    this.model = new FakeModel({ title: "Analyst", placeholder: "", height: 0, theme: "auto", ...traits });
    this.#widget.initialize({ ...this.#props(), signal: this.#life.signal });
  }

  /** Show a view, and give its shadow root and its cleanup. */
  render(): { root: ShadowRoot; el: HTMLElement; close: () => void } {
    const el = document.body.appendChild(document.createElement("div"));
    const close = this.#widget.render({ ...this.#props(), el, signal: this.#life.signal });
    const root = el.firstElementChild?.shadowRoot;
    if (!root) throw new Error("render() made no shadow root");
    return { root, el, close };
  }

  end(): void {
    this.#life.abort();
    document.body.replaceChildren();
  }

  envelope<K extends Kind>(
    kind: K,
    message_id: string | null,
    payload: Payloads[K],
    lane: LaneName = "text",
  ): Envelope {
    const seq = ++this.#seq;
    const head = { v: "agui.v1", id: `s:${seq}`, ts: 1000 + seq, stream: "s", corr: "r1", seq };
    return { ...head, kind, message_id, payload, lane } as unknown as Envelope;
  }

  /** Send envelopes and wait until they are drawn. */
  async say(...e: Envelope[]): Promise<void> {
    this.model.receive({ t: "batch", e });
    await drawn();
  }

  get sent(): { t: string; [key: string]: unknown }[] {
    return this.model.sent;
  }

  #props() {
    return { model: this.model as unknown as AnyModel, experimental: {} as never, host: {} as never };
  }
}

export async function drawn(): Promise<void> {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}

export function find<E extends HTMLElement = HTMLElement>(root: ShadowRoot, selector: string): E {
  const element = root.querySelector<E>(selector);
  if (!element) throw new Error(`nothing matches ${selector}`);
  return element;
}

export function press(
  target: HTMLElement,
  key: string,
  more: KeyboardEventInit & { keyCode?: number } = {},
): KeyboardEvent {
  const event = new KeyboardEvent("keydown", {
    key,
    bubbles: true,
    cancelable: true,
    composed: true,
    ...more,
  });
  target.dispatchEvent(event);
  return event;
}

export function type(root: ShadowRoot, text: string): HTMLTextAreaElement {
  const field = find<HTMLTextAreaElement>(root, "[data-composer]");
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return field;
}
