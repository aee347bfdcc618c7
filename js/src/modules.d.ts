/** The hash of a chunk that is built with the core. */
declare module "chunk:*" {
  const hash: string;
  export default hash;
}

declare module "*.css" {
  const text: string;
  export default text;
}
