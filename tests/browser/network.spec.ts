import { cards, expect, noRequests, refined, shownIds, someIds, test, view } from "./test";

const LISTS = `
  <nearshelf-recommendations kind="for-you"></nearshelf-recommendations>
  <nearshelf-recommendations kind="trending"></nearshelf-recommendations>`;

test("the first recommendations are painted before any model is fetched, and refined after", async ({ page, shop }) => {
  await page.addInitScript(() => {
    addEventListener("nearshelf-ready", (event) => {
      const { refinedBy } = (event as CustomEvent<{ refinedBy: string }>).detail;
      const noted = window as unknown as { painted?: number; refinements: string[] };
      noted.refinements = [...(noted.refinements ?? []), refinedBy];
      requestAnimationFrame(() => setTimeout(() => (noted.painted ??= Date.now())));
    });
  });
  await shop.visit(page, LISTS);
  await expect(cards(page).first()).toBeVisible();
  await refined(page);
  const painted = await page.evaluate(() => (window as unknown as { painted: number }).painted);
  const models = shop.site.requests.filter(({ path }) => path.includes("/models/"));
  expect(models.length).toBeGreaterThan(0);
  for (const model of models) expect(model.timeMillis).toBeGreaterThanOrEqual(painted);
  await view(page, await someIds(page, 4));
  await page.locator("nearshelf-recommendations").first().evaluate((list) => {
    (list as HTMLElementTagNameMap["nearshelf-recommendations"]).refresh();
  });
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { refinements: string[] }).refinements.at(-1)))
    .toBe("model");
});

test("no request follows the load, whatever the shopper does", async ({ page, shop }) => {
  const quiet = noRequests(page.context(), shop.site);
  await shop.visit(page, `${LISTS}<nearshelf-privacy></nearshelf-privacy>`);
  await expect(cards(page).first()).toBeVisible();
  await refined(page);
  quiet.fromNow();
  // From here on the page is forbidden to connect to anything. The worker keeps the policy it was born with: what it
  // asks for, the browser and the server would see.
  await page.evaluate(() => {
    const policy = document.createElement("meta");
    policy.httpEquiv = "Content-Security-Policy";
    policy.content = "connect-src 'none'";
    document.head.append(policy);
  });
  const ids = await someIds(page, 6);
  await view(page, ids);
  await page.evaluate(async ([bought]) => {
    const shelf = window.nearshelf.createNearshelf();
    await shelf.track({ type: "add_to_cart", itemId: bought ?? "" });
    await shelf.track({ type: "purchase", itemId: bought ?? "" });
    for (const kind of ["for-you", "related", "bought-together", "trending", "recently-viewed"] as const) {
      const { items } = await shelf.recommend({ kind, anchors: [bought ?? ""] });
      for (const { item } of items) await shelf.image(item.id);
    }
    await shelf.search("dress");
    const [category] = await shelf.categories();
    await shelf.itemsInCategory(category?.path ?? []);
    await shelf.history.export();
  }, ids);
  const list = page.locator("nearshelf-recommendations").first();
  await list.evaluate((element) => element.setAttribute("kind", "recently-viewed"));
  await expect.poll(() => shownIds(list)).toContain(ids[1]);
  await list.locator('[part="not-interested"]').first().click();
  await page.locator("nearshelf-privacy").locator('[part="erase"]').click();
  await page.locator("nearshelf-privacy").locator('[part="erase-yes"]').click();
  await expect(page.locator("nearshelf-privacy").locator('[part="no-events"]')).toBeVisible();
  expect(quiet.seen()).toEqual([]);
  expect(quiet.sawWorkerLoad()).toBe(true);
  expect(await page.evaluate(() => window.violations)).toEqual([]);
});

test("the page can read what its worker has asked for", async ({ page, shop }) => {
  await shop.visit(page, LISTS);
  await refined(page);
  const asked = () => page.evaluate(async () => (await window.nearshelf.createNearshelf().requests()).map(({ url }) => new URL(url).pathname));
  await expect.poll(asked).toContainEqual(expect.stringMatching(/^\/nearshelf\/models\/.*\.plan$/));
  const before = await asked();
  expect(before).toContainEqual(expect.stringMatching(/\/items-[^/]*\.bin$/));
  await view(page, await someIds(page, 3));
  await page.evaluate(() => window.nearshelf.createNearshelf().recommend({ kind: "for-you" }));
  expect(await asked()).toEqual(before);
});

test("lists do not wait for pictures, and pictures do not wait for models", async ({ page, shop }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/images-[^/]*\.bin$/, async (route) => {
    await held;
    await route.continue();
  });
  await shop.visit(page, LISTS);
  const list = page.locator("nearshelf-recommendations").first();
  await shownIds(list);
  // Frames, not letters that flash: a picture may still come.
  await expect(list.locator('[part="image"], [part="placeholder"]')).toHaveCount(0);
  const fetched = (path: RegExp) => shop.site.requests.some((request) => path.test(request.path));
  expect(fetched(/\/models\/|embeddings-/)).toBe(false);
  release();
  await expect(list.locator('[part="image"]').first()).toBeVisible();
  await refined(page);
  const order = shop.site.requests.map(({ path }) => /images-|embeddings-|\/models\//.exec(path)?.[0]).filter(Boolean);
  expect(order).toEqual(["images-", "embeddings-", "/models/"]);
});

test("after the load it works offline, with the server gone", async ({ page, context, shop }) => {
  await shop.visit(page, LISTS);
  await refined(page);
  const [first] = await someIds(page, 1);
  await context.setOffline(true);
  await shop.site.stop();
  await page.evaluate((id) => {
    const list = document.createElement("nearshelf-recommendations");
    list.kind = "related";
    list.itemId = id ?? "";
    document.body.append(list);
  }, first);
  const list = page.locator('nearshelf-recommendations[kind="related"]');
  expect(await shownIds(list)).not.toContain(first);
  const picture = list.locator('[part="image"]').first();
  await expect(picture).toHaveJSProperty("complete", true);
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
});

test("the pack is fetched once per page, without telling its host which page is open", async ({ page, shop }) => {
  await shop.visit(page, LISTS);
  await refined(page);
  const pack = shop.site.requests.filter(({ path }) => /\.bin$|\.plan$|manifest\.json$/.test(path));
  expect(pack.length).toBeGreaterThan(2);
  expect(new Set(pack.map(({ path }) => path)).size).toBe(pack.length);
  expect(pack.filter(({ referrer }) => referrer !== undefined)).toEqual([]);
});
