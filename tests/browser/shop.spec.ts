import type { Locator, Page } from "@playwright/test";
import { cards, expect, rememberedIds, shownIds, test } from "./test";

/** The first list on the page that shows items. */
function firstList(page: Page): Locator {
  return page.locator("nearshelf-recommendations").filter({ has: page.locator('[part="card"][data-item-id]') }).first();
}

/** Follows the first recommendation to its product page; answers with the item's id. */
async function followFirst(page: Page): Promise<string> {
  const list = firstList(page);
  const [id = ""] = await shownIds(list);
  const before = page.url();
  await cards(list).first().locator('[part="link"]').click();
  await expect.poll(() => page.url()).not.toBe(before);
  return id;
}

test("a shopper visits, looks, is recommended, returns, and erases it all", async ({ page, context, shop }) => {
  await page.goto(shop.site.address);
  const looked = await followFirst(page);
  const related = page.locator('nearshelf-recommendations[kind="related"]').first();
  expect(await shownIds(related)).not.toContain(looked);

  // A second tab of the same shop sees what was remembered, in words.
  const privacy = await context.newPage();
  await shop.visit(privacy, "<nearshelf-privacy></nearshelf-privacy>");
  await expect.poll(() => rememberedIds(privacy)).toContain(looked);
  await expect(privacy.locator('[part="event"]').first()).toContainText("Viewed");

  await page.reload();
  await expect(cards(page).first()).toBeVisible();
  expect(await rememberedIds(privacy)).toContain(looked);

  await privacy.getByRole("button", { name: "Erase everything" }).click();
  await privacy.getByRole("button", { name: "Erase", exact: true }).click();
  await page.goto(shop.site.address);
  await expect(cards(page).first()).toBeVisible();
  expect(await rememberedIds(privacy)).toEqual([]);
});

test("the demo shop violates no policy and throws no error", async ({ page, shop }) => {
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => {
    // Chromium asks for an icon of its own accord.
    const icon = message.location().url.endsWith("/favicon.ico");
    if (message.type() === "error" && !icon) wrong.push(message.text());
  });
  await page.goto(shop.site.address);
  await followFirst(page);
  await expect(cards(page).first()).toBeVisible();
  expect(await page.evaluate(() => window.violations)).toEqual([]);
  expect(wrong).toEqual([]);
});

test("the demo shop serves everything itself", async ({ page, shop }) => {
  const elsewhere: string[] = [];
  // The page may ask for something when the test, and with it the site, has ended.
  const { address } = shop.site;
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.origin !== address) elsewhere.push(request.url());
  });
  await page.goto(address);
  await expect(cards(page).first()).toBeVisible();
  await followFirst(page);
  expect(elsewhere).toEqual([]);
});
