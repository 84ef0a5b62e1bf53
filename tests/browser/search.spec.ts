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
  const [anchor = ""] = await someIds(page, 1);
  const answer = await page.evaluate(async (anchor) => {
    const shelf = window.nearshelf.createNearshelf();
    const [item] = await shelf.items([anchor]);
    const intent = { text: "dress", cheaperThan: anchor };
    const { items } = await shelf.recommend({ kind: "trending", limit: 5, intent });
    const paid = ({ price, salePrice }: { price?: { minorUnits: number }; salePrice?: { minorUnits: number } }) =>
      (salePrice ?? price)?.minorUnits ?? Infinity;
    return { limit: item ? paid(item) : 0, shown: items.map((shown) => ({ paid: paid(shown.item), codes: shown.reasons.map(({ code }) => code) })) };
  }, anchor);
  for (const { paid } of answer.shown) expect(paid).toBeLessThan(answer.limit);
});

test("grounds are the shopper's own events, and taking them away takes away the points", async ({ page, shop }) => {
  await shop.visit(page, "");
  await view(page, await someIds(page, 3));
  const told = await page.evaluate(async () => {
    const shelf = window.nearshelf.createNearshelf();
    const { items } = await shelf.recommend({ kind: "for-you" });
    const events = await shelf.history.list();
    const grounds = items.flatMap((shown) => shown.grounds.flatMap((ground) => ground.events));
    const first = items[0];
    const explained = first && (await shelf.explain(first.item.id, { kind: "for-you" }));
    return {
      known: grounds.every(({ id }) => events.some((event) => event.id === id)),
      count: grounds.length,
      difference: Math.abs((explained?.score ?? 0) - (first?.score ?? 1)),
    };
  });
  expect(told.count).toBeGreaterThan(0);
  expect(told.known).toBe(true);
  expect(told.difference).toBeLessThan(1e-4);
});
