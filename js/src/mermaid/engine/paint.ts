/** Colours as a drawing has them, brought to what a node tree may say: `#rrggbb` and an opacity. */

export interface Paint {
  readonly colour: string;
  readonly opacity: number;
}

const one = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** Whatever CSS calls a colour, as the browser mixes it. */
export function paintOf(colour: string): Paint | undefined {
  if (colour === "none" || !CSS.supports("color", colour) || !one) return undefined;
  one.clearRect(0, 0, 1, 1);
  one.fillStyle = colour;
  one.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = one.getImageData(0, 0, 1, 1).data;
  return alpha ? { colour: hex(red, green, blue), opacity: alpha / 255 } : undefined;
}

/** The mean of a gradient's colours: what it looks like from afar. */
export function meanPaint(stops: readonly (Paint | undefined)[]): Paint | undefined {
  const paints = stops.filter((stop) => stop !== undefined);
  if (!paints.length) return undefined;
  const mean = (part: (paint: Paint) => number) =>
    paints.reduce((sum, paint) => sum + part(paint), 0) / paints.length;
  const channel = (at: number) => mean(({ colour }) => Number.parseInt(colour.slice(at, at + 2), 16));
  return { colour: hex(channel(1), channel(3), channel(5)), opacity: mean(({ opacity }) => opacity) };
}

function hex(...channels: number[]): string {
  return `#${channels.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
}
