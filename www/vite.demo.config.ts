/** Builds the demo shop into `dist/demo`. It uses the widget as any shop does: from the packed folder, at run time. */

import { readdirSync } from "node:fs";
import { defineConfig } from "vite";

const folder = `${import.meta.dirname}/demo`;
const pages = readdirSync(folder).filter((name) => name.endsWith(".html"));

export default defineConfig({
  root: folder,
  base: "./",
  build: {
    outDir: `${import.meta.dirname}/dist/demo`,
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: pages.map((name) => `${folder}/${name}`),
      external: ["nearshelf"],
      output: {
        // From the shop's `assets/` to the folder that `nearshelf serve` mounts beside it.
        paths: { nearshelf: "../nearshelf/widget/nearshelf.js" },
      },
    },
  },
});
