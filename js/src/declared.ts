interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createHTML(html: string): string },
  ): { createHTML(html: string): string };
}

/** A page that lets no markup in undeclared is told that this is meant: a frame with these rules is where it may be. */
export function declared(html: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  return trustedTypes?.createPolicy("agui-frame", { createHTML: (same) => same }).createHTML(html) ?? html;
}
