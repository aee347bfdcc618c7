import type { Rich } from "../rich";

/** What the views of one tree share. */
export class Scene {
  /** How many characters may still be built in this frame. */
  left = Number.POSITIVE_INFINITY;
  /** To the ear of who cannot see it. */
  readonly say: (text: string) => void;

  /** What draws; without it every source is shown as it is. */
  readonly rich: Rich | undefined;

  constructor(say: (text: string) => void, rich?: Rich) {
    this.say = say;
    this.rich = rich;
  }
}
