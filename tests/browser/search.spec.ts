import { brokenRules, expect, noRequests, refined, someIds, test, view } from "./test";

const SEARCH = "<nearshelf-search></nearshelf-search>";

test("results appear while one types, and the keyboard chooses one", async ({ page, shop }) => {
  await shop.visit(page, SEARCH);
  const box = page.getByRole("combobox", { name: "Search this shop" });
  await box.pressSequentially("linen dre");
  const options = page.getByRole("option");
  await expect(options.first()).toContainText(/linen/i);
  await expect(box).toHaveAttribute("aria-expanded", "true");
  await page.evaluate(() => {
    document.addEventListener("nearshelf-select", (event) => {
      event.preventDefault();
      (window as unknown as { selected: unknown }).selected = (event as CustomEvent).detail;
    });
  });
  await box.press("ArrowDown");
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
  const id = await options.first().getAttribute("data-item-id");
  await box.press("Enter");
  expect(await page.evaluate(() => (window as unknown as { selected: { itemId: string } }).selected.itemId)).toBe(id);
  await expect(box).toHaveAttribute("aria-expanded", "false");
});

test("Enter before the results are there tells what is found for the words typed, and opens nothing", async ({ page, shop }) => {
  await shop.visit(page, SEARCH);
  await page.evaluate(() => {
    document.addEventListener("nearshelf-submit", (event) => {
      (window as unknown as { told: unknown }).told = (event as CustomEvent).detail;
    });
  });
  const box = page.getByRole("combobox", { name: "Search this shop" });
  await box.fill("linen");
  await expect(page.getByRole("option").first()).toBeVisible();
  await box.evaluate((input: HTMLInputElement) => {
    input.value = "dress";
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  });
  await page.waitForFunction(() => "told" in window);
  const [told, found] = await page.evaluate(async () => {
    const { told } = window as unknown as { told: { query: string; itemIds: string[]; total: number } };
    const { items, total } = await window.nearshelf.createNearshelf().search("dress", { limit: 8 });
    return [told, { itemIds: items.map(({ id }) => id), total }];
  });
  expect(told).toMatchObject({ query: "dress", ...found });
  expect(told.itemIds.length).toBeGreaterThan(0);
  await expect(box).toHaveAttribute("aria-expanded", "false");
});

test("results that come when the shopper has left open nothing", async ({ page, shop }) => {
  await shop.visit(page, `${SEARCH}<button>Elsewhere</button>`);
  const box = page.getByRole("combobox", { name: "Search this shop" });
  await box.focus();
  await box.evaluate((input: HTMLInputElement) => {
    input.value = "dress";
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    document.querySelector("button")?.focus();
  });
  // Far longer than typing may pause and a search takes.
  await page.waitForTimeout(500);
  await expect(box).toHaveAttribute("aria-expanded", "false");
  await box.focus();
  await expect(page.getByRole("option").first()).toContainText(/dress/i);
});

test("a slip of the keyboard finds what was meant", async ({ page, shop }) => {
  await shop.visit(page, "");
  const [right, wrong] = await page.evaluate(async () => {
    const shelf = window.nearshelf.createNearshelf();
    return [(await shelf.search("dress ")).total, (await shelf.search("derss ")).total];
  });
  expect(right).toBeGreaterThan(0);
  expect(wrong).toBe(right);
});

test("facets narrow the results to what they count", async ({ page, shop }) => {
  await shop.visit(page, SEARCH);
  await page.getByRole("combobox", { name: "Search this shop" }).fill("dress");
  const facet = page.getByRole("group", { name: "Narrow the results" }).getByRole("combobox").first();
  await expect(facet).toBeVisible();
  const label = (await facet.locator("option").nth(1).textContent()) ?? "";
  const count = Number(/\((\d+)\)$/.exec(label)?.[1]);
  await facet.selectOption({ index: 1 });
  await expect(page.locator("nearshelf-search [role=status]")).toHaveText(count === 1 ? "1 result" : `${count} results`);
});

test("where nothing matches it says so, once in sight and once to who listens, and what matches comes back", async ({ page, shop }) => {
  await shop.visit(page, SEARCH);
  const box = page.getByRole("combobox", { name: "Search this shop" });
  await box.fill("zzgqx");
  const search = page.locator("nearshelf-search");
  await expect(search.locator('[part="message"]')).toHaveText("Nothing found for “zzgqx”.");
  await expect(search.getByRole("status")).toHaveText("0 results");
  await expect(box).toHaveAttribute("aria-expanded", "false");
  await expect(search.getByRole("option")).toHaveCount(0);
  await box.press("ArrowDown");
  await box.press("Enter");
  expect(await brokenRules(page)).toEqual([]);
  await box.fill("dress");
  await expect(search.getByRole("option").first()).toContainText(/dress/i);
  await expect(search.locator('[part="message"]')).toHaveCount(0);
});

test("it speaks Chinese, breaks no rule of accessibility and none of the policy", async ({ page, shop }) => {
  await shop.visit(page, SEARCH, { lang: "zh-CN" });
  const box = page.getByRole("combobox", { name: "搜索本店" });
  await box.fill("连衣裙");
  await expect(page.getByRole("option").first()).toContainText("裙");
  expect(await brokenRules(page)).toEqual([]);
  expect(await page.evaluate(() => window.violations)).toEqual([]);
  await box.fill("没有这样的东西啊");
  await expect(page.locator('nearshelf-search [part="message"]')).toContainText("没有找到");
});

test("after the refinements a search asks nobody", async ({ page, context, shop, site }) => {
  const requests = noRequests(context, site);
  await shop.visit(page, SEARCH);
  await refined(page);
  requests.fromNow();
  await page.getByRole("combobox", { name: "Search this shop" }).fill("dress");
  await expect(page.getByRole("option").first()).toBeVisible();
  expect(requests.seen()).toEqual([]);
  expect(requests.sawWorkerLoad()).toBe(true);
});

test("a page without a search box does not load its code", async ({ page, shop, site }) => {
  await shop.visit(page, "");
  await refined(page);
  // The index's glue lies there, too.
  expect(site.requests.filter(({ path }) => /\/nearshelf-search-[^/]*\.js$/.test(path)).length).toBeLessThan(2);
});

test("what is asked for in words and prices comes first", async ({ page, shop }) => {
  await shop.visit(page, "");
  const answer = await page.evaluate(async () => {
    const shelf = window.nearshelf.createNearshelf();
    const paid = ({ price, salePrice }: { price?: { minorUnits: number }; salePrice?: { minorUnits: number } }) =>
      (salePrice ?? price)?.minorUnits ?? Infinity;
    const dresses = [...(await shelf.search("dress ", { limit: 100 })).items].sort((a, b) => paid(a) - paid(b));
    const dearest = dresses.at(-1);
    const intent = { text: "dress", cheaperThan: dearest?.id ?? "" };
    const { items } = await shelf.recommend({ kind: "trending", limit: 5, intent });
    return {
      limit: dearest ? paid(dearest) : 0,
      shown: items.map((shown) => ({ paid: paid(shown.item), codes: shown.reasons.map(({ code }) => code) })),
    };
  });
  expect(answer.shown).toHaveLength(5);
  expect(answer.shown[0]?.codes).toContain("as-asked");
  for (const { paid } of answer.shown) expect(paid).toBeLessThan(answer.limit);
});

test("grounds are the shopper's own events, and taking them away takes away the points", async ({ page, shop }) => {
  await shop.visit(page, "");
  // Models that come between the two answers would change both.
  await refined(page);
  await view(page, await someIds(page, 3));
  const told = await page.evaluate(async () => {
    const shelf = window.nearshelf.createNearshelf();
    const { items } = await shelf.recommend({ kind: "for-you" });
    const events = await shelf.history.list();
    const grounds = items.flatMap((shown) => shown.grounds.flatMap((ground) => ground.events));
    const first = items.find((shown) => shown.grounds.length > 0);
    const explained = first && (await shelf.explain(first.item.id, { kind: "for-you" }));
    const ground = first?.grounds[0]?.item.id;
    // Single events can't be deleted: the history begins anew without them.
    await shelf.history.erase();
    for (const { type, itemId } of [...events].reverse()) if (itemId !== ground) await shelf.track({ type, itemId });
    const without = first && (await shelf.explain(first.item.id, { kind: "for-you" }));
    return {
      points: first?.grounds[0]?.points ?? 0,
      lost: (explained?.score ?? 0) - (without?.score ?? 0),
      known: grounds.every(({ id }) => events.some((event) => event.id === id)),
      count: grounds.length,
      difference: Math.abs((explained?.score ?? 0) - (first?.score ?? 1)),
    };
  });
  expect(told.count).toBeGreaterThan(0);
  expect(told.known).toBe(true);
  expect(told.difference).toBeLessThan(1e-4);
  expect(told.points).toBeGreaterThan(0);
  // Seconds pass between the two answers, and events age.
  expect(told.lost).toBeCloseTo(told.points, 2);
});
