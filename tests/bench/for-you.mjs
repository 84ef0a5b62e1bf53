/**
 * `./build.sh bench for-you`: how long "for you" takes over a large catalogue, in headless Chromium on one thread.
 *
 *     node tests/bench/for-you.mjs [--items 100000] [--events 1000000] [--seed 7] [--rounds 60] [--write docs/retrieval.md]
 *
 * Catalogue and log are drawn (see pack/generate.mjs) and packed by `nearshelf pack` with the models that ship. A round is
 * another shopper of 20 events; whole lists and their parts take turns.
 */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { replaceReport } from "./engine/report.mjs";
import { report } from "./for-you/report.mjs";
import { random, stroll, writeEvents, writeItems, zipf } from "./pack/generate.mjs";
import { openPage, serve } from "./page.mjs";

const EVENTS = 20;
const MINUTE = 60_000;
/** A day after the newest event of the log. */
const NOW = 1_780_086_400_000;
const root = join(import.meta.dirname, "../..");
const { values: options } = parseArgs({
  options: {
    items: { type: "string", default: "100000" },
    events: { type: "string", default: "1000000" },
    seed: { type: "string", default: "7" },
    rounds: { type: "string", default: "60" },
    write: { type: "string" },
  },
});
const [items, events, seed, rounds] = [options.items, options.events, options.seed, options.rounds].map(Number);
const command = process.env.NEARSHELF_BIN ?? join(root, "target/release/nearshelf");
const lacking = [command, join(root, "www/pkg/relaxed"), join(root, "www/dist/nearshelf.js")].find((path) => !existsSync(path));
if (lacking) {
  console.error(`${lacking} is missing: run ./build.sh bench for-you, which makes it`);
  process.exit(1);
}

const folder = join(root, "build/bench/for-you");
mkdirSync(folder, { recursive: true });
const [catalogue, log, plan, html, site] = ["items.csv", "events.csv", "encoder.plan", "page.html", "site"].map((name) => join(folder, name));
writeItems(catalogue, items, seed);
writeEvents(log, items, events, { seed });
const quietly = { stdio: ["ignore", "ignore", "inherit"] };
const packing = ["pack", "--items", catalogue, "--events", log, "--models", join(root, "models"), "--widget", join(root, "www/dist")];
execFileSync(command, [...packing, "--shards", "none", "--now", new Date(NOW).toISOString(), "--out", site], quietly);
execFileSync(command, ["compile", join(root, "models/for-you/model.q8.onnx"), "--output", plan], quietly);
writeFileSync(html, '<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="/bench/for-you/page.mjs"></script>\n');

/** Histories as pages keep them, oldest event first: an event a minute until an hour ago. */
function shoppers() {
  const next = random(seed + 2);
  const rank = zipf(items, 1, next);
  return Array.from({ length: rounds }, () => {
    const step = stroll(items, next, rank);
    return Array.from({ length: EVENTS }, (_, at) => {
      const { kind, item } = step();
      return { itemId: item, kind, timeMillis: NOW - (60 + EVENTS - at) * MINUTE };
    });
  });
}

const server = await serve({ "/": html, "/wasm/": join(root, "www/pkg"), "/bench/": join(root, "tests/bench"), "/shop/": site, "/encoder.plan": plan });
const loadBefore = loadavg()[0];
try {
  const page = await openPage(`${server.address}/`);
  process.stderr.write("opening the pack\n");
  const opened = await page.evaluate(() => globalThis.measure.open());
  if (opened.models.length === 0) throw new Error("the pack brought no model: nothing would be measured that ships");
  const samples = await page.evaluate(([histories, now]) => globalThis.measure.rounds(histories, now), [shoppers(), NOW]);
  const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, chromium: page.context().browser().version(), loadBefore };
  await page.context().browser().close();
  const text = report({ machine, items: opened.itemCount, events: EVENTS, firstMillis: opened.firstMillis, samples });
  if (options.write) writeFileSync(options.write, replaceReport(readFileSync(options.write, "utf8"), text, "bench for-you"));
  console.log(text);
} finally {
  server.close();
}
