/** Notices of the third-party code that `www/dist` holds: npm packages in the JavaScript, crates in the wasm. */

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** npm packages that the bundler takes in. */
const PACKAGES = ["lit", "lit-html", "lit-element", "@lit/reactive-element", "comlink", "idb"];
/** Crates whose dependencies end up in a wasm file. */
const WASM_CRATES = ["nearshelf-web", "nearshelf-web-onnx"];

/**
 * All notices as one text, equal licence texts once.
 * @param {string} root the package's folder, www
 */
export function thirdPartyNotices(root) {
  const parts = [...PACKAGES.map((name) => npmPackage(root, name)), ...crates(join(root, ".."))];
  const byText = new Map();
  for (const { title, text } of parts) byText.set(text, [...(byText.get(text) ?? []), title]);
  const sections = [...byText].map(([text, titles]) => `${titles.join("\n")}\n\n${text}\n`);
  return `Nearshelf contains the following third-party software.\n\n${sections.join(`\n${"-".repeat(80)}\n\n`)}`;
}

function npmPackage(root, name) {
  const folder = join(root, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const text = licenceIn(folder);
  if (!text) throw new Error(`${folder} holds no licence: what is bundled must come with its notice`);
  return { title: `${name} ${version} (${license})`, text };
}

function crates(workspace) {
  const options = ["metadata", "--format-version", "1", "--locked", "--filter-platform", "wasm32-unknown-unknown"];
  const run = { cwd: workspace, encoding: "utf8", maxBuffer: 1 << 28 };
  const { packages, resolve } = JSON.parse(execFileSync("cargo", options, run));
  const byId = new Map(packages.map((one) => [one.id, one]));
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const found = new Set(packages.filter(({ name }) => WASM_CRATES.includes(name)).map(({ id }) => id));
  for (const id of found) {
    for (const { pkg, dep_kinds: kinds } of nodes.get(id)?.deps ?? []) {
      if (kinds.some(({ kind }) => kind === null) && !isMacro(byId.get(pkg))) found.add(pkg);
    }
  }
  const foreign = [...found].map((id) => byId.get(id)).filter(({ source }) => source !== null);
  return foreign
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, version, license, authors, manifest_path: path }) => ({
      title: `${name} ${version} (${license ?? "see below"})`,
      text: licenceIn(dirname(path)) ?? `${license}${authors.length > 0 ? `; by ${authors.join(", ")}` : ""}`,
    }));
}

/** Macros run in the compiler: nothing of them is in the wasm but what they write. */
function isMacro({ targets }) {
  return targets.some(({ kind }) => kind.includes("proc-macro"));
}

/** The shortest licence text in a folder: where there is a choice, any of them will do. */
function licenceIn(folder) {
  if (!existsSync(folder)) return undefined;
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile() && names.includes(entry.name));
  const texts = files.map(({ name }) => readFileSync(join(folder, name), "utf8").trim().replaceAll("\r\n", "\n"));
  return texts.sort((a, b) => a.length - b.length).at(0);
}
