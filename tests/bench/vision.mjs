/**
 * `./build.sh bench vision`: what one picture costs, all features, on one thread of headless Chromium.
 *
 *     node tests/bench/vision.mjs [--rounds 60]
 */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openPage, serve } from "./page.mjs";
import { median, quantile } from "./statistics.mjs";

const root = join(import.meta.dirname, "../..");
const { values: options } = parseArgs({ options: { rounds: { type: "string", default: "60" } } });
/** A picture of the demo's catalogue. */
const picture = join(root, "build/demo/images/dress-001-forest.svg");
const lacking = [join(root, "www/pkg/vision"), picture].find((path) => !existsSync(path));
if (lacking) {
  console.error(`${lacking} is missing: run ./build.sh bench vision, which makes it`);
  process.exit(1);
}

const plans = join(root, "build/bench/plans");
mkdirSync(plans, { recursive: true });
for (const name of ["garment", "person"]) {
  execFileSync(process.env.NEARSHELF_BIN, ["compile", join(root, `models/${name}/model.q8.onnx`), "-o", join(plans, `${name}.plan`)], { stdio: "ignore" });
}
const html = join(root, "build/bench/vision.html");
writeFileSync(html, '<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="/bench/vision/page.mjs"></script>\n');
const server = await serve({ "/": html, "/garment.svg": picture, "/wasm/": join(root, "www/pkg"), "/plans/": plans, "/bench/": join(root, "tests/bench") });
const loadBefore = loadavg()[0];
try {
  const page = await openPage(`${server.address}/`);
  const times = await page.evaluate((rounds) => globalThis.measure(rounds), Number(options.rounds));
  const version = page.context().browser().version();
  const row = (what, of) => `${what.padEnd(58)} ${median(of).toFixed(1).padStart(6)} ms  (quickest ${quantile(of, 0).toFixed(1)}, 90 % within ${quantile(of, 0.9).toFixed(1)})`;
  console.log(`${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${loadBefore.toFixed(1)} before; Chromium ${version}; ${options.rounds} rounds, median`);
  console.log(row("a garment's picture: tensor, model, kind, palette, look", times.garment));
  console.log(row("a photo: tensor, model, regions and key points", times.person));
  console.log(row("one image, all features (both)", times.garment.map((millis, at) => millis + times.person[at])));
  await page.context().browser().close();
} finally {
  server.close();
}
