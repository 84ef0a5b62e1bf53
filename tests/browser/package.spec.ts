/** What `npm pack` would publish. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "@playwright/test";

const WWW = resolve(__dirname, "../../www");

test("the package holds the widget with its notices, and neither the demo nor anything to install", () => {
  const packed = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: WWW, encoding: "utf8" });
  const [{ files = [] } = {}] = JSON.parse(packed) as { files: { path: string }[] }[];
  const paths = files.map(({ path }) => path);
  for (const name of ["nearshelf.js", "types/nearshelf.d.ts", "THIRD-PARTY-LICENSES.txt", "LICENSE-MIT", "LICENSE-APACHE"]) {
    expect(paths).toContain(`dist/${name}`);
  }
  for (const build of ["baseline", "relaxed", "onnx"]) {
    expect(paths.filter((path) => path.startsWith(`dist/nearshelf-${build}-`) && path.endsWith(".wasm"))).toHaveLength(1);
  }
  expect(paths.filter((path) => /nearshelf-worker-.*\.js$/.test(path))).toHaveLength(1);
  expect(paths).toContain("README.md");
  expect(paths.filter((path) => path.startsWith("dist/demo") || path.includes(".done") || path.startsWith("node_modules"))).toEqual([]);
  const manifest = JSON.parse(readFileSync(join(WWW, "package.json"), "utf8")) as Record<string, unknown>;
  expect(manifest).not.toHaveProperty("dependencies");
});

test("the notices name what is bundled, in JavaScript and in wasm, with its licence", () => {
  const notices = readFileSync(join(WWW, "dist/THIRD-PARTY-LICENSES.txt"), "utf8");
  for (const name of ["lit", "lit-html", "comlink", "idb", "wasm-bindgen", "serde", "tract-onnx"]) {
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+.* \\(.*\\)$`, "m"));
  }
  expect(notices).toContain("Copyright (c) 2017 Google LLC");
});
