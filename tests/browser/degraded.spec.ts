import { cards, expect, onlyBaseline, refined, rememberedIds, shownIds, someIds, status, test, view } from "./test";

const LIST = "<nearshelf-recommendations></nearshelf-recommendations>";

test("a browser with relaxed SIMD gets that build, in a worker", async ({ page, shop }) => {
  await shop.visit(page, LIST);
  await shownIds(page.locator("nearshelf-recommendations"));
  expect(await status(page)).toMatchObject({ simd: "relaxed", thread: "worker" });
});

test("without relaxed SIMD the baseline build recommends the same", async ({ page, context, shop }) => {
  await shop.visit(page, LIST);
  await refined(page);
  const relaxed = await shownIds(page.locator("nearshelf-recommendations"));
  const plain = await context.newPage();
  await onlyBaseline(plain);
  await shop.visit(plain, LIST);
  await refined(plain);
  expect(await shownIds(plain.locator("nearshelf-recommendations"))).toEqual(relaxed);
  expect(await status(plain)).toMatchObject({ simd: "baseline", phase: "refined" });
});

test("without any SIMD the list apologises and the shop works", async ({ page, shop }) => {
  await page.addInitScript(() => {
    WebAssembly.validate = () => false;
  });
  await shop.visit(page, `${LIST}<nearshelf-privacy></nearshelf-privacy>`);
  await expect(page.locator('nearshelf-recommendations [part="message"]')).toContainText("browser is too old");
  await expect(page.locator('nearshelf-recommendations [part="retry"]')).toHaveCount(0);
  await expect(page.locator('nearshelf-privacy [part="promise"]')).toBeVisible();
  expect((await status(page)).error).toMatchObject({ code: "simd-missing" });
});

test("without Worker everything runs on the main thread", async ({ page, shop }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, "Worker");
  });
  await shop.visit(page, LIST);
  await refined(page);
  expect((await shownIds(page.locator("nearshelf-recommendations"))).length).toBeGreaterThan(0);
  expect(await status(page)).toMatchObject({ thread: "main", phase: "refined" });
});

test("a worker whose script does not load gives way to the main thread", async ({ page, shop }) => {
  shop.site.spoil(/nearshelf-worker-[^/]*\.js$/, (response) => {
    response.status = 404;
  });
  await shop.visit(page, LIST);
  expect((await shownIds(page.locator("nearshelf-recommendations"))).length).toBeGreaterThan(0);
  expect((await status(page)).thread).toBe("main");
});

test("without IndexedDB history lives in memory and says so", async ({ page, shop }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, "indexedDB");
  });
  await shop.visit(page, `${LIST}<nearshelf-privacy></nearshelf-privacy>`);
  const ids = await someIds(page, 2);
  expect(await view(page, ids)).toEqual([true, true]);
  expect((await status(page)).history).toMatchObject({ storage: "memory", reason: "no-storage", eventCount: 2 });
  await expect(page.locator('[part="storage"]')).toContainText("Kept in memory only");
  await page.evaluate(() => window.nearshelf.createNearshelf().history.erase());
  expect(await rememberedIds(page)).toEqual([]);
});

test("an IndexedDB that refuses to open leaves history in memory", async ({ page, shop }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException("The operation is insecure.", "SecurityError");
    };
  });
  await shop.visit(page, LIST);
  expect(await view(page, await someIds(page, 1))).toEqual([true]);
  expect((await status(page)).history).toMatchObject({ storage: "memory", reason: "no-storage" });
});

test("a full disk moves history into memory without losing the event", async ({ page, shop }) => {
  await page.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, key) {
      if (this.name === "records") throw new DOMException("quota", "QuotaExceededError");
      return put.call(this, value, key);
    };
  });
  await shop.visit(page, LIST);
  const ids = await someIds(page, 1);
  expect(await view(page, ids)).toEqual([true]);
  expect(await rememberedIds(page)).toEqual(ids);
  expect((await status(page)).history).toMatchObject({ storage: "memory", reason: "storage-full" });
});

test("an insecure context keeps history in memory, because it can't encrypt", async ({ page, shop }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Crypto.prototype, "subtle", { get: () => undefined });
  });
  await shop.visit(page, LIST);
  expect(await view(page, await someIds(page, 1))).toEqual([true]);
  expect((await status(page)).history).toMatchObject({ storage: "memory", reason: "insecure-context" });
});

test("a list far down the page waits until it is near", async ({ page, shop }) => {
  const tall = "<p>Words of the shop.</p>".repeat(150);
  await shop.visit(page, `${LIST}${tall}<nearshelf-recommendations kind="trending"></nearshelf-recommendations>`);
  await refined(page);
  const late = page.locator('nearshelf-recommendations[kind="trending"]');
  await expect(late.locator(".skeleton").first()).toBeAttached();
  await expect(cards(late)).toHaveCount(0);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await expect(cards(late).first()).toBeVisible();
});
