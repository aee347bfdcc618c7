/** A drawing as a file. */

import { h } from "../dom";
import type { Scheme } from "../drawer";

/** A picture that is pasted into slides should not be coarse, nor more than a canvas can hold. */
const SCALE = 2;
const MAX_SIDE = 8_000;
const PAPER: Record<Scheme, string> = { light: "#ffffff", dark: "#1a1a1a" };

export function saveSvg(svg: SVGSVGElement, name: string): void {
  save(new Blob([sourceOf(svg)], { type: "image/svg+xml" }), `${fileName(name)}.svg`);
}

export async function savePng(svg: SVGSVGElement, name: string, scheme: Scheme): Promise<void> {
  const { width, height } = svg.viewBox.baseVal;
  const scale = Math.min(SCALE, MAX_SIDE / width, MAX_SIDE / height);
  const canvas = h("canvas");
  canvas.width = Math.ceil(width * scale);
  canvas.height = Math.ceil(height * scale);
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = PAPER[scheme];
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(await imageOf(svg), 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => blob && save(blob, `${fileName(name)}.png`));
}

/** A file of its own has no page to take its letters from. */
function sourceOf(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const { fontFamily } = getComputedStyle(svg);
  copy.setAttribute("font-family", fontFamily);
  return new XMLSerializer().serializeToString(copy);
}

async function imageOf(svg: SVGSVGElement): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(sourceOf(svg))}`;
  await image.decode();
  return image;
}

function save(blob: Blob, download: string): void {
  const href = URL.createObjectURL(blob);
  h("a", { href, download }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

function fileName(label: string): string {
  return (
    label
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 60) || "diagram"
  );
}
