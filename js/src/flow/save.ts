/** A picture of a diagram as a file. */

import { h } from "../dom";
import type { Branch } from "../nodes";
import { build } from "./svg";

const DENSITY = 2;
const MAX_SIDE = 8_000; // what browsers still paint
const FORGET_MS = 1_000;

export function saveSvg(picture: Branch, name: string): void {
  save(new Blob([sourceOf(picture)], { type: "image/svg+xml" }), `${fileName(name)}.svg`);
}

/** Raises where the page's rules allow no picture made of what it has drawn. */
export async function savePng(picture: Branch, name: string): Promise<void> {
  const address = URL.createObjectURL(new Blob([sourceOf(picture)], { type: "image/svg+xml" }));
  try {
    const image = h("img", { src: address });
    await image.decode();
    save(await painted(image), `${fileName(name)}.png`);
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function painted(image: HTMLImageElement): Promise<Blob> {
  const scale = Math.min(DENSITY, MAX_SIDE / Math.max(image.width, image.height));
  const canvas = h("canvas", {
    width: String(Math.ceil(image.width * scale)),
    height: String(Math.ceil(image.height * scale)),
  });
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
  if (!blob) throw new Error("the canvas is empty");
  return blob;
}

function sourceOf(picture: Branch): string {
  return new XMLSerializer().serializeToString(build(picture));
}

function save(blob: Blob, download: string): void {
  const href = URL.createObjectURL(blob);
  h("a", { href, download }).click();
  setTimeout(() => URL.revokeObjectURL(href), FORGET_MS);
}

function fileName(title: string): string {
  return (
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 60) || "flow"
  );
}
