/** A drawing as a file, for chunks that draw. */

import { h } from "./dom";
import { save } from "./save";

/** A picture that is pasted into slides should not be coarse, nor more than a browser still paints. */
const DENSITY = 2;
const MAX_SIDE = 8_000;
const MAX_NAME = 60;

export function saveSvg(svg: SVGSVGElement, name: string): void {
  save(fileOf(svg), `${fileName(name)}.svg`);
}

/** On `paper` if it brings none of its own. Rejects where the page's rules allow no picture made of what it has drawn. */
export async function savePng(svg: SVGSVGElement, name: string, paper = "transparent"): Promise<void> {
  const { width, height } = svg.viewBox.baseVal;
  const density = Math.min(DENSITY, MAX_SIDE / Math.max(width, height));
  const address = URL.createObjectURL(fileOf(svg));
  try {
    const image = h("img", { src: address });
    await image.decode();
    const canvas = onPaper(image, Math.ceil(width * density), Math.ceil(height * density), paper);
    await saveCanvas(canvas, fileName(name));
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** What is drawn on nothing, on paper: a picture is looked at elsewhere. Above it may be room. */
export function onPaper(
  drawn: CanvasImageSource,
  width: number,
  height: number,
  paper: string,
  top = 0,
): HTMLCanvasElement {
  const canvas = h("canvas", { width: String(width), height: String(height) });
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser paints nothing");
  context.fillStyle = paper;
  context.fillRect(0, 0, width, height);
  context.drawImage(drawn, 0, top, width, height - top);
  return canvas;
}

export async function saveCanvas(canvas: HTMLCanvasElement, name: string): Promise<void> {
  save(await pngOf(canvas), `${name}.png`);
}

/** The canvas as the address of a PNG that needs no file. It is packed while the page does other things. */
export async function addressOf(canvas: HTMLCanvasElement): Promise<string> {
  const png = await pngOf(canvas);
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(png);
  });
}

async function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
  if (!blob) throw new Error("the canvas is empty");
  return blob;
}

/** A file of its own has no page to take its letters from. */
function fileOf(svg: SVGSVGElement): Blob {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const { fontFamily } = getComputedStyle(svg);
  if (fontFamily) copy.setAttribute("font-family", fontFamily);
  return new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
}

function fileName(name: string): string {
  const words = name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
  return words.replace(/^-|-$/g, "").slice(0, MAX_NAME) || "diagram";
}
