import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [
    {
      name: "css-as-text", // as build.mjs does it
      enforce: "pre",
      load: (id) =>
        id.endsWith(".css") ? `export default ${JSON.stringify(readFileSync(id, "utf8"))}` : null,
    },
    {
      name: "chunk-hashes", // tests put a chunk of that hash where the page keeps them
      enforce: "pre",
      resolveId: (id) => (/^(chunk|asset):/.test(id) ? `\0${id}` : null),
      load: (id) => {
        const name = id.replace(/^\0(chunk|asset):/, "");
        return name === id ? null : `export default ${JSON.stringify({ name, hash: id.slice(1) })}`;
      },
    },
  ],
  test: { environment: "happy-dom", include: ["test/**/*.test.ts"], testTimeout: 20_000 },
});
