/** What the page is served: models compiled by the `nearshelf` command, runtimes, microkernels. */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FILES } from "./page/sources.mjs";
import { assemblePeak, PEAK_LAYOUT } from "./peak.mjs";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "build/bench");
const command = process.env.NEARSHELF_BIN ?? join(root, "target/release/nearshelf");

/**
 * Compiles the models of build/bench/models.json, or those named.
 * @returns {{name: string, bits: number, compileBits: number, onnx: string, bind: Record<string, number>, multiplyAdds: number,
 *   weightBytes: number, arenaBytes: number}[]}
 */
export function compileModels(names) {
  const listed = JSON.parse(readFileSync(join(folder, "models.json"), "utf8"));
  const unknown = names?.find((name) => !listed.some((model) => model.name === name));
  if (unknown) throw new Error(`there is no model ${unknown}; there are: ${listed.map(({ name }) => name).join(", ")}`);
  return listed.filter(({ name }) => names?.includes(name) ?? true).map(compileModel);
}

function compileModel(model) {
  const plan = join(folder, `${model.name}.plan`);
  const bind = Object.entries(model.bind).flatMap(([axis, extent]) => ["--bind", `${axis}=${extent}`]);
  execFileSync(command, ["compile", model.onnx, "--output", plan, "--weight-bits", String(model.compileBits), ...bind], { stdio: ["ignore", "ignore", "inherit"] });
  const inspected = JSON.parse(execFileSync(command, ["inspect", plan, "--json"], { encoding: "utf8", maxBuffer: 1 << 28 }));
  return { ...model, multiplyAdds: inspected.multiply_adds, weightBytes: inspected.weight_bytes, arenaBytes: inspected.arena_bytes };
}

/** What the page of a visit will load besides the model, by runtime: modules, then the wasm. */
const LOADS = {
  relaxed: [["/wasm/relaxed/nearshelf.js"], "/wasm/relaxed/nearshelf_bg.wasm"],
  baseline: [["/wasm/baseline/nearshelf.js"], "/wasm/baseline/nearshelf_bg.wasm"],
  ort: [["/ort/ort.wasm.min.mjs", "/ort/ort-wasm-simd-threaded.mjs"], "/ort/ort-wasm-simd-threaded.wasm"],
  tract: [["/wasm/onnx/nearshelf_onnx.js"], "/wasm/onnx/nearshelf_onnx_bg.wasm"],
  rten: [["/wasm/rten/rten.js"], "/wasm/rten/rten_bg.wasm"],
  none: [[]],
};
const HARNESS = ["visit", "watch", "runtimes", "sources", "npz"].map((name) => `/bench/engine/page/${name}.mjs`);

/** Writes a page and returns its path. Its head names everything that it will load, as a careful page's does. */
function writePage(name, script, modules = [], files = []) {
  const links = [
    ...modules.map((href) => `<link rel="modulepreload" href="${href}">`),
    ...files.map((href) => `<link rel="preload" as="fetch" crossorigin href="${href}">`),
  ];
  const path = join(folder, `${name}.html`);
  const head = `<!doctype html><meta charset="utf-8"><title>bench</title>${links.join("")}`;
  writeFileSync(path, `${head}<script type="module" src="/bench/engine/page/${script}.mjs"></script>\n`);
  return path;
}

/** The pages of visits, by path. */
function visitPages(models) {
  return Object.fromEntries(
    Object.entries(LOADS).flatMap(([runtime, [modules, wasm]]) =>
      models.map(({ name }) => {
        const files = [...(wasm ? [wasm] : []), `/models/${name}.${FILES[runtime]}`, `/models/${name}.npz`];
        return [`/visit/${runtime}/${name}`, writePage(`visit-${runtime}-${name}`, "visit", [...HARNESS, ...modules], files)];
      }),
    ),
  );
}

/** Routes for `serve`: "/" is the page where runtimes take turns, "/visit/…" one visit. */
export async function routes(models) {
  writeFileSync(join(folder, "peak.wasm"), await assemblePeak());
  writeFileSync(join(folder, "peak.json"), JSON.stringify(PEAK_LAYOUT));
  const named = Object.fromEntries(
    models.flatMap(({ name, onnx }) => [
      [`${name}.onnx`, onnx],
      [`${name}.plan`, join(folder, `${name}.plan`)],
      [`${name}.npz`, join(folder, `${name}.npz`)],
      [`${name}.reference.npz`, join(folder, `${name}.reference.npz`)],
    ]),
  );
  return {
    "/": writePage("turns", "turns"),
    ...visitPages(models),
    "/wasm/peak.wasm": join(folder, "peak.wasm"),
    "/wasm/peak.json": join(folder, "peak.json"),
    "/wasm/rten/": join(folder, "rten"),
    "/wasm/": join(root, "www/pkg"),
    "/bench/": join(root, "tests/bench"),
    "/ort/": join(root, "tests/bench/node_modules/onnxruntime-web/dist"),
    "/models/": named,
  };
}

/** What is missing for the bench to run. */
export function missing() {
  const needed = [command, join(folder, "models.json"), join(folder, "rten"), join(root, "www/pkg/relaxed"), join(root, "tests/bench/node_modules")];
  return needed.find((path) => !existsSync(path));
}
