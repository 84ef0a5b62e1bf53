/** Builds the widget: `dist/nearshelf.js`, the worker, shared chunks and both builds of the wasm, all side by side. */

import { defineConfig } from "vite";

/** `…/pkg/relaxed/nearshelf_bg.wasm` → `nearshelf-relaxed-[hash].wasm` */
function assetName(originalFileNames: readonly string[]): string {
  const build = /pkg\/(baseline|relaxed)\//.exec(originalFileNames[0] ?? "")?.[1];
  return build ? `nearshelf-${build}-[hash][extname]` : "[name]-[hash][extname]";
}

export default defineConfig({
  // Everything is addressed relative to the file that asks, so that the folder can lie anywhere.
  base: "./",
  resolve: {
    alias: [{ find: /^nearshelf-wasm\/(baseline|relaxed)$/, replacement: `${import.meta.dirname}/pkg/$1/nearshelf.js` }],
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
        entryFileNames: "[name].js",
        chunkFileNames: "nearshelf-[name]-[hash].js",
        assetFileNames: ({ originalFileNames }) => assetName(originalFileNames),
      },
    },
  },
});
