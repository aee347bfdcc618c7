/** What the first bytes of a picture say of it, so that it has its room before it is decoded (twin of image_size.py). */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Head {
  readonly mime: string;
  /** Not known where it stands too far behind. */
  readonly size: Size | undefined;
}

type Read = (view: DataView) => Size | undefined;

/** How each format begins (control characters as dots), and where it keeps its size. */
const FORMATS: readonly (readonly [mime: string, begins: RegExp, read: Read])[] = [
  ["image/png", /^\x89PNG\.{4}/, (view) => pair(view.getUint32(16), view.getUint32(20))],
  ["image/gif", /^GIF8[79]a/, (view) => pair(view.getUint16(6, true), view.getUint16(8, true))],
  ["image/jpeg", /^\xff\xd8\xff/, jpegSize],
  ["image/webp", /^RIFF.{4}WEBP/, webpSize],
];

const BEGINNING = 16;
const SPACE = 0x20;
const DOT = 0x2e;
const APP1 = 0xe1;
const EXIF = 0x45786966;
const LITTLE_ENDIAN = 0x4949;
const ORIENTATION = 0x0112;
const FIRST_ON_ITS_SIDE = 5; // of eight

/** The head of a picture of a format that every browser shows; nothing if the bytes are none. */
export function headOf(bytes: Uint8Array): Head | undefined {
  const beginning = String.fromCharCode(
    ...bytes.subarray(0, BEGINNING).map((byte) => (byte < SPACE ? DOT : byte)),
  );
  const format = FORMATS.find(([, begins]) => begins.test(beginning));
  return format && { mime: format[0], size: measured(format[2], bytes) };
}

function measured(read: Read, { buffer, byteOffset, byteLength }: Uint8Array): Size | undefined {
  try {
    return read(new DataView(buffer, byteOffset, byteLength));
  } catch {
    return undefined; // it ends before that
  }
}

function pair(width: number, height: number): Size | undefined {
  return width > 0 && height > 0 ? { width, height } : undefined;
}

/** Segments, each with its length, until the one that begins a frame (ITU T.81, B.1.1.3). */
function jpegSize(view: DataView): Size | undefined {
  let at = 2;
  let isTurned: boolean | undefined;
  while (view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    const [high, wide] = isTurned ? [at + 7, at + 5] : [at + 5, at + 7];
    if (isFrame) return pair(view.getUint16(wide), view.getUint16(high));
    if (isTurned === undefined && marker === APP1 && view.getUint32(at + 4) === EXIF)
      isTurned = liesOnItsSide(view, at + 10); // of many, the first
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** How a camera was held, as the first of its tables says: browsers show the picture upright (Exif 2.32, 4.6.4). */
function liesOnItsSide(view: DataView, start: number): boolean {
  const isLittle = view.getUint16(start) === LITTLE_ENDIAN;
  const table = start + view.getUint32(start + 4, isLittle);
  const entries = Array.from({ length: view.getUint16(table, isLittle) }, (_, n) => table + 2 + 12 * n);
  const orientation = entries.find((entry) => view.getUint16(entry, isLittle) === ORIENTATION);
  return orientation !== undefined && view.getUint16(orientation + 8, isLittle) >= FIRST_ON_ITS_SIDE;
}

/** Of the three kinds of WebP: lossy, lossless, extended (RFC 9649). */
function webpSize(view: DataView): Size | undefined {
  const kind = view.getUint8(15);
  if (kind === 0x20) return pair(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  if (kind === 0x4c) {
    const bits = view.getUint32(21, true);
    return pair((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1);
  }
  const three = (at: number) => view.getUint16(at, true) + (view.getUint8(at + 2) << 16);
  return pair(three(24) + 1, three(27) + 1);
}
