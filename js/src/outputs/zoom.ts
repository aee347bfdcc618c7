/** How near the reader looks at a picture, and at which part of it. */

const STEP = 1.4;
const MOST = 8;

export class Zoom {
  scale = 1;
  x = 0;
  y = 0;

  get isIn(): boolean {
    return this.scale > 1;
  }

  /** The middle of what is seen stays where it is. */
  by(factor: number): void {
    const scale = Math.min(MOST, Math.max(1, this.scale * factor));
    const ratio = scale / this.scale;
    this.scale = scale > 1.001 ? scale : 1;
    [this.x, this.y] = this.isIn ? [this.x * ratio, this.y * ratio] : [0, 0];
  }

  in(): void {
    this.by(STEP);
  }

  out(): void {
    this.by(1 / STEP);
  }

  reset(): void {
    [this.scale, this.x, this.y] = [1, 0, 0];
  }

  /** Not further than to the edge of the picture, which is `width` by `height` where it is not enlarged. */
  pan(dx: number, dy: number, width: number, height: number): void {
    const [mostX, mostY] = [(width * (this.scale - 1)) / 2, (height * (this.scale - 1)) / 2];
    this.x = Math.min(mostX, Math.max(-mostX, this.x + dx));
    this.y = Math.min(mostY, Math.max(-mostY, this.y + dy));
  }

  get transform(): string {
    return this.isIn ? `translate(${this.x}px, ${this.y}px) scale(${this.scale})` : "";
  }
}
