/**
 * `./build.sh bench retrieve`: the 20 closest of a catalogue's embeddings, by Nearshelf and others, in one headless Chromium.
 *
 *     node tests/bench/retrieve.mjs [--rounds 21] [--items 100000,1000000] [--searches exact,sketch,plain,read,ort] [--json FILE]
 *         [--write docs/retrieval.md]
 *
 * `--searches` takes `voy` and `hnsw` too, which build an index for minutes: of 100,000 rows at most.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { replaceReport } from "./engine/report.mjs";
import { openPage, serve } from "./page.mjs";
import { report } from "./retrieve/report.mjs";

const DIMENSIONS = 64;
/** Those that take minutes, or memory that a page doesn't have, for more rows. */
const SLOW = { searches: ["voy", "hnsw"], items: 100_000 };
const root = join(import.meta.dirname, "../..");
const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "21" },
    items: { type: "string", default: "100000,1000000" },
    searches: { type: "string", default: "exact,sketch,plain,read,ort" },
    json: { type: "string" },
    write: { type: "string" },
  },
});
const modules = join(root, "tests/bench/node_modules");
const plain = join(root, "build/bench/plain.wasm");
const lacking = [join(root, "www/pkg/relaxed"), modules, plain].find((path) => !existsSync(path));
if (lacking) {
  console.error(`${lacking} is missing: run ./build.sh bench retrieve, which makes it`);
  process.exit(1);
}

const html = join(root, "build/bench/retrieve.html");
writeFileSync(html, '<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="/bench/retrieve/page/turns.mjs"></script>\n');
const server = await serve({
  "/": html,
  "/wasm/plain.wasm": plain,
  "/wasm/": join(root, "www/pkg"),
  "/bench/": join(root, "tests/bench"),
  "/ort/": join(modules, "onnxruntime-web/dist"),
  "/voy/": join(modules, "voy-search"),
  "/hnsw/": join(modules, "hnswlib-wasm/dist"),
});
const loadBefore = loadavg()[0];
try {
  const catalogues = [];
  let chromium;
  for (const count of options.items.split(",").map(Number)) {
    // A page each: what one catalogue used is free again.
    const page = await openPage(`${server.address}/`);
    process.stderr.write(`drawing ${count} rows\n`);
    const rounding = await page.evaluate(([count, dimensions]) => globalThis.measure.start(count, dimensions), [count, DIMENSIONS]);
    const failures = [];
    for (const name of options.searches.split(",")) {
      if (SLOW.searches.includes(name) && count > SLOW.items) continue;
      process.stderr.write(`opening ${name}\n`);
      const reason = await page.evaluate((name) => globalThis.measure.open(name), name);
      if (reason) failures.push({ name, reason });
    }
    for (let round = 0; round < Number(options.rounds); round++) await page.evaluate((number) => globalThis.measure.turn(number), round);
    catalogues.push({ count, dimensions: DIMENSIONS, rounding, sessions: await page.evaluate(() => globalThis.measure.results()), failures });
    chromium = page.context().browser().version();
    await page.context().browser().close();
  }
  const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, chromium, loadBefore };
  const measured = { machine, rounds: Number(options.rounds), catalogues };
  if (options.json) writeFileSync(options.json, JSON.stringify(measured, null, 1));
  const text = report(measured);
  if (options.write) writeFileSync(options.write, replaceReport(readFileSync(options.write, "utf8"), text, "bench retrieve"));
  console.log(text);
} finally {
  server.close();
}
