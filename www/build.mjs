// Builds www/dist: the widget, its types, the demo shop. `npm run build`; needs `./build.sh wasm` first.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "vite";
import { thirdPartyNotices } from "./licences.mjs";

const root = import.meta.dirname;
const dist = join(root, "dist");
/** Most bytes after brotli of all JavaScript that the widget may load. */
const SHELL_BUDGET = 40 * 1024;
/** The same for parts that only pages with their element load, or with an ONNX file nobody compiled, by the begin of their files' names. */
// The aim for `nearshelf-vision-` was 16 KiB; both elements, their thread and their glue weigh more, and the words of a language besides.
const LAZY_BUDGETS = new Map([["nearshelf-chat-", 16 * 1024], ["nearshelf-vision-words-", 6 * 1024], ["nearshelf-vision-", 21 * 1024], ["nearshelf-search-", 8 * 1024], ["nearshelf-shards-", 4 * 1024], ["nearshelf-onnx-", 4 * 1024]]);

requireWasm();
await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "warn" });
execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", join(root, "tsconfig.types.json")], {
  stdio: "inherit",
});
if (existsSync(join(root, "demo/index.html"))) {
  await build({ configFile: join(root, "vite.demo.config.ts"), logLevel: "warn" });
} else {
  console.warn("www/demo/index.html is missing: the demo shop is not built");
}
// Minifying drops the notices in the code.
writeFileSync(join(dist, "THIRD-PARTY-LICENSES.txt"), thirdPartyNotices(root));
for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(join(root, "..", name), join(dist, name));
weigh();

function requireWasm() {
  const glue = [["baseline", "nearshelf"], ["relaxed", "nearshelf"], ["onnx", "nearshelf_onnx"], ["chat", "nearshelf_chat"], ["vision", "nearshelf_vision"], ["search", "nearshelf_search"], ["shards", "nearshelf_shards"]];
  const files = glue.flatMap(([folder, name]) => [`pkg/${folder}/${name}.js`, `pkg/${folder}/${name}_bg.wasm`]);
  const missing = files.filter((file) => !existsSync(join(root, file)));
  if (missing.length === 0) return;
  console.error(`www/${missing[0]} is missing: run ./build.sh wasm first (it builds nearshelf.wasm into www/pkg)`);
  process.exit(1);
}

function weigh() {
  const files = readdirSync(dist).filter((name) => name.endsWith(".js"));
  const totals = new Map([["", 0], ...[...LAZY_BUDGETS.keys()].map((prefix) => [prefix, 0])]);
  for (const name of files) {
    const bytes = readFileSync(join(dist, name));
    const brotli = brotliCompressSync(bytes).length;
    const part = [...LAZY_BUDGETS.keys()].find((prefix) => name.startsWith(prefix)) ?? "";
    totals.set(part, totals.get(part) + brotli);
    console.log(`  ${name.padEnd(36)} ${row(bytes.length, gzipSync(bytes).length, brotli)}`);
  }
  for (const [prefix, total] of totals) {
    const budget = LAZY_BUDGETS.get(prefix) ?? SHELL_BUDGET;
    const what = prefix === "" ? "JS shell with all other components" : `${prefix}*.js (lazy)`;
    console.log(`  ${what}: ${total} bytes brotli of ${budget}`);
    if (total > budget) {
      console.error(`${what}: over its budget`);
      process.exitCode = 1;
    }
  }
}

function row(...sizes) {
  return ["raw", "gzip", "brotli"].map((name, at) => `${name} ${String(sizes[at]).padStart(7)}`).join("  ");
}
