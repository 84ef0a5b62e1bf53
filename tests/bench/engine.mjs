/**
 * `./build.sh bench engine`: Nearshelf's engine against other runtimes, in one headless Chromium, on one thread.
 *
 *     node tests/bench/engine.mjs [--rounds 30] [--visits 5] [--models a,b] [--runtimes relaxed,ort] [--json FILE]
 *         [--write docs/performance.md]
 *
 * First the cold start: page after page, each with one runtime and one model, files in the HTTP cache. Then one page
 * with all runtimes and models, which take turns. onnxruntime-web is the reference of outputs.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { compileModels, missing, routes } from "./engine/files.mjs";
import { replaceReport, report } from "./engine/report.mjs";
import { visitAll } from "./engine/visits.mjs";
import { openPage, serve } from "./page.mjs";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "30" },
    visits: { type: "string", default: "5" },
    models: { type: "string" },
    runtimes: { type: "string", default: "relaxed,baseline,ort,tract,rten" },
    json: { type: "string" },
    write: { type: "string" },
  },
});
const [rounds, visits] = [Number(options.rounds), Number(options.visits)];
const runtimes = options.runtimes.split(",");
const lacking = missing();
if (lacking) {
  console.error(`${lacking} is missing: run ./build.sh bench engine, which makes it`);
  process.exit(1);
}

const models = compileModels(options.models?.split(","));
const server = await serve(await routes(models));
const loadBefore = loadavg()[0];
try {
  const cold = await visitAll(server.address, models, [...runtimes, "none"], visits);
  const { chromium, ...turns } = await takeTurns();
  const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, chromium, loadBefore };
  const measured = { machine, rounds, visits, models, cold, ...turns };
  if (options.json) writeFileSync(options.json, JSON.stringify(measured, null, 1));
  const text = report(measured);
  if (options.write) writeFileSync(options.write, replaceReport(readFileSync(options.write, "utf8"), text));
  console.log(text);
} finally {
  server.close();
}

/** All in one page, `rounds` times over. */
async function takeTurns() {
  const page = await openPage(server.address);
  const named = models.map(({ name, bind }) => ({ name, bind }));
  process.stderr.write("opening every model on every runtime\n");
  const failures = await page.evaluate(([list, on]) => globalThis.measure.prepare(list, on), [named, runtimes]);
  for (let round = 0; round < rounds; round++) {
    await page.evaluate((number) => globalThis.measure.turn(number), round);
    process.stderr.write(`\rround ${round + 1} of ${rounds}`);
  }
  process.stderr.write("\n");
  const results = await page.evaluate(() => globalThis.measure.results());
  const browser = page.context().browser();
  const chromium = browser.version();
  await browser.close();
  return { ...results, failures, chromium };
}
