/** Prints what the engine makes of a file of A2UI messages: `npm --prefix js run -s a2ui -- FILE [--each]`. */
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const USAGE = "usage: a2ui FILE [--each]   --each: a line after every message, not only at the end";

const [file, ...rest] = process.argv.slice(2).filter((arg) => arg !== "--each");
if (!file || rest.length) fail(USAGE);
const { Engine, dump, messagesOf } = await load("src/a2ui/dump.ts");
const text = await read(resolve(process.env.INIT_CWD ?? ".", file));
const messages = messagesOf(text);
// Lines that are no JSON stay texts. Where already the first is one, it is a document that was cut, or something else.
if (!text.trim() || typeof messages[0] === "string") fail(`${file}: no JSON in it`);

// Nobody answers calls here, so nobody waits for answers.
const engine = new Engine({ locale: "en-US", timer: () => () => {} });
const isEach = process.argv.includes("--each");
if (!isEach) engine.process(messages);
for (const message of isEach ? messages : [null]) {
  if (isEach) engine.process([message]);
  console.log(JSON.stringify(dump(engine)));
}
for (const { code, path, message } of engine.problems) console.error(`${code} ${path}: ${message}`);

/** Node 20 reads no TypeScript, so it is bundled first. */
async function load(entry) {
  const entryPoint = join(dirname(fileURLToPath(import.meta.url)), entry);
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    format: "esm",
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

async function read(path) {
  try {
    return (await readFile(path, "utf8")).replace(/^\uFEFF/, ""); // editors of Windows put that mark there
  } catch (error) {
    return fail(`${file}: ${error.code === "ENOENT" ? "no such file" : error.message}`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
