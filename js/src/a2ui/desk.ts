/** The interfaces of one conversation, however many views show them: what is entered in one is seen in all. */

import type { Intent } from "../connection";
import type { PartOf } from "../envelope";
import { Keyed } from "../keyed";
import { linkTo } from "../nodes/allow";
import { type Edits, Engine } from "./engine";
import { isObject, type Props } from "./json";
import type { Problem } from "./message";
import type { Outcome } from "./part";
import { PartView } from "./part-view";
import { Scheme } from "./scheme";
import { messagesOf } from "./specs";
import type { Surface } from "./surface";

export type SurfacePart = PartOf<"surface">;

/** A part, and the message that it stands in. */
export interface Said {
  readonly messageId: string;
  readonly part: SurfacePart;
}

export interface Host {
  /** To the kernel. False: nobody is there to take it. */
  send(intent: Intent): boolean;
}

/** What shows the parts of one lane. */
export interface Body {
  sync(parts: readonly SurfacePart[]): void;
  destroy(): void;
}

const EDITS_MS = 300;
const MAX_EDITS = 60_000;

export class Desk {
  readonly #host: Host;
  readonly #sheets = new Map<string, Sheet>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Bring every part to what it says now; if that is all there are, the others are gone. */
  take(said: readonly Said[], isAll: boolean): void {
    for (const { messageId, part } of said) {
      const sheet = this.#sheets.get(part.key) ?? new Sheet(part.key, this.#host, this.tellSoon);
      this.#sheets.set(part.key, sheet);
      sheet.take(messageId, part);
    }
    const keys = new Set(said.map(({ part }) => part.key));
    if (isAll) for (const key of this.#sheets.keys()) if (!keys.has(key)) this.#sheets.delete(key);
    this.tellSoon();
  }

  body(into: HTMLElement, say: (text: string) => void): Body {
    const views = new Keyed<SurfacePart>(
      into,
      ({ key }) => key,
      ({ key }) =>
        new PartView(
          () => this.#surfacesOf(key),
          () => this.#problemsOf(key),
          { say, press: (run) => this.#press(key, run) },
        ),
    );
    const isShown = ({ key, value }: SurfacePart) =>
      isObject(value.status) || this.#surfacesOf(key).length + this.#problemsOf(key).length > 0;
    const scheme = new Scheme(into);
    return {
      sync: (parts) => {
        views.sync(parts.filter(isShown));
        scheme.follow();
      },
      destroy: () => {
        views.destroy();
        scheme.leave();
      },
    };
  }

  /** Also while the user goes on entering: at most this often. */
  readonly tellSoon = (): void => {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const sheet of this.#sheets.values()) sheet.tell();
    }, EDITS_MS);
  };

  close(): void {
    clearTimeout(this.#timer);
  }

  #surfacesOf(key: string): Surface[] {
    return [...(this.#sheets.get(key)?.engine.surfaces.values() ?? [])];
  }

  #problemsOf(key: string): readonly Problem[] {
    const sheet = this.#sheets.get(key);
    return sheet?.makes ? sheet.engine.problems : [];
  }

  #press(key: string, run: () => void): Outcome {
    const sheet = this.#sheets.get(key);
    sheet?.tell(); // what was entered is there before what is done with it
    return sheet?.press(run);
  }
}

/**
 * One part, with an engine of its own: an agent that uses the same name for a surface twice makes two of them, one in each part.
 */
class Sheet {
  readonly engine: Engine;
  readonly #key: string;
  readonly #host: Host;
  /** What the kernel knows of the edits of each surface. */
  readonly #known = new Map<string, string>();
  #messageId = "";
  #taken: { operations: unknown; length: number } | undefined;
  #outcome: Outcome;

  constructor(key: string, host: Host, edited: () => void) {
    this.#key = key;
    this.#host = host;
    this.engine = new Engine({
      locale: document.documentElement.lang || undefined,
      onMessage: (message, model) => this.#send(message, model),
      onEdit: edited,
      openUrl: open,
      hasUserActivation,
    });
  }

  /** What was entered is entered again when the part is new here, and never after: the user may be typing. */
  take(messageId: string, { value }: SurfacePart): void {
    const isNew = this.#taken === undefined;
    const operations = "spec" in value ? messagesOf(value.spec, this.#key) : value.operations;
    const { length } = operations;
    this.#messageId = messageId;
    if (value.operations !== this.#taken?.operations || length !== this.#taken.length) {
      this.#taken = { operations: value.operations, length };
      this.engine.applySnapshot(this.#key, operations);
    }
    if (isNew && isObject(value.edits)) this.#restore(value.edits as Edits);
  }

  /** Let the kernel keep what was entered and is not kept yet. */
  tell(): void {
    for (const surface of this.engine.surfaces.values()) {
      const written = JSON.stringify(surface.edits());
      if (written === (this.#known.get(surface.id) ?? "[]") || written.length > MAX_EDITS) continue;
      const where = { message_id: this.#messageId, part: this.#key, surface: surface.id };
      const isTaken = this.#host.send({ t: "edit", ...where, edits: JSON.parse(written) });
      if (isTaken) this.#known.set(surface.id, written);
    }
  }

  /** Something is to be seen: more than that something else goes. */
  get makes(): boolean {
    const { operations } = this.#taken ?? {};
    return Array.isArray(operations) && operations.some((one) => !isObject(one) || !("deleteSurface" in one));
  }

  press(run: () => void): Outcome {
    this.#outcome = undefined;
    run();
    return this.#outcome;
  }

  #restore(given: Edits): void {
    const lists = Object.entries(given).filter(([, edits]) => Array.isArray(edits) && edits.every(isObject));
    for (const [id, edits] of lists) this.#known.set(id, JSON.stringify(edits));
    this.engine.restore(Object.fromEntries(lists));
  }

  #send(message: Props, model: Props | undefined): void {
    const isTaken = this.#host.send({ t: "action", message, ...(model && { model }), part: this.#key });
    this.#outcome = isTaken ? "sent" : "refused";
  }
}

function hasUserActivation(): boolean {
  return navigator.userActivation?.isActive ?? false;
}

/** Where a link might lead, and only when the user has just done something. */
function open(url: string): void {
  const target = linkTo(url);
  if (target && hasUserActivation()) window.open(target.href, "_blank", "noopener,noreferrer");
}
