/** Small pictures and sounds that are computed, so that recordings need no files of anyone's. */
import { crc32, deflateSync } from "node:zlib";

function chunk(type, content) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(content.length);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return whole;
}

/** A PNG in base64; `paint(x, y)` with both from 0 to 1 gives a colour: three numbers from 0 to 255. */
export function png(width, height, paint) {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows.set(paint(x / width, y / height), y * (1 + width * 3) + 1 + x * 3);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8); // eight bits of red, green and blue each
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const content = [chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([signature, ...content]).toString("base64");
}

/** From dark blue over green to yellow, in steps: flat areas take few bytes. */
export function heat(value, steps = 14) {
  const t = Math.round(Math.min(1, Math.max(0, value)) * steps) / steps;
  const mix = (a, b, c) => Math.round(t < 0.5 ? a + (b - a) * 2 * t : b + (c - b) * (2 * t - 1));
  return [mix(38, 34, 250), mix(34, 140, 222), mix(96, 130, 60)];
}

/** A tone as WAV in base64. */
export function tone(hertz, seconds) {
  const rate = 8_000;
  const samples = Buffer.alloc(rate * seconds);
  for (let n = 0; n < samples.length; n++) samples[n] = 128 + 90 * Math.sin((2 * Math.PI * hertz * n) / rate);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]).toString("base64");
}
