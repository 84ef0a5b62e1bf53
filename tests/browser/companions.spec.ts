import type { Page } from "@playwright/test";
import { brokenRules, expect, refined, shownIds, test } from "./test";

/** The first dress of the catalogue. */
function dress(page: Page): Promise<{ id: string; title: string }> {
  return page.evaluate(async () => {
    const { items } = await window.nearshelf.createNearshelf().itemsInCategory(["Women", "Dresses"], { limit: 1 });
    const [{ id, title } = { id: "", title: "" }] = items;
    return { id, title };
  });
}

/** The narrowest category of each item. */
function sorts(page: Page, ids: readonly string[]): Promise<string[]> {
  return page.evaluate(async (ids) => {
    const items = await window.nearshelf.createNearshelf().items(ids);
    return items.map(({ category }) => category.at(-1) ?? "");
  }, ids);
}

function list(kind: string, id = "", more = ""): string {
  return `<nearshelf-recommendations kind="${kind}" item-id="${id}" limit="6" ${more}></nearshelf-recommendations>`;
}

test("what goes with a dress is no dress, and says why", async ({ page, shop }) => {
  await shop.visit(page, "");
  const { id, title } = await dress(page);
  await shop.visit(page, list("goes-with", id));
  const found = page.locator("nearshelf-recommendations");
  const ids = await shownIds(found);
  expect(ids).toHaveLength(6);
  expect(await sorts(page, ids)).not.toContain("Dresses");
  await expect(found.getByRole("heading", { name: "Goes well with it" })).toBeVisible();
  const reasons = await found.locator('[part="reason"]').allTextContents();
  for (const reason of reasons) expect(reason).toContain(title);
  expect(await brokenRules(page)).toEqual([]);
  expect(await page.evaluate(() => window.violations)).toEqual([]);
});

test("an outfit has one of each sort, none of them the item's own", async ({ page, shop }) => {
  await shop.visit(page, "");
  const { id } = await dress(page);
  await shop.visit(page, list("outfit", id));
  await refined(page);
  const found = page.locator("nearshelf-recommendations");
  await expect(found.getByRole("heading", { name: "Complete the look" })).toBeVisible();
  const ids = await shownIds(found);
  const worn = ["Dresses", ...(await sorts(page, ids))];
  expect(worn.length).toBeGreaterThan(2);
  expect(new Set(worn).size).toBe(worn.length);
});

test("without an item it is the cart that is completed; without a cart it says that nothing is known", async ({ page, shop }) => {
  await shop.visit(page, list("goes-with"));
  const found = page.locator("nearshelf-recommendations");
  await expect(found).toContainText("Nothing is known to go with this yet.");
  const { id, title } = await dress(page);
  await page.evaluate((itemId) => window.nearshelf.createNearshelf().track({ type: "add_to_cart", itemId }), id);
  await page.reload();
  expect(await sorts(page, await shownIds(found))).not.toContain("Dresses");
  await expect(found.locator('[part="reason"]').first()).toContainText(`Goes with ${title}`);
  await page.evaluate((itemId) => window.nearshelf.createNearshelf().track({ type: "remove", itemId }), id);
  await page.reload();
  await expect(found).toContainText("Nothing is known to go with this yet.");
});

test("a list that hides when it is empty leaves no heading behind", async ({ page, shop }) => {
  await shop.visit(page, `${list("outfit", "", "hide-empty")}<p>below</p>`);
  await refined(page);
  await page.getByText("below").scrollIntoViewIfNeeded();
  await expect(page.locator("nearshelf-recommendations").getByRole("heading")).toHaveCount(0);
  await expect(page.locator("nearshelf-recommendations")).not.toContainText("Nothing is known");
});
