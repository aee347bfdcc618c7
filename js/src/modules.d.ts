/** A part of us that is loaded when it is needed: what it is called, and the hash of what may come. */
declare module "chunk:*" {
  const reference: { readonly name: string; readonly hash: string };
  export default reference;
}

/** A file of a package, loaded in the same way. */
declare module "asset:*" {
  const reference: { readonly name: string; readonly hash: string };
  export default reference;
}

declare module "*.css" {
  const text: string;
  export default text;
}
