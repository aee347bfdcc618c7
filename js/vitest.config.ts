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
  ],
  test: { environment: "happy-dom", include: ["test/**/*.test.ts"], testTimeout: 5000 },
});
