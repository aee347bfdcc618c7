/** What an output may use of the page around it, and what it gives. The core knows these types alone. */

import type { AnyModel } from "@anywidget/types";
import type { OutputValue } from "../envelope";
import type { Tree } from "../nodes/view";
import type { Rich } from "../rich";
import type { Slots } from "../slots";

export interface Stage {
  /** What draws, and the way to the kernel. */
  readonly rich: Rich;
  readonly slots: Slots;
  readonly model: AnyModel;
  /** To the ear of who cannot see it. */
  say(text: string): void;
  /** A node tree in `element`. */
  tree(element: HTMLElement): Tree;
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
  /** The theme around it is another one. */
  recolour?(): void;
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

/** More than words. */
export function isRich({ data, object, withheld }: OutputValue): boolean {
  return Boolean(object || withheld || Object.keys(data).some((mime) => mime !== "text/plain"));
}
