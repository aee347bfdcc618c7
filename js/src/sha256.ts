/** `crypto.subtle` is missing where Jupyter is served without TLS. Source: FIPS 180-4. */

const PRIMES = Array.from({ length: 312 }, (_, n) => n).filter(
  (n) => n > 1 && !Array.from({ length: 16 }, (_, d) => d + 2).some((d) => d < n && n % d === 0),
);
const fraction = (root: number) => ((root % 1) * 2 ** 32) | 0;
const ROUNDS = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

/** Of `bytes`, in hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  const hash = Int32Array.from(START);
  const message = padded(bytes);
  const words = new Int32Array(64);
  for (let at = 0; at < message.byteLength; at += 64) {
    for (let n = 0; n < 16; n++) words[n] = message.getInt32(at + n * 4);
    mix(hash, words);
  }
  return Array.from(hash, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

function padded(bytes: Uint8Array): DataView {
  const message = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  message.set(bytes);
  message[bytes.length] = 0x80;
  const view = new DataView(message.buffer);
  view.setUint32(message.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(message.length - 4, bytes.length << 3);
  return view;
}

const turn = (word: number, n: number) => (word >>> n) | (word << (32 - n));

function mix(hash: Int32Array, w: Int32Array): void {
  const word = (n: number) => w[n] as number;
  for (let n = 16; n < 64; n++) {
    const [a, b] = [word(n - 15), word(n - 2)];
    const low = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    w[n] = word(n - 16) + low + word(n - 7) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = hash as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let n = 0; n < 64; n++) {
    const chosen = (e & f) ^ (~e & g);
    const more =
      (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + chosen + (ROUNDS[n] as number) + word(n)) | 0;
    const most = (a & b) ^ (a & c) ^ (b & c);
    const next = (more + (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + most) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + more) | 0, c, b, a, next];
  }
  [a, b, c, d, e, f, g, h].forEach((value, n) => {
    hash[n] = (hash[n] as number) + value;
  });
}
