/** The cold start: pages that open one model on one runtime. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchProfile } from "../page.mjs";
import { STREAMS } from "./page/runtimes.mjs";

/**
 * Every pair of model and runtime, `count` times over, all pairs taking turns, each visit in a page of its own. First
 * comes an unmeasured visit, which fills the HTTP cache: that of a profile on disk, as without one Chromium keeps no
 * large files.
 * @returns {Promise<{model: string, runtime: string, visits: Record<string, number>[]}[]>}
 */
export async function visitAll(address, models, runtimes, count) {
  const pairs = models.flatMap((model) => runtimes.map((runtime) => ({ model, runtime, visits: [] })));
  if (count > 0) await withProfile((context) => visitInTurns(context, address, pairs, count));
  return pairs.map(({ model, runtime, visits }) => ({ model: model.name, runtime, visits }));
}

async function withProfile(use) {
  const folder = mkdtempSync(join(tmpdir(), "nearshelf-bench-"));
  const context = await launchProfile(folder);
  try {
    await use(context);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function visitInTurns(context, address, pairs, count) {
  for (let round = 0; round <= count; round++) {
    for (const [i, pair] of pairs.entries()) {
      process.stderr.write(`\rvisits, round ${round} of ${count}: ${i + 1} of ${pairs.length} \x1b[K`);
      if (pair.failed) continue;
      const visit = await visitBothWays(context, address, pair);
      if (!visit) pair.failed = true;
      else if (round > 0) pair.visits.push(visit);
    }
  }
  process.stderr.write("\n");
}

/** Where a session is made while the model arrives, the time that making it takes is that of another visit. */
async function visitBothWays(context, address, pair) {
  const visit = await visitOnce(context, address, pair, {});
  if (!visit || !STREAMS.has(pair.runtime)) return visit;
  const { createMillis } = await visitOnce(context, address, pair, { "in-memory": "" });
  return { ...visit, createMillis };
}

/** Nothing where the runtime refuses the model: the page of turns says why. */
async function visitOnce(context, address, { model, runtime }, how) {
  const page = await context.newPage();
  const asked = new URLSearchParams({ runtime, model: model.name, bind: JSON.stringify(model.bind), ...how });
  try {
    await page.goto(`${address}/visit/${runtime}/${model.name}?${asked}`);
    return await page.evaluate(() => globalThis.visited.catch(() => undefined));
  } finally {
    await page.close();
  }
}
