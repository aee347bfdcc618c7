import type { AnyModel } from "@anywidget/types";
import type { Lane } from "../fold";
import type { Language } from "../locale";
import type { Rich } from "../rich";
import type { Ticker } from "../scheduler";
import type { Slots } from "../slots";
import type { Store } from "../store";
import type { Surfaces } from "../surfaces";

/** What a lane may use of its view. */
export interface Context {
  readonly store: Store;
  readonly ticker: Ticker;
  /** What the reader opened or closed by hand, by kind: it holds for the lanes that come later. */
  readonly choices: Map<string, boolean>;
  readonly surfaces: Surfaces;
  readonly rich: Rich;
  /** Places for what others draw. */
  readonly slots: Slots;
  /** The host's side of the widget, and through it the host's own widgets. */
  readonly model: AnyModel;
  /** What the reader speaks. */
  language(): Language;
  /** Have a style sheet beside those of every chat. */
  adopt(css: string): void;
  /** Carry out the action of an error card. */
  act(action: string): void;
  /** To the ear of who cannot see it. */
  say(text: string): void;
}

/**
 * One strip of a message. To construct it is to mount it; its element has children only while there is something to show.
 *
 * `apply` brings the element to what the lane is now, whatever was missed; `seal` follows once, when nothing more will come:
 * the lane was sealed, or its run is over.
 */
export interface LaneView {
  readonly element: HTMLElement;
  apply(lane: Lane): void;
  seal(lane: Lane): void;
  destroy(): void;
}

export type LaneClass = new (context: Context) => LaneView;
