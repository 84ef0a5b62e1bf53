/** Builds the widget: `dist/nearshelf.js`, the worker, shared chunks, both builds of the wasm and the lazy compiler. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

/** What tells a build of a wasm module from others: what pages keep of it is kept under this name. */
const fingerprint = (file: string) => createHash("sha256").update(readFileSync(`${import.meta.dirname}/pkg/${file}`)).digest("hex");

/** Which build of the wasm a file in `pkg` belongs to: they have files of the same names, and one glue. */
function wasmBuild(file: string | null | undefined): string | undefined {
  return /pkg\/(baseline|relaxed|onnx|chat|search|shards|vision)\//.exec(file ?? "")?.[1];
}

/** What glue in `pkg` is called. */
function glueOf(file: string | null | undefined): string | undefined {
  const build = wasmBuild(file);
  return build === "baseline" ? "wasm" : build;
}

/** Which lazily loaded part a chunk is the entry of, or holds nothing else than: it has a budget of its own. */
function lazyPart({ facadeModuleId, moduleIds }: { facadeModuleId: string | null; moduleIds: string[] }): string | undefined {
  if (facadeModuleId?.endsWith("/elements/search.ts")) return "search";
  if (facadeModuleId?.endsWith("/worker/shards.ts")) return "shards";
  if (facadeModuleId?.endsWith("/vision/words-en.ts")) return "vision-words-en";
  if (facadeModuleId?.endsWith("/vision/words-zh-cn.ts")) return "vision-words-zh";
  if (/www\/(?:chat\/|worker\/chat\.ts)/.test(facadeModuleId ?? "")) return "chat";
  return moduleIds.length > 0 && moduleIds.every((file) => /www\/(?:vision\/|worker\/(?:vision|seer)\.ts)/.test(file)) ? "vision" : undefined;
}

/** What pages and workers both begin with. */
const BASE = /vite\/preload-helper|\/node_modules\/comlink\/|\/www\/(?:client\/error|worker\/(?:answer|simd))\.ts$/;
/** What elements begin with. */
const PAGE = /\/www\/elements\/(?:base|styles|lazy|privacy|recommendations)\.ts$/;

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

/** Takes what only people read out of style sheets: Vite minifies files of CSS, not templates. */
const smallStyles: Plugin = {
  name: "nearshelf-small-styles",
  transform(code, file) {
    if (!file.endsWith("styles.ts")) return undefined;
    const small = (css: string) => css.replaceAll(/\/\*[^]*?\*\//g, "").replaceAll(/\s+/g, " ").replaceAll(/ ?([{};,]) ?/g, "$1").replaceAll(": ", ":").replaceAll(";}", "}").replaceAll(/\b0\./g, ".");
    return { code: code.replaceAll(/css`[^`]*`/g, small), map: null };
  },
};

export default defineConfig({
  // Everything is addressed relative to the file that asks, so that the folder can lie anywhere.
  base: "./",
  plugins: [smallStyles, workerName],
  resolve: {
    alias: [
      { find: /^nearshelf-wasm$/, replacement: `${import.meta.dirname}/pkg/baseline/nearshelf.js` },
      { find: "nearshelf-wasm/chat", replacement: `${import.meta.dirname}/pkg/chat/nearshelf_chat.js` },
      { find: "nearshelf-wasm/vision", replacement: `${import.meta.dirname}/pkg/vision/nearshelf_vision.js` },
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
        // Few files: a browser asks a server for six at a time. What page and worker share is apart, as a worker has no document.
        codeSplitting: { groups: [{ name: "base", test: BASE, priority: 2 }, { name: "page", test: PAGE, priority: 1 }] },
        entryFileNames: ({ name }) => (name === "nearshelf" ? "[name].js" : "[name]-[hash].js"),
        chunkFileNames: (chunk) =>
          `nearshelf-${glueOf(chunk.facadeModuleId) ?? lazyPart(chunk) ?? (chunk.name === "host" ? "host" : "shared")}-[hash].js`,
        assetFileNames: ({ originalFileNames: [file] }) =>
          wasmBuild(file) ? `nearshelf-${wasmBuild(file)}-[hash][extname]` : "[name]-[hash][extname]",
      },
    },
  },
});
