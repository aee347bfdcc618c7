import { h, setHidden, setText } from "../dom";
import type { OutputValue } from "../envelope";
import { literal } from "../format";
import { OUTPUT_STRINGS } from "../strings";
import type { Stage } from "./stage";

/** What is too large to be sent before the reader wants it: how large it is, and a button. */
export class Asked {
  readonly #stage: Stage;
  readonly #take: (mime: string, value: unknown) => void;
  readonly #show = h("button", { type: "button", class: "more" });
  readonly #note = h("span", { class: "out-note", role: "status" });
  readonly element = h("div", { class: "out-asked", hidden: true }, this.#show, this.#note);
  readonly #life = new AbortController();
  #output: OutputValue | undefined;
  #mime: string | undefined;
  #isAsking = false;

  /** `take` is given what the kernel sends. */
  constructor(stage: Stage, take: (mime: string, value: unknown) => void) {
    this.#stage = stage;
    this.#take = take;
    this.#show.addEventListener("click", () => this.#ask());
    stage.rich.linked.add(() => this.#draw(), this.#life.signal);
  }

  /** `mime` is the type of `output` that is worth asking for, if one is. */
  apply(output: OutputValue, mime: string | undefined): void {
    this.#output = output;
    if (mime !== this.#mime) setText(this.#note, "");
    this.#mime = mime;
    this.#draw();
  }

  destroy(): void {
    this.#life.abort();
  }

  #draw(): void {
    const bytes = this.#mime === undefined ? undefined : this.#output?.withheld?.[this.#mime];
    const canAsk = this.#output?.object !== undefined && this.#stage.rich.isLive;
    setHidden(this.element, bytes === undefined);
    setHidden(this.#show, !canAsk);
    setText(this.#show, OUTPUT_STRINGS.show(sizeOf(Number(bytes) || 0)));
    if (!canAsk) setText(this.#note, OUTPUT_STRINGS.notKept(sizeOf(Number(bytes) || 0)));
  }

  async #ask(): Promise<void> {
    const [object, mime] = [this.#output?.object, this.#mime];
    if (this.#isAsking || object === undefined || mime === undefined) return;
    this.#isAsking = true;
    setText(this.#note, OUTPUT_STRINGS.fetching);
    try {
      const { data } = await this.#stage.rich.request<{ data: unknown }>({ t: "output", object, mime });
      setText(this.#note, "");
      if (!this.#life.signal.aborted) this.#take(mime, data);
    } catch (error) {
      setText(this.#note, literal(String((error as Error).message)));
    } finally {
      this.#isAsking = false;
    }
  }
}

const UNITS = ["B", "KB", "MB", "GB"];

/** `3.2 MB`. */
function sizeOf(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const size = bytes / 1024 ** power;
  return `${size.toFixed(size < 10 && power ? 1 : 0)} ${UNITS[power]}`;
}
