/** What an output may use of the page around it, and what it gives. The core knows these types alone. */

import type { AnyModel } from "@anywidget/types";
import type { Emitter } from "../emitter";
import type { OutputValue } from "../envelope";
import type { Node } from "../nodes";
import type { Slots } from "../slots";

/** Questions to the kernel about an object that it still has. */
export type Question =
  | { t: "rows"; object: string; start: number; count: number; sort?: [column: string, way: "up" | "down"] }
  | { t: "output"; object: string; mime: string }
  | { t: "bind"; object: string; name?: string };

export interface Stage {
  /** Rejects with an error whose message the reader can be shown. */
  request<T>(question: Question): Promise<T>;
  /** Whether a kernel is there to be asked. */
  readonly isLive: () => boolean;
  /** That may have changed. */
  readonly linked: Emitter<unknown>;
  readonly slots: Slots;
  readonly model: AnyModel;
  /** To the ear of who cannot see it. */
  say(text: string): void;
  tree(element: HTMLElement): { sync(nodes: readonly Node[]): void; destroy(): void };
  drawing(): { readonly element: HTMLElement; show(kind: string, text: string): void; destroy(): void };
}

/** One way to show an output: made once, and brought to what the output is now. */
export interface BodyView {
  readonly element: HTMLElement;
  apply(shown: Shown): void;
  /** What it is called where Python says nothing better. */
  readonly label: string;
  /** How much there is of it: behind the name. */
  readonly extent?: string;
  /** Buttons for the line above it. */
  readonly tools?: readonly HTMLElement[];
  destroy?(): void;
}

/** What a view shows: one of the types of an output. */
export interface Shown {
  readonly mime: string;
  readonly value: unknown;
  readonly output: OutputValue;
}

/** The words that an output always has; they say what it is where nothing else can. */
export function plainText({ data }: OutputValue): string {
  return textOf(data["text/plain"]);
}

/** A value of a MIME type is text, or its lines. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.filter((line) => typeof line === "string").join("") : "";
}
