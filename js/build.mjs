/** Builds src/ into ../src/agui_widget/static: `node build.mjs [--watch]`. The same source gives the same bytes. */
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { codeless } from "./codeless.mjs";
import { licencesOf, packageOf } from "./licences.mjs";

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

/** By name: bytes of each chunk, bytes gzipped, and the line of the printed table that it stands in. */
const table = new Map();
/** Which chunks and files each chunk may ask for. */
const needs = new Map();
/** Everything that is in what was built, by path. */
const bundled = new Set();
/** A chunk that several ask for is built once. */
const built = new Map();

/** By the path of its entry, the files of each graph. */
const files = new Map();

/** A bundle of ours in memory; what is in it is noted. */
async function bundle(options) {
  const made = await esbuild.build({ ...common, write: false, metafile: true, ...options });
  note(made.metafile);
  return made;
}

/** What comes of a file, and not of a plug-in. */
function note({ outputs }) {
  for (const { inputs } of Object.values(outputs))
    for (const [path, { bytesInOutput }] of Object.entries(inputs))
      if (bytesInOutput && !/^[a-z]+:/.test(path)) bundled.add(resolve(HERE, path));
}

/** What a bundle may ask for later, by the names that a page asks by. */
function neededBy({ inputs }) {
  const references = Object.keys(inputs).filter((path) => /^(chunk|asset|graph):/.test(path));
  return references.flatMap((path) => files.get(path.slice(6)) ?? basename(path.slice(6))).sort();
}

async function buildChunk(name) {
  const entryPoints = [join(HERE, `src/${name}/chunk.ts`)];
  const made = await bundle({ entryPoints, plugins: [cssAsText, codeless, chunks, graphs] });
  needs.set(name, neededBy(made.metafile));
  return loaded(await keep(name, made.outputFiles[0].contents), made);
}

/** Keeps `bytes` as the chunk `name`, one of a `group`; gives what a page must know to ask for it, and to trust what comes. */
async function keep(name, bytes, group = name) {
  const zipped = gzipSync(bytes, { level: 9 });
  await writeFile(join(CHUNKS, `${name}.gz`), zipped);
  table.set(name, { name, group, raw: bytes.length, zipped: zipped.length });
  return { name, hash: createHash("sha256").update(bytes).digest("hex") };
}

/** `chunk:NAME` is a module, built of src/NAME/chunk.ts; `asset:PATH` is a file of a package. What is imported is `{name, hash}`. */
const chunks = {
  name: "chunks",
  setup(build) {
    build.onResolve({ filter: /^chunk:/ }, ({ path }) => ({ path: path.slice(6), namespace: "chunk" }));
    build.onLoad({ filter: /./, namespace: "chunk" }, ({ path: name }) => {
      if (!built.has(name)) built.set(name, buildChunk(name));
      return built.get(name);
    });
    build.onResolve({ filter: /^asset:/ }, ({ path }) => ({
      path: join(HERE, "node_modules", path.slice(6)),
      namespace: "asset",
    }));
    build.onLoad({ filter: /./, namespace: "asset" }, async ({ path }) => {
      const reference = await keep(basename(path), await readFile(path), `*${extname(path)}`);
      bundled.add(path);
      return { contents: `export default ${JSON.stringify(reference)}` };
    });
  },
};

/** Under this a file of a graph finds what loads further ones: `src/mermaid/engine/boot.ts`. */
const LOAD = 'globalThis[Symbol.for("agui.load")]';

/** `code` with its imports of the files `names` made for a page that gives each file an address of its own. */
function portable(code, names) {
  const one = (text, name) =>
    text
      .replaceAll(`import("./${name}.js")`, `${LOAD}("${name}")`)
      .replaceAll(`"./${name}.js"`, `"agui:${name}"`);
  return names.reduce(one, code);
}

/** A module as files that import each other, each kept by itself: the manifest of them. They are called after the folder it is in. */
async function keepGraph(entry, { outputFiles, metafile }) {
  const nameOf = (file) => basename(file, ".js");
  const sources = new Map(outputFiles.map(({ path, text }) => [nameOf(path), text]));
  const manifest = { entry: "", files: {} };
  for (const [file, { imports, entryPoint }] of Object.entries(metafile.outputs)) {
    const name = nameOf(file);
    const own = imports.filter(({ external }) => !external);
    const source = portable(
      sources.get(name),
      own.map(({ path }) => nameOf(path)),
    );
    const { hash } = await keep(name, Buffer.from(source), name.replace(/-.*/, "-*"));
    const first = own.filter(({ kind }) => kind === "import-statement").map(({ path }) => nameOf(path));
    manifest.files[name] = { hash, imports: first };
    if (entryPoint && join(HERE, entryPoint) === entry) manifest.entry = name;
  }
  return manifest;
}

/** A module as the text of a `<script>`, and its hash as a policy has it. */
function scriptOf({ outputFiles: [{ text }] }) {
  if (text.includes("</")) throw new Error("the script would end the element that it stands in");
  return { text, hash: `sha256-${createHash("sha256").update(text).digest("base64")}` };
}

/** `graph:PATH` is a module split where it imports on demand, `script:PATH` one for a page of its own; each a path in src/. */
const graphs = {
  name: "graphs",
  setup(build) {
    build.onResolve({ filter: /^(graph|script):/ }, ({ path }) => {
      const [namespace, entry] = path.split(":");
      return { path: join(HERE, `src/${entry}.ts`), namespace };
    });
    build.onLoad({ filter: /./, namespace: "graph" }, async ({ path }) => {
      const names = `${relative(join(HERE, "src"), path).split("/")[0]}-[hash]`;
      const split = { splitting: true, outdir: CHUNKS, entryNames: names, chunkNames: names };
      const made = await bundle({ ...split, entryPoints: [path], external: NEVER });
      const manifest = await keepGraph(path, made);
      files.set(path, Object.keys(manifest.files));
      return loaded(manifest, made);
    });
    build.onLoad({ filter: /./, namespace: "script" }, async ({ path }) => {
      const made = await bundle({ format: "iife", entryPoints: [path] });
      return loaded(scriptOf(made), made);
    });
  },
};

/** What a package would load for what we do not let it do: mermaid's formulas are HTML. */
const NEVER = ["katex"];

/** A module whose default is `value`, made anew when a source of `built` changes. */
function loaded(value, { metafile }) {
  const watchFiles = Object.keys(metafile.inputs).map((file) => join(HERE, file));
  return { contents: `export default ${JSON.stringify(value)}`, watchFiles };
}

const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

/** A line for each group: of the parts of a graph, and of the faces of a font, nobody reads a hundred. */
function printTable() {
  const all = [...table.values()];
  for (const group of [...new Set(all.map(({ group }) => group))].sort()) {
    const files = all.filter((file) => file.group === group);
    printLine(files.length === 1 ? files[0].name : group, files);
  }
  printLine("all", all);
}

function printLine(label, files) {
  const sum = (key) => kb(files.reduce((total, file) => total + file[key], 0)).padStart(10);
  const count = `${files.length} ${files.length === 1 ? "file" : "files"}`.padStart(10);
  console.log(`${label.padEnd(18)} ${count} ${sum("raw")} raw ${sum("zipped")} gzip`);
}

const finish = {
  name: "finish",
  setup(build) {
    build.onStart(async () => {
      for (const each of [table, needs, bundled, built, files]) each.clear();
      await rm(CHUNKS, { recursive: true, force: true });
      await mkdir(CHUNKS, { recursive: true });
    });
    build.onEnd(async ({ errors, metafile }) => {
      if (errors.length) return;
      note(metafile);
      const packages = [...bundled].map(packageOf).filter(Boolean);
      await writeFile(join(STATIC, "THIRD_PARTY_LICENSES.txt"), await licencesOf(packages));
      await copyFile(join(HERE, "src/css/page.css"), join(STATIC, "widget.css"));
      await writeFile(
        join(STATIC, "chunks.json"),
        JSON.stringify(
          Object.fromEntries([...table.keys()].sort().map((name) => [name, needs.get(name) ?? []])),
        ),
      );
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
  metafile: true,
  plugins: [cssAsText, chunks, finish],
};

if (process.argv.includes("--watch")) await (await esbuild.context(options)).watch();
else await esbuild.build(options);
