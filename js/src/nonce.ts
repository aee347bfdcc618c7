/** A name that nobody else has; `crypto.randomUUID` is missing where Jupyter is served without TLS. */
export function newNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join("");
}
