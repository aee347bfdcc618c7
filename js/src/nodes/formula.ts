import { h, setAttribute, setHidden, setText } from "../dom";
import type { DrawerModule } from "../drawer";
import { literal, unturned } from "../format";
import type { Lazy } from "../lazy";
import { attributeOf, type Branch, isBranch, plainText } from "../nodes";
import type { Rich } from "../rich";
import { frame } from "../scheduler";
import { addSheet } from "../sheets";
import { Turns } from "../turns";
import type { Scene } from "./scene";
import { forgetSight, watchSight } from "./sight";
import type { NodeView } from "./view";

/** A formula that is being written is wrong most of the time: only one that rests this long is said to be. */
const REST_MS = 1000;

/** Answers have hundreds of them: a few in each frame. */
const turns = new Turns();

/** A formula: its TeX, until it is drawn. While it changes, its last good drawing stays. */
export class Formula implements NodeView {
  readonly dom = h("span", { class: "math", role: "math", dir: "ltr" });
  node: unknown;
  readonly #rich: Rich | undefined;
  readonly #say: (text: string) => void;
  readonly #source = document.createTextNode("");
  readonly #life = new AbortController();
  /** Ends the drawing that is being made. */
  #making = new AbortController();
  #drawn: HTMLElement | undefined;
  #drawer: Lazy<DrawerModule> | undefined;
  #tex: string | undefined;
  #isDisplay = false;
  #isStale = false;
  #isSeen = false;

  constructor(_node: Branch, { rich, say }: Scene) {
    this.#rich = rich;
    this.#say = say;
    this.dom.append(this.#source);
    if (rich && !watchSight(this.dom, this.#see)) frame.write(() => this.#see(true));
  }

  sync(node: unknown, scene: Scene): boolean {
    if (!isBranch(node) || node.t !== "math") return false;
    this.node = node;
    const tex = unturned(plainText(node));
    const isDisplay = attributeOf(node, "display") === true;
    if (tex === this.#tex && isDisplay === this.#isDisplay) return true;
    scene.left -= Math.max(0, tex.length - (this.#tex ?? "").length);
    this.#tex = tex;
    this.#isDisplay = isDisplay;
    this.#renew();
    return true;
  }

  get end(): Element | undefined {
    return this.#drawn ? undefined : this.dom;
  }

  destroy(): void {
    forgetSight(this.dom);
    this.#life.abort();
    this.#making.abort();
  }

  readonly #see = (isSeen: boolean): void => {
    this.#isSeen = isSeen;
    this.#go();
  };

  #renew(): void {
    this.#making.abort();
    this.#isStale = true;
    setAttribute(this.dom, "data-display", this.#isDisplay);
    this.#blame("");
    setText(this.#source, this.#tex ?? "");
    this.#go();
  }

  #go(): void {
    if (!this.#isSeen || !this.#isStale || !this.#rich || this.#life.signal.aborted) return;
    const module = this.#await(this.#rich);
    if (!module) return;
    this.#isStale = false;
    const making = new AbortController();
    this.#making = making;
    turns.take(async () => {
      if (!making.signal.aborted) this.#draw(module, this.#rich as Rich, making.signal);
    });
  }

  #await(rich: Rich): DrawerModule | undefined {
    if (!this.#drawer) {
      this.#drawer = rich.drawer("math");
      this.#drawer?.changed.add(() => this.#go(), this.#life.signal);
    }
    if (!this.#drawer?.hasFailed) this.#drawer?.load();
    return this.#drawer?.module;
  }

  async #draw(module: DrawerModule, rich: Rich, signal: AbortSignal): Promise<void> {
    const place = h("span", { class: "formula", hidden: true });
    const source = { kind: this.#isDisplay ? "math-display" : "math", text: this.#tex as string };
    const { asset, module: load } = rich;
    const scheme = "light"; // its colours are those of the words around it
    const stage = { place, scheme, signal, asset, module: load, say: this.#say, act: () => {} } as const;
    addSheet(this.dom.getRootNode() as ShadowRoot, module.css);
    this.dom.append(place);
    try {
      await module.draw(source, stage);
      if (signal.aborted) place.remove();
      else this.#show(place);
    } catch (error) {
      place.remove();
      setTimeout(() => !signal.aborted && this.#fail(error as Error), REST_MS);
    }
  }

  /** Its drawing in the place of its TeX, or the other way round. */
  #show(place: HTMLElement | undefined): void {
    this.#drawn = place;
    if (place) setHidden(place, false);
    this.dom.replaceChildren(place ?? this.#source);
    setAttribute(this.dom, "data-drawn", place !== undefined);
    putAttribute(this.dom, "role", place ? "" : "math"); // what is drawn brings its own
  }

  #fail({ message }: Error): void {
    this.#show(undefined);
    this.#blame(literal(message));
  }

  /** Why it is not drawn: for who points at it, and for who has it read out. */
  #blame(message: string): void {
    setAttribute(this.dom, "data-failed", message !== "");
    putAttribute(this.dom, "title", message);
  }
}

/** An empty value takes it away. */
function putAttribute(element: Element, name: string, value: string): void {
  if (value) setAttribute(element, name, value);
  else element.removeAttribute(name);
}
