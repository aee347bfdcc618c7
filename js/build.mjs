/** Builds src/ into ../src/agui_widget/static: `node build.mjs [--watch]`. The same source gives the same bytes. */
import { copyFile, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const STATIC = join(HERE, "../src/agui_widget/static");
const BUNDLE = join(STATIC, "widget.js");
const LIMIT_KB = 120; // every model of a notebook carries the bundle once, uncompressed

/** Style sheets are imported as minified text: they end in a constructed sheet, not in the document. */
const cssAsText = {
  name: "css-as-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

const finish = {
  name: "finish",
  setup(build) {
    build.onEnd(async ({ errors }) => {
      if (errors.length) return;
      await copyFile(join(HERE, "src/css/page.css"), join(STATIC, "widget.css"));
      const bundle = await readFile(BUNDLE);
      const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
      console.log(
        `_esm ${kb(bundle.length)} raw, ${kb(gzipSync(bundle, { level: 9 }).length)} gzip (limit ${LIMIT_KB} KB raw)`,
      );
      if (bundle.length > LIMIT_KB * 1024)
        throw new Error(`widget.js is over ${LIMIT_KB} KB: load what is large on demand`);
    });
  },
};

const options = {
  entryPoints: [join(HERE, "src/index.ts")],
  outfile: BUNDLE,
  absWorkingDir: HERE,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  plugins: [cssAsText, finish],
};

await mkdir(STATIC, { recursive: true });
if (process.argv.includes("--watch")) await (await esbuild.context(options)).watch();
else await esbuild.build(options);
