/** What the views of one tree share. */
export class Scene {
  /** How many characters may still be built in this frame. */
  left = Number.POSITIVE_INFINITY;
  /** To the ear of who cannot see it. */
  readonly say: (text: string) => void;

  constructor(say: (text: string) => void) {
    this.say = say;
  }
}
