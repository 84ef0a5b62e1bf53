/** Builds the widget: `dist/nearshelf.js`, the worker, shared chunks, both builds of the wasm and the lazy compiler. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

/** What tells a build of a wasm module from others: what pages keep of it is kept under this name. */
const fingerprint = (file: string) => createHash("sha256").update(readFileSync(`${import.meta.dirname}/pkg/${file}`)).digest("hex");

/** Which build of the wasm a file in `pkg` belongs to: they have files of the same names, and one glue. */
function wasmBuild(file: string | null | undefined): string | undefined {
  return /pkg\/(baseline|relaxed|onnx|chat|search|shards)\//.exec(file ?? "")?.[1];
}

/** What glue in `pkg` is called. */
function glueOf(file: string | null | undefined): string | undefined {
  const build = wasmBuild(file);
  return build === "baseline" ? "wasm" : build;
}

/** Which lazily loaded part a chunk is the entry of: it has a budget of its own. */
function lazyPart(file: string | null | undefined): string | undefined {
  if (file?.endsWith("/elements/search.ts")) return "search";
  if (file?.endsWith("/worker/shards.ts")) return "shards";
  return /www\/(?:chat\/|worker\/chat\.ts)/.test(file ?? "") ? "chat" : undefined;
}

/**
 * Writes the worker's hashed name into the code that starts it, so that page and worker are always of one build.
 * `nearshelf.js` is the only file without a hash in its name.
 */
const workerName: Plugin = {
  name: "nearshelf-worker-name",
  generateBundle(_options, bundle) {
    const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
    const worker = chunks.find((chunk) => chunk.name === "nearshelf-worker");
    for (const chunk of chunks) chunk.code = chunk.code.replaceAll("nearshelf-worker.js", worker?.fileName ?? "");
  },
};

export default defineConfig({
  // Everything is addressed relative to the file that asks, so that the folder can lie anywhere.
  base: "./",
  plugins: [workerName],
  resolve: {
    alias: [
      { find: /^nearshelf-wasm$/, replacement: `${import.meta.dirname}/pkg/baseline/nearshelf.js` },
      { find: "nearshelf-wasm/chat", replacement: `${import.meta.dirname}/pkg/chat/nearshelf_chat.js` },
      { find: "nearshelf-wasm/search", replacement: `${import.meta.dirname}/pkg/search/nearshelf_search.js` },
      { find: "nearshelf-wasm/shards", replacement: `${import.meta.dirname}/pkg/shards/nearshelf_shards.js` },
      { find: "nearshelf-wasm/onnx", replacement: `${import.meta.dirname}/pkg/onnx/nearshelf_onnx.js` },
    ],
  },
  define: {
    __COMPILER__: JSON.stringify(fingerprint("onnx/nearshelf_onnx_bg.wasm")),
    __ENGINE__: JSON.stringify(fingerprint("relaxed/nearshelf_bg.wasm").slice(0, 16)),
  },
  build: {
    outDir: "dist",
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      // The worker is an entry of the same build, so that it and the main-thread fallback share one host chunk.
      input: { nearshelf: "nearshelf.ts", "nearshelf-worker": "worker/main.ts" },
      preserveEntrySignatures: "strict",
      output: {
        entryFileNames: ({ name }) => (name === "nearshelf" ? "[name].js" : "[name]-[hash].js"),
        chunkFileNames: ({ facadeModuleId, name }) =>
          `nearshelf-${glueOf(facadeModuleId) ?? lazyPart(facadeModuleId) ?? (name === "host" ? "host" : "shared")}-[hash].js`,
        assetFileNames: ({ originalFileNames: [file] }) =>
          wasmBuild(file) ? `nearshelf-${wasmBuild(file)}-[hash][extname]` : "[name]-[hash][extname]",
      },
    },
  },
});
