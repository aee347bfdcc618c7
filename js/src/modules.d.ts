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

/** A module split into files that load each other, and what a page must know to put them together again. */
declare module "graph:*" {
  const manifest: {
    readonly entry: string;
    readonly files: Readonly<Record<string, { readonly hash: string; readonly imports: readonly string[] }>>;
  };
  export default manifest;
}

/** A module as the text of a `<script>`, and its hash for the policy that lets only this one run. */
declare module "script:*" {
  const script: { readonly text: string; readonly hash: string };
  export default script;
}
