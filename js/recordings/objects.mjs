/** Objects as a kernel says them: small pictures, sounds and tables, made here so that no file of anybody's is needed. */
import { deflateSync } from "node:zlib";
import { PRODUCTS, REGIONS, saleAt } from "./sales.js";

export { bars } from "./sales.js";

function chunk(type, body) {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.length);
  head.write(type, 4, "latin1");
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc(Buffer.concat([head.subarray(4), body])));
  return Buffer.concat([head, body, sum]);
}

function crc(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}

const PALETTE = Array.from({ length: 16 }, (_, n) => [68 + n * 11, 20 + n * 14, 120 + (n < 8 ? n * 8 : (15 - n) * 9)]);

/** A heat map: a PNG with a palette. */
export function heatMap(columns = 24, rows = 12, scale = 20) {
  const [width, height] = [columns * scale, rows * scale];
  const pixels = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = [Math.floor(x / scale) / columns, Math.floor(y / scale) / rows];
      pixels[y * (width + 1) + x + 1] = Math.round(7.5 + 7.4 * Math.sin(6 * u + 2 * v) * Math.cos(5 * v - u));
    }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const parts = [chunk("IHDR", head), chunk("PLTE", Buffer.from(PALETTE.flat()))];
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Buffer.concat([signature, ...parts, chunk("IDAT", deflateSync(pixels, { level: 9 })), chunk("IEND", Buffer.alloc(0))]).toString("base64");
}

/** A bell that dies away: a WAV of 8 bits. */
export function bell(hertz = 4000, seconds = 0.4) {
  const length = Math.round(hertz * seconds);
  const head = Buffer.alloc(44);
  head.write("RIFF\0\0\0\0WAVEfmt ", "latin1");
  head.writeUInt32LE(36 + length, 4);
  head.writeUInt32LE(16, 16);
  head.set([1, 0, 1, 0], 20);
  head.writeUInt32LE(hertz, 24);
  head.writeUInt32LE(hertz, 28);
  head.set([1, 0, 8, 0], 32);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(length, 40);
  const samples = Buffer.from(Array.from({ length }, (_, n) => 128 + Math.round(110 * Math.exp((-6 * n) / length) * Math.sin((n * 4.4) / 5))));
  return Buffer.concat([head, samples]).toString("base64");
}

const COLUMNS = [
  ...[["product", "object"], ["region", "category"], ["day", "datetime64[ns]"], ["units", "int64"], ["price", "float64"], ["margin", "float64"], ["returned", "bool"]],
].map(([name, dtype]) => ({ name, dtype }));

export function sales(total, shown = 20) {
  const rows = Array.from({ length: Math.min(total, shown) }, (_, n) => saleAt(n));
  return { columns: COLUMNS, index: [""], rows, total, width: COLUMNS.length };
}

/** Many columns, and an index of two. */
export function wide() {
  const columns = Array.from({ length: 24 }, (_, n) => ({ name: `2026-${String(n + 1).padStart(2, "0")}`, dtype: "float64" }));
  const rows = Array.from({ length: 6 }, (_, n) => [PRODUCTS[n], REGIONS[n % 4], ...columns.map((_, at) => (((n + 3) * (at + 7) * 97) % 1000 / 10).toFixed(1))]);
  return { columns, index: ["product", "region"], rows, total: 6, width: 140 };
}

/** As pandas writes it. */
export function describe() {
  const line = (name, ...cells) => `<tr><th>${name}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  return (
    '<div><style scoped>.dataframe tbody tr th:only-of-type { vertical-align: middle; } .dataframe thead th { text-align: right; }</style>' +
    '<table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th><th>units</th><th>price</th></tr></thead><tbody>' +
    line("count", "1000000.0", "1000000.0") + line("mean", "51.3", "208.7") + line("std", "27.9", "109.9") + line("min", "3.0", "19.9") + line("max", "99.0", "398.9") +
    '</tbody></table><p>See the <a href="https://pandas.pydata.org/docs/">documentation of pandas</a>.</p></div>'
  );
}

/** A chart by its grammar. */
export const MARGINS = {
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  data: { values: PRODUCTS.map((product, n) => ({ product, margin: 12 + ((n * 37) % 29) })) },
  mark: "bar",
  encoding: { x: { field: "product", type: "nominal" }, y: { field: "margin", type: "quantitative" } },
};

/** How an answer came about. */
export const STEPS = {
  direction: "LR",
  nodes: [
    { id: "ask", label: "Question" },
    { id: "load", label: "load_sales", kind: "tool" },
    { id: "plot", label: "plot_margin", kind: "tool" },
    { id: "say", label: "Answer" },
  ],
  edges: [["ask", "load"], ["load", "plot"], ["plot", "say"], ["load", "say"]].map(([from, to]) => ({ from, to })),
};

/** A loss that falls over `steps`. */
export function loss(steps) {
  const rows = Array.from({ length: steps }, (_, n) => [n, ...[0.9, 1.1].map((from) => Number((from * Math.exp(-n / 60) + 0.03 * Math.sin(n * from * 2)).toFixed(4)))]);
  return { title: "Training", x: "step", series: [{ name: "loss" }, { name: "validation" }], rows };
}
