/** The demo shop as a shopper walks through it: every page, in both languages and both schemes. */

import type { Page } from "@playwright/test";
import { brokenRules, cards, expect, noRequests, test } from "./test";

/** The shop is loaded to the end: the pill that counts requests stands. */
async function loaded(page: Page): Promise<void> {
  await expect(page.locator(".pill")).toBeVisible();
}

/** Puts a product into the cart, in the first size there is. */
async function buy(page: Page): Promise<void> {
  await expect(page.locator("article.product")).toBeVisible();
  const size = page.locator(".sizes label").first();
  if ((await size.count()) > 0) await size.click();
  await page.getByRole("button", { name: "Add to cart" }).click();
  await expect(page.locator(".message.done")).toBeVisible();
}

test("a shopper searches, narrows, buys, changes the language and reads the history, and no request is made", async ({ page, shop }) => {
  const quiet = noRequests(page.context(), shop.site);
  await page.goto(shop.site.address);
  await loaded(page);
  await expect(page.locator(".hero-picture")).toBeVisible();
  await expect.poll(() => page.locator(".hero-picture").evaluate((image: HTMLImageElement) => image.complete)).toBe(true);
  quiet.fromNow();

  await page.getByRole("searchbox").fill("linen shirt");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("linen shirt");
  await page.locator(".grid .card a").first().click();
  await expect(page.locator("article.product")).toBeVisible();
  const title = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
  await expect(page.locator(".large img")).toHaveJSProperty("complete", true);
  await buy(page);

  await page.locator(".departments a").first().click();
  await expect(page.locator(".grid .card").first()).toBeVisible();
  const all = await page.locator(".count-line").textContent();
  await page.getByRole("checkbox", { name: "In stock only" }).check();
  await expect(page.locator(".count-line")).not.toHaveText(all ?? "");
  await expect(page.locator(".grid .card.sold-out")).toHaveCount(0);
  await page.locator(".sorting select").selectOption("price-up");
  await page.locator(".grid .card a").first().click();
  await buy(page);

  await page.locator('.cart-link[href="#/cart"]').click();
  await expect(page.locator(".line")).toHaveCount(2);
  await page.getByRole("button", { name: `One more: ${title}` }).click();
  await expect(page.locator(".line").filter({ hasText: title }).locator("output")).toHaveText("2");
  // A second click of the impatient buys nothing twice.
  await page.getByRole("button", { name: "Check out" }).dblclick();
  await expect(page.getByRole("heading", { name: "Thank you!" })).toBeFocused();

  const language = page.locator(".language select");
  await language.focus();
  await language.selectOption("zh-CN");
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await expect(language).toBeFocused();
  await page.locator(".foot").getByRole("link", { name: "隐私" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("这家店记住了什么");
  const events = page.locator('nearshelf-privacy [part="event"]');
  await expect(events.filter({ hasText: "购买了" })).toHaveCount(2);
  await page.locator(".pill").click();
  await expect(page.locator(".drawer")).toContainText("由模型排序");
  await page.locator(".drawer").getByRole("button", { name: "关闭" }).click();

  // Browsers look the page's icon up again of their own accord.
  expect(quiet.seen().filter((url) => !/icon[^/]*\.(svg|ico)$/.test(url))).toEqual([]);
  expect(quiet.sawWorkerLoad()).toBe(true);
  await expect(page.locator(".pill strong")).toHaveText("0");
  expect(await page.evaluate(() => window.violations)).toEqual([]);
});

test("a request of the worker would show in the shop's count", async ({ page, shop }) => {
  await page.goto(shop.site.address);
  await loaded(page);
  // The worker runs under its own policy: only a request it really makes can prove that it is seen.
  const worker = page.workers()[0];
  expect(worker).toBeDefined();
  await worker?.evaluate(() => fetch("/nearshelf/manifest.json", { cache: "reload" }).then((response) => response.text()));
  await page.goto(`${shop.site.address}/#/cart`);
  await expect(page.locator(".pill strong")).toHaveText("1");
});

test("the files of the assistant and of the fitting room show in the shop's count, each of them", async ({ page, shop }) => {
  await page.goto(shop.site.address);
  await loaded(page);
  await page.waitForLoadState("networkidle");
  const before = shop.site.requests.length;
  const served = () => shop.site.requests.slice(before).filter(({ path }) => !/icon[^/]*\.(svg|ico)$/.test(path)).length;
  for (const [hash, ready] of [
    ["#/chat", "nearshelf-chat textarea"],
    ["#/try-on", "nearshelf-try-on img, nearshelf-try-on canvas"],
  ] as const) {
    const already = served();
    await page.evaluate((to) => (location.hash = to), hash);
    await expect(page.locator(ready).first()).toBeVisible();
    await expect.poll(served).toBeGreaterThan(already + 3);
    await expect.poll(async () => Number(await page.locator(".pill strong").textContent()) - served()).toBe(0);
  }
  await page.locator(".pill").click();
  await expect(page.locator(".drawer-inner > dl")).toContainText("files of the assistant");
  await expect(page.locator(".drawer-inner > dl")).toContainText("files of the fitting room");
});

test("on a phone the count covers no button of the chat", async ({ page, shop }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${shop.site.address}/#/chat`);
  await loaded(page);
  const buttons = page.locator("nearshelf-chat").getByRole("button").or(page.locator("nearshelf-chat input"));
  await expect(buttons.first()).toBeVisible();
  for (const scroll of [0, 100, 200, 10_000]) {
    await page.evaluate((top) => window.scrollTo(0, top), scroll);
    const pill = await page.locator(".pill").boundingBox();
    for (const button of await buttons.all()) {
      const box = await button.boundingBox();
      if (!box || !pill) continue;
      const apart = box.x + box.width <= pill.x || box.x >= pill.x + pill.width || box.y + box.height <= pill.y || box.y >= pill.y + pill.height;
      expect(apart, `${await button.textContent()}, scrolled by ${scroll}`).toBe(true);
    }
  }
});

test("results that take another page's place are shown from their heading", async ({ page, shop }) => {
  await page.goto(shop.site.address);
  await loaded(page);
  await page.evaluate(() => window.scrollTo(0, 900));
  await page.getByRole("searchbox").evaluate((field: HTMLInputElement) => {
    field.value = "dress";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await expect(page.getByRole("heading", { level: 1 })).toContainText("dress");
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(0);
});

test("the twentieth piece is the last one, for the cart and for the history", async ({ page, shop }) => {
  await page.goto(shop.site.address);
  await loaded(page);
  await page.getByRole("searchbox").fill("linen shirt");
  await page.locator(".grid .card:not(.sold-out) a").first().click();
  await buy(page);
  await page.locator('.cart-link[href="#/cart"]').click();
  const more = page.getByRole("button", { name: /^One more/ });
  for (let pieces = 2; pieces <= 20; pieces += 1) {
    await more.click();
    await expect(page.locator(".line output")).toHaveText(String(pieces));
  }
  await expect(more).toBeDisabled();
  await page.goto(`${shop.site.address}/#/privacy`);
  await expect(page.locator('nearshelf-privacy [part="event"]').filter({ hasText: "to the basket" })).toHaveCount(20);
});

test("the open drawer keeps the reader's place when its figures change", async ({ page, shop }) => {
  await page.goto(shop.site.address);
  await loaded(page);
  await page.locator(".pill").click();
  const close = page.locator(".drawer").getByRole("button", { name: "Close" });
  await close.focus();
  const [id = ""] = await cards(page).evaluateAll((items) => items.map((item) => item.getAttribute("data-item-id") ?? ""));
  await page.evaluate(async (itemId) => {
    const { createNearshelf } = (await import(/* @vite-ignore */ `${"/nearshelf/widget/nearshelf.js"}`)) as typeof import("nearshelf");
    await createNearshelf().track({ type: "view", itemId });
  }, id);
  await expect(page.locator(".drawer-inner > dl")).toContainText("1 event");
  await expect(close).toBeFocused();
});

test("the reader compares CPU and GPU, and is told which is used and why", async ({ page, shop }) => {
  await page.goto(shop.site.address);
  await loaded(page);
  await page.locator(".pill").click();
  const comparison = page.locator(".comparison");
  await comparison.getByRole("button").click();
  // This browser has no adapter.
  await expect(comparison.locator("dl")).toContainText("no GPU can be used");
  await expect(comparison.locator("dl dd").first()).toHaveText("CPU");
  expect(await brokenRules(page)).toEqual([]);
});

const PAGES: readonly (readonly [name: string, hash: string, ready: string])[] = [
  ["the home page", "#/", ".hero-picture"],
  ["a category", "#/c/Women", ".grid .card img"],
  ["a product", "", "article.product .large img"],
  ["the search", "#/search?q=dress", ".grid .card img"],
  ["an empty search", "#/search?q=zzzzzz", "h1"],
  ["the cart", "#/cart", "h1"],
  ["the privacy page", "#/privacy", "nearshelf-privacy"],
  ["the chat", "#/chat", "nearshelf-chat textarea"],
  ["a page that is none", "#/nowhere", "h1"],
];
for (const scheme of ["light", "dark"] as const) {
  for (const language of ["en", "zh-CN"] as const) {
    test(`no page of the shop breaks a rule of accessibility, ${scheme}, ${language}`, async ({ page, shop }) => {
      test.slow();
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await page.goto(`${shop.site.address}/?lang=${language}`);
      await loaded(page);
      const [id = ""] = await cards(page).evaluateAll((items) => items.map((item) => item.getAttribute("data-item-id") ?? ""));
      for (const [name, hash, ready] of PAGES) {
        await page.evaluate((hash) => (location.hash = hash), hash === "" ? `#/p/${encodeURIComponent(id)}` : hash);
        await expect(page.locator(ready).first()).toBeVisible();
        expect(await brokenRules(page), name).toEqual([]);
      }
      await page.locator(".pill").click();
      expect(await brokenRules(page), "the drawer").toEqual([]);
    });
  }
}
