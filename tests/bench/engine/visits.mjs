/** The cold start: pages that open one model on one runtime. */

/**
 * Every pair of model and runtime in a browser context of its own, `count` times over, all pairs taking turns. A first,
 * unmeasured visit fills the context's HTTP cache; each visit has a page of its own.
 * @returns {Promise<{model: string, runtime: string, visits: Record<string, number>[]}[]>}
 */
export async function visitAll(browser, address, models, runtimes, count) {
  const pairs = models.flatMap((model) => runtimes.map((runtime) => ({ model, runtime, visits: [] })));
  for (let round = 0; round <= count && count > 0; round++) {
    for (const [i, pair] of pairs.entries()) {
      process.stderr.write(`\rvisits, round ${round} of ${count}: ${i + 1} of ${pairs.length} \x1b[K`);
      if (pair.failed) continue;
      pair.context ??= await browser.newContext();
      const visit = await visitOnce(pair, address);
      if (!visit) pair.failed = true;
      else if (round > 0) pair.visits.push(visit);
    }
  }
  process.stderr.write("\n");
  return pairs.map(({ model, runtime, visits }) => ({ model: model.name, runtime, visits }));
}

/** Nothing where the runtime refuses the model: the page of turns says why. */
async function visitOnce({ model, runtime, context }, address) {
  const page = await context.newPage();
  const asked = new URLSearchParams({ runtime, model: model.name, bind: JSON.stringify(model.bind) });
  try {
    await page.goto(`${address}/visit?${asked}`);
    return await page.evaluate(() => globalThis.visited.catch(() => undefined));
  } finally {
    await page.close();
  }
}
