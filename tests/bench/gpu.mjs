/**
 * `./build.sh bench gpu`: Nearshelf on WebGPU and on the CPU, and onnxruntime-web on WebGPU, in one headless Chromium.
 *
 *     node tests/bench/gpu.mjs [--rounds 5] [--models a,b] [--items 1000000] [--runtimes gpu,cpu,ort] [--hardware]
 *         [--json FILE] [--write docs/gpu.md]
 *
 * Without `--hardware` on Chromium's software adapter, which every machine has: it says what is right and how much is
 * asked of a device, and little of how fast a graphics card is.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { compileModels, missing, routes } from "./engine/files.mjs";
import { replaceReport } from "./engine/report.mjs";
import { report } from "./gpu/report.mjs";
import { openPage, serve } from "./page.mjs";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    models: { type: "string", default: "bert-mini,bert-mini.q8,mobilenetv2,mobilenetv2.q8" },
    runtimes: { type: "string", default: "gpu,cpu,ort" },
    items: { type: "string", default: "1000000" },
    hardware: { type: "boolean", default: false },
    json: { type: "string" },
    write: { type: "string" },
  },
});
const lacking = missing();
if (lacking) {
  console.error(`${lacking} is missing: run ./build.sh bench gpu, which makes it`);
  process.exit(1);
}

const models = compileModels(options.models.split(","));
const runtimes = options.runtimes.split(",");
const server = await serve({ ...(await routes(models)), "/gpu": gpuPage() });
const loadBefore = loadavg()[0];
const flags = options.hardware ? ["--enable-unsafe-webgpu", "--enable-features=Vulkan"] : ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
try {
  const page = await openPage(`${server.address}/gpu`, flags);
  const adapter = await page.evaluate(() => globalThis.measure.adapter());
  const failures = [];
  for (const { name } of models) {
    for (const runtime of runtimes) {
      process.stderr.write(`opening ${name} on ${runtime}\n`);
      const reason = await page.evaluate(([model, on]) => globalThis.measure.open(model, on), [name, runtime]);
      if (reason) failures.push({ model: name, runtime, reason });
    }
  }
  const items = Number(options.items);
  for (const runtime of items > 0 ? runtimes.filter((name) => name !== "ort") : []) {
    process.stderr.write(`opening ${items} items on ${runtime}\n`);
    const reason = await page.evaluate(([count, on]) => globalThis.measure.openItems(count, 64, on), [items, runtime]);
    if (reason) failures.push({ model: "items", runtime, reason });
  }
  for (let round = 0; round < Number(options.rounds); round++) {
    process.stderr.write(`\rround ${round + 1} of ${options.rounds}`);
    await page.evaluate((number) => globalThis.measure.turn(number), round);
  }
  process.stderr.write("\n");
  const sessions = await page.evaluate(() => globalThis.measure.results());
  const browser = page.context().browser();
  const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, chromium: browser.version(), loadBefore, adapter };
  await browser.close();
  const measured = { machine, rounds: Number(options.rounds), sessions, failures };
  if (options.json) writeFileSync(options.json, JSON.stringify(measured, null, 1));
  const text = report(measured);
  if (options.write) writeFileSync(options.write, replaceReport(readFileSync(options.write, "utf8"), text, "bench gpu"));
  console.log(text);
} finally {
  server.close();
}

/** The page where runtimes take turns. */
function gpuPage() {
  const path = new URL("../../build/bench/gpu.html", import.meta.url).pathname;
  writeFileSync(path, '<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="/bench/gpu/page/turns.mjs"></script>\n');
  return path;
}
