/** A small development server: `node serve.mjs [port]`, then open the address it prints. Rebuilds when a source changes. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".jsonl": "application/x-ndjson",
};

process.argv.push("--watch");
await import("./build.mjs");

const server = createServer(async ({ url }, response) => {
  const path = normalize(decodeURIComponent(new URL(url, "http://localhost").pathname));
  try {
    const content = await readFile(join(ROOT, path));
    response.writeHead(200, {
      "content-type": `${TYPES[extname(path)] ?? "text/plain"}; charset=utf-8`,
      "cache-control": "no-store",
    });
    response.end(content);
  } catch {
    response.writeHead(404).end("not found");
  }
});
server.listen(Number(process.argv[2]) || 8080, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}/js/index.html`);
});
