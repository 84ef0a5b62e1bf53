/**
 * `./build.sh bench shop`: how long a shopper waits in the demo shop, in real headless Chromium.
 *
 *     node tests/bench/shop.mjs [--rounds 15] [--json]
 *
 * Both builds of nearshelf.wasm take turns, so that a busy machine is unkind to both alike. The server is local: what
 * a network adds is not in here.
 */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch } from "./page.mjs";
import { quantile } from "./statistics.mjs";

const root = join(import.meta.dirname, "../..");
const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    port: { type: "string", default: "8099" },
    json: { type: "boolean", default: false },
  },
});
const command = process.env.NEARSHELF_BIN ?? join(root, "target/release/nearshelf");
const site = join(root, "build/demo-site");
for (const path of [command, site]) {
  if (existsSync(path)) continue;
  console.error(`${path} is missing: run ./build.sh bench shop, which builds it`);
  process.exit(1);
}

/** What is timed, in milliseconds, and how. */
const FIGURES = {
  firstList: "from navigation to the first list, nothing cached",
  refined: "from navigation to the list refined by the model, nothing cached",
  firstListAgain: "from navigation to the first list, files cached",
  refinedAgain: "from navigation to the refined list, files cached",
  recommend: "one for-you request of a page with 20 remembered events, model included",
  related: "one related request",
  search: "one search",
};

const server = spawn(command, ["serve", site, "--shop", join(root, "www/dist/demo"), "--port", options.port], { stdio: "ignore" });
const address = `http://127.0.0.1:${options.port}`;
try {
  await answers(address);
  const browser = await launch();
  const times = { relaxed: empty(), baseline: empty() };
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const build of Object.keys(times)) {
      for (const [figure, value] of Object.entries(await visit(browser, build))) times[build][figure].push(value);
    }
    process.stderr.write(`\rround ${round + 1} of ${options.rounds}`);
  }
  process.stderr.write("\n");
  await browser.close();
  report(times, browser.version());
} finally {
  server.kill();
}

function empty() {
  return Object.fromEntries(Object.keys(FIGURES).map((figure) => [figure, []]));
}

async function answers(url) {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await fetch(url).then((response) => response.ok, () => false)) return;
    await new Promise((wait) => setTimeout(wait, 100));
  }
  throw new Error(`${command} serve does not answer at ${url}`);
}

/** One shopper with an empty browser: two visits of the front page, then requests. */
async function visit(browser, build) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(watch, build === "baseline");
  const first = await load(page);
  const again = await load(page);
  const requests = await page.evaluate(ask);
  await context.close();
  return { firstList: first.list, refined: first.refined, firstListAgain: again.list, refinedAgain: again.refined, ...requests };
}

async function load(page) {
  await page.goto(address);
  await page.waitForFunction(() => globalThis.refinedAt !== undefined);
  return page.evaluate(() => ({ list: globalThis.listAt, refined: globalThis.refinedAt }));
}

/** Runs before the page's scripts: notes when a list has cards, and when the model is in and has been asked. */
function watch(onlyBaseline) {
  if (onlyBaseline) {
    const validate = WebAssembly.validate.bind(WebAssembly);
    WebAssembly.validate = (bytes) => !new Uint8Array(bytes).join().includes("253,128,2") && validate(bytes);
  }
  const look = async () => {
    const list = document.querySelector("nearshelf-recommendations");
    const card = list?.shadowRoot?.querySelector('[part="card"][data-item-id]');
    // The frame in which the card stands is painted before the next one begins.
    if (card) globalThis.listAt ??= performance.now();
    if (list && card && !globalThis.asked) {
      globalThis.asked = true;
      const { createNearshelf } = await import("/nearshelf/widget/nearshelf.js");
      globalThis.shelf = createNearshelf();
      const done = async () => {
        await globalThis.shelf.recommend({ kind: "for-you" });
        globalThis.refinedAt = performance.now();
      };
      if (globalThis.shelf.status().phase === "refined") await done();
      else globalThis.shelf.subscribe("refined", () => void done());
    }
    if (globalThis.refinedAt === undefined) requestAnimationFrame(() => void look());
  };
  requestAnimationFrame(() => void look());
}

/** Medians of requests of a page, from the call to the answer. */
async function ask() {
  const { shelf } = globalThis;
  const { items: start } = await shelf.search("dress", { limit: 20 });
  const items = start.length > 0 ? start : (await shelf.recommend({ kind: "trending", limit: 20 })).items.map(({ item }) => item);
  for (const { id } of items.slice(0, 20)) await shelf.track({ type: "view", itemId: id });
  const median = async (call) => {
    const times = [];
    for (let turn = 0; turn < 9; turn++) {
      const begin = performance.now();
      await call();
      times.push(performance.now() - begin);
    }
    return times.sort((a, b) => a - b)[4];
  };
  return {
    recommend: await median(() => shelf.recommend({ kind: "for-you", limit: 8 })),
    related: await median(() => shelf.recommend({ kind: "related", anchors: [items[0].id], limit: 8 })),
    search: await median(() => shelf.search("linen shirt")),
  };
}

function report(times, chromium) {
  const summary = Object.fromEntries(
    Object.entries(times).map(([build, figures]) => [
      build,
      Object.fromEntries(
        Object.entries(figures).map(([figure, values]) => [figure, { medianMillis: quantile(values, 0.5), p90Millis: quantile(values, 0.9) }]),
      ),
    ]),
  );
  const machine = cpus()[0]?.model.trim() ?? "unknown";
  if (options.json) {
    console.log(JSON.stringify({ machine, chromium, rounds: Number(options.rounds), builds: summary }, null, 2));
    return;
  }
  console.log(`${machine}; Chromium ${chromium}; ${options.rounds} rounds; milliseconds, median (90th percentile)\n`);
  console.log("| | relaxed SIMD | baseline SIMD |\n|---|---|---|");
  for (const [figure, words] of Object.entries(FIGURES)) {
    const cell = (build) => `${summary[build][figure].medianMillis.toFixed(1)} (${summary[build][figure].p90Millis.toFixed(1)})`;
    console.log(`| ${words} | ${cell("relaxed")} | ${cell("baseline")} |`);
  }
}
