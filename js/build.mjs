/** Builds src/ into ../src/agui_widget/static: `node build.mjs [--watch]`. The same source gives the same bytes. */
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { codeless } from "./codeless.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const STATIC = join(HERE, "../src/agui_widget/static");
const BUNDLE = join(STATIC, "widget.js");
const LIMIT_KB = 120; // every model of a notebook carries the bundle once, uncompressed

/** Everything that a page may ask for later, packed now, so that a kernel only has to send it: NAME.gz. */
const CHUNKS = join(STATIC, "chunks");

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

/** Name, bytes, and bytes gzipped of each chunk. */
const table = new Map();

/** Keeps `bytes` as the chunk `name`; gives what a page must know to ask for it, and to trust what comes. */
async function keep(name, bytes) {
  const zipped = gzipSync(bytes, { level: 9 });
  await writeFile(join(CHUNKS, `${name}.gz`), zipped);
  table.set(name, [bytes.length, zipped.length]);
  return { name, hash: createHash("sha256").update(bytes).digest("hex") };
}

/** `chunk:NAME` is a module, built of src/NAME/chunk.ts; `asset:PATH` is a file of a package. What is imported is `{name, hash}`. */
const chunks = {
  name: "chunks",
  setup(build) {
    build.onResolve({ filter: /^chunk:/ }, ({ path }) => ({ path: path.slice(6), namespace: "chunk" }));
    build.onLoad({ filter: /./, namespace: "chunk" }, async ({ path: name }) => {
      const entryPoints = [join(HERE, `src/${name}/chunk.ts`)];
      const options = {
        ...common,
        entryPoints,
        plugins: [cssAsText, codeless, chunks],
        write: false,
        metafile: true,
      };
      const { outputFiles, metafile } = await esbuild.build(options);
      const reference = await keep(name, outputFiles[0].contents);
      const watchFiles = Object.keys(metafile.inputs).map((file) => join(HERE, file));
      return { contents: `export default ${JSON.stringify(reference)}`, watchFiles };
    });
    build.onResolve({ filter: /^asset:/ }, ({ path }) => ({
      path: join(HERE, "node_modules", path.slice(6)),
      namespace: "asset",
    }));
    build.onLoad({ filter: /./, namespace: "asset" }, async ({ path }) => {
      const reference = await keep(basename(path), await readFile(path));
      return { contents: `export default ${JSON.stringify(reference)}` };
    });
  },
};

const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

function printTable() {
  const names = [...table.keys()].sort();
  for (const name of names) {
    const [raw, zipped] = table.get(name);
    console.log(`${name.padEnd(36)} ${kb(raw).padStart(10)} raw ${kb(zipped).padStart(10)} gzip`);
  }
  const sum = [...table.values()].reduce((total, [, zipped]) => total + zipped, 0);
  console.log(`${names.length} chunks, ${kb(sum)} gzip`);
}

const finish = {
  name: "finish",
  setup(build) {
    build.onStart(async () => {
      table.clear();
      await rm(CHUNKS, { recursive: true, force: true });
      await mkdir(CHUNKS, { recursive: true });
    });
    build.onEnd(async ({ errors }) => {
      if (errors.length) return;
      await copyFile(join(HERE, "src/css/page.css"), join(STATIC, "widget.css"));
      await writeFile(join(STATIC, "chunks.json"), JSON.stringify([...table.keys()].sort()));
      printTable();
      const bundle = await readFile(BUNDLE);
      const zipped = gzipSync(bundle, { level: 9 }).length;
      console.log(`_esm ${kb(bundle.length)} raw, ${kb(zipped)} gzip (limit ${LIMIT_KB} KB raw)`);
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

if (process.argv.includes("--watch")) await (await esbuild.context(options)).watch();
else await esbuild.build(options);
