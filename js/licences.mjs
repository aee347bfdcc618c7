/** Whose work the bundles carry: every package of which something is in them, with its version and its licence. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const LICENCE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;
const HEAD =
  "The browser part of agui_widget carries parts of the packages below, each under its own licence.";

/** The folder of the package that a file belongs to, if it belongs to one: the innermost `node_modules/NAME`. */
export function packageOf(path) {
  const start = path.lastIndexOf("node_modules/");
  if (start < 0) return undefined;
  const [scope, name] = path.slice(start + "node_modules/".length).split("/");
  return path.slice(0, start) + join("node_modules", scope, scope.startsWith("@") ? name : "");
}

/** The text of `THIRD_PARTY_LICENSES.txt` for these folders. */
export async function licencesOf(folders) {
  const found = await Promise.all([...new Set(folders)].map(described));
  const names = [...found].sort((a, b) => (a.title < b.title ? -1 : 1));
  const once = names.filter(({ title }, at) => title !== names[at - 1]?.title);
  const sections = once.map(
    ({ title, text }) => `${"=".repeat(80)}\n${title}\n${"=".repeat(80)}\n\n${text}\n`,
  );
  return [HEAD, "", ...sections].join("\n");
}

async function described(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const files = (await readdir(folder)).filter((file) => LICENCE.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  if (!license && !texts.length) throw new Error(`${name} says no licence: it may not be bundled`);
  return {
    title: `${name} ${version}${license ? ` (${license})` : ""}`,
    text: texts.map((text) => text.trim()).join("\n\n") || "It comes without a text of its licence.",
  };
}
