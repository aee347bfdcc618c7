/** Builds src/ into ../src/agui_widget/static: `node build.mjs [--watch]`. The same source gives the same bytes. */
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
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

/** What every bundle of ours is made with. */
const common = {
  absWorkingDir: HERE,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
};

/** `chunk:NAME` is built of src/NAME/chunk.ts into static/NAME.js, and what is imported is its hash. */
const chunks = {
  name: "chunks",
  setup(build) {
    build.onResolve({ filter: /^chunk:/ }, ({ path }) => ({ path: path.slice(6), namespace: "chunk" }));
    build.onLoad({ filter: /./, namespace: "chunk" }, async ({ path: name }) => {
      const entryPoints = [join(HERE, `src/${name}/chunk.ts`)];
      const options = { ...common, entryPoints, plugins: [cssAsText], write: false, metafile: true };
      const { outputFiles, metafile } = await esbuild.build(options);
      const source = outputFiles[0].contents;
      await writeFile(join(STATIC, `${name}.js`), source);
      console.log(sizes(`${name}.js`, source));
      const hash = createHash("sha256").update(source).digest("hex");
      const watchFiles = Object.keys(metafile.inputs).map((file) => join(HERE, file));
      return { contents: `export default "${hash}"`, watchFiles };
    });
  },
};

function sizes(name, source) {
  const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
  return `${name} ${kb(source.length)} raw, ${kb(gzipSync(source, { level: 9 }).length)} gzip`;
}

const finish = {
  name: "finish",
  setup(build) {
    build.onEnd(async ({ errors }) => {
      if (errors.length) return;
      await copyFile(join(HERE, "src/css/page.css"), join(STATIC, "widget.css"));
      const bundle = await readFile(BUNDLE);
      console.log(`${sizes("_esm", bundle)} (limit ${LIMIT_KB} KB raw)`);
      if (bundle.length > LIMIT_KB * 1024)
        throw new Error(`widget.js is over ${LIMIT_KB} KB: load what is large on demand`);
    });
  },
};

const options = {
  ...common,
  entryPoints: [join(HERE, "src/index.ts")],
  outfile: BUNDLE,
  plugins: [cssAsText, chunks, finish],
};

await mkdir(STATIC, { recursive: true });
if (process.argv.includes("--watch")) await (await esbuild.context(options)).watch();
else await esbuild.build(options);
