/**
 * `./build.sh bench try-on`: what a shopper waits for while garments are tried on, in one headless Chromium and one thread.
 *
 *     node tests/bench/try-on.mjs [--frames 300] [--json FILE]
 */

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openPage, serve } from "./page.mjs";

const root = join(import.meta.dirname, "../..");
const { values: options } = parseArgs({ options: { frames: { type: "string", default: "300" }, json: { type: "string" } } });
const glue = join(root, "www/pkg/vision");
if (!existsSync(glue)) {
  console.error(`${glue} is missing: run ./build.sh bench try-on, which makes it`);
  process.exit(1);
}
mkdirSync(join(root, "build/bench"), { recursive: true });
const html = join(root, "build/bench/try-on.html");
writeFileSync(html, '<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="/bench/try-on/page/drags.mjs"></script>\n');
const server = await serve({ "/": html, "/wasm/": glue, "/bench/": join(root, "tests/bench") });
const loadBefore = loadavg()[0];
try {
  const page = await openPage(`${server.address}/`);
  const measured = await page.evaluate((frames) => globalThis.measure(frames), Number(options.frames));
  const chromium = page.context().browser().version();
  await page.context().browser().close();
  const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, chromium, loadBefore };
  if (options.json) writeFileSync(options.json, JSON.stringify({ machine, ...measured }, null, 1));
  const { drag, once } = measured;
  console.log(`${machine.cpu}, ${machine.cores} cores, Chromium ${chromium}, load ${loadBefore.toFixed(2)} before`);
  console.log(`Chromium: a drag's frame of ${drag.width}×${drag.height} ${drag.median.toFixed(1)} ms (median of ${drag.frames}, 95 % within ${drag.slow.toFixed(1)} ms)`);
  console.log(`Chromium: ${Object.entries(once).map(([what, millis]) => `${what} ${millis.toFixed(1)} ms`).join(", ")}`);
} finally {
  server.close();
}
