/** What KaTeX exports beside what its types say. */
import "katex";

declare module "katex" {
  export const __domTree: { PathNode: { prototype: { toNode(this: { alternate?: string }): Node } } };
}
