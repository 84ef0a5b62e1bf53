import type { Locator } from "@playwright/test";
import { brokenRules, cards, expect, refined, shownIds, someIds, test, view } from "./test";

const LIST = '<nearshelf-recommendations kind="trending" limit="6"></nearshelf-recommendations>';

function reasons(list: Locator): Promise<string[]> {
  return list.locator('[part="reason"]').allTextContents();
}

test("under the strictest policy nothing is violated", async ({ page, shop }) => {
  await shop.visit(page, `${LIST}<nearshelf-privacy></nearshelf-privacy>`);
  await refined(page);
  await shownIds(page.locator("nearshelf-recommendations"));
  const picture = page.locator('[part="image"]').first();
  await expect(picture).toHaveAttribute("src", /^blob:/);
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  expect(await page.evaluate(() => window.violations)).toEqual([]);
  expect((await page.evaluate(() => window.nearshelf.createNearshelf().status())).thread).toBe("worker");
});

test("headings, reasons and privacy are Chinese in a Chinese page", async ({ page, shop }) => {
  await shop.visit(page, '<nearshelf-recommendations></nearshelf-recommendations><nearshelf-privacy></nearshelf-privacy>', {
    lang: "zh-CN",
  });
  await view(page, await someIds(page, 3));
  await page.reload();
  const list = page.locator("nearshelf-recommendations");
  await shownIds(list);
  await expect(list.getByRole("heading", { name: "为你推荐" })).toBeVisible();
  const worded = (await reasons(list)).filter((reason) => reason !== "");
  expect(worded.length).toBeGreaterThan(0);
  for (const reason of worded) expect(reason).toMatch(/\p{Script=Han}/u);
  await expect(page.locator('nearshelf-privacy [part="promise"]')).toHaveText("任何数据都不会离开此浏览器。");
  await expect(page.locator('nearshelf-privacy [part="event"]').first()).toContainText("浏览了");
});

test("reasons name what the shopper viewed", async ({ page, shop }) => {
  await shop.visit(page, '<nearshelf-recommendations limit="12"></nearshelf-recommendations>');
  const ids = await someIds(page, 3);
  await view(page, ids);
  await page.reload();
  const list = page.locator("nearshelf-recommendations");
  await shownIds(list);
  const titles = await page.evaluate(
    async (ids) => (await window.nearshelf.createNearshelf().items(ids)).map(({ title }) => title),
    ids,
  );
  const texts = await reasons(list);
  expect(texts.some((text) => titles.some((title) => text.includes(title)))).toBe(true);
  await list.evaluate((element) => element.setAttribute("no-reasons", ""));
  await expect(list.locator('[part="reason"]')).toHaveCount(0);
});

test("a list that any item suits leaves what was bought together to its own list", async ({ page, shop }) => {
  await shop.visit(page, LIST);
  const [id = ""] = await someIds(page, 1);
  await view(page, [id]);
  const together = `<nearshelf-recommendations kind="bought-together" item-id="${id}" limit="3"></nearshelf-recommendations>`;
  await shop.visit(page, together);
  await refined(page);
  // The list is asked for once more when the models are there.
  await page.waitForTimeout(500);
  const alone = await shownIds(page.locator("nearshelf-recommendations"));
  expect(alone).toHaveLength(3);
  await shop.visit(page, `<nearshelf-recommendations kind="for-you" limit="24"></nearshelf-recommendations>${together}`);
  const [forYou, beside] = [page.locator("nearshelf-recommendations").first(), page.locator("nearshelf-recommendations").last()];
  await refined(page);
  await expect.poll(() => shownIds(beside)).toEqual(alone);
  await expect.poll(async () => (await shownIds(forYou)).filter((shown) => alone.includes(shown))).toEqual([]);
});

test("an item that the pack doesn't have is named in the console, once", async ({ page, shop }) => {
  const warnings: string[] = [];
  page.on("console", (message) => message.type() === "warning" && warnings.push(message.text()));
  const list = '<nearshelf-recommendations kind="related" item-id="SKU-1042"></nearshelf-recommendations>';
  await shop.visit(page, `${list}${list}`);
  await shownIds(page.locator("nearshelf-recommendations").first());
  await refined(page);
  await expect.poll(() => warnings.filter((text) => text.includes('"SKU-1042"')).length).toBe(1);
});

test("a row is one tab stop that arrows, Home and End walk", async ({ page, shop }) => {
  await shop.visit(page, LIST);
  const list = page.locator("nearshelf-recommendations");
  await refined(page);
  await shownIds(list);
  await page.keyboard.press("Tab");
  const link = (position: number) => cards(list).nth(position).locator('[part="link"]');
  await expect(link(0)).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(link(1)).toBeFocused();
  await page.keyboard.press("End");
  await expect(link(5)).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(link(5)).toBeFocused();
  await page.keyboard.press("Home");
  await expect(link(0)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(cards(list).first().locator('[part="not-interested"]')).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");
  await expect(link(0)).not.toBeFocused();
});

test("a listener may take over the click on an item", async ({ page, shop }) => {
  await shop.visit(page, LIST);
  const list = page.locator("nearshelf-recommendations");
  const [first] = await shownIds(list);
  await page.evaluate(() => {
    addEventListener("nearshelf-select", (event) => {
      event.preventDefault();
      document.title = (event as CustomEvent<{ itemId: string }>).detail.itemId;
    });
  });
  const before = page.url();
  await cards(list).first().locator('[part="link"]').click();
  await expect(page).toHaveTitle(first ?? "");
  expect(page.url()).toBe(before);
});

test("two lists on a page never show the same item", async ({ page, shop }) => {
  await shop.visit(page, `${LIST}<nearshelf-recommendations kind="for-you" limit="8"></nearshelf-recommendations>`);
  await refined(page);
  const both = page.locator("nearshelf-recommendations");
  await expect
    .poll(async () => {
      const ids = [...(await shownIds(both.first())), ...(await shownIds(both.last()))];
      return ids.length - new Set(ids).size;
    })
    .toBe(0);
});

test("a list that the shopper is using is not rearranged by the refinement", async ({ page, shop }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/models\//, async (route) => {
    await held;
    await route.continue();
  });
  await shop.visit(page, '<nearshelf-recommendations limit="6"></nearshelf-recommendations>');
  const list = page.locator("nearshelf-recommendations");
  const before = await shownIds(list);
  await cards(list).first().locator('[part="link"]').focus();
  release();
  await refined(page);
  expect(await shownIds(list)).toEqual(before);
  await expect(cards(list).first().locator('[part="link"]')).toBeFocused();
});

test("the skeleton has the height of the list that replaces it", async ({ page, shop }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  await shop.visit(page, LIST);
  const list = page.locator("nearshelf-recommendations");
  await expect(list.locator(".skeleton").first()).toBeAttached();
  const height = () => list.evaluate((element) => Math.round(element.getBoundingClientRect().height));
  const skeleton = await height();
  release();
  await shownIds(list);
  expect(Math.abs((await height()) - skeleton)).toBeLessThanOrEqual(2);
});

test("an empty list says so, or hides when asked to", async ({ page, shop }) => {
  await shop.visit(page, '<nearshelf-recommendations kind="recently-viewed"></nearshelf-recommendations>');
  const list = page.locator("nearshelf-recommendations");
  await expect(list.locator('[part="message"]')).toHaveText("Items you look at appear here.");
  await list.evaluate((element) => element.setAttribute("hide-empty", ""));
  await expect(list.locator('[part="heading"]')).toHaveCount(0);
});

test("changing an attribute asks again", async ({ page, shop }) => {
  await shop.visit(page, LIST);
  const list = page.locator("nearshelf-recommendations");
  await refined(page);
  await shownIds(list);
  await list.evaluate((element) => element.setAttribute("limit", "3"));
  await expect(cards(list)).toHaveCount(3);
});

for (const scheme of ["light", "dark"] as const) {
  test(`no accessibility rule is broken in ${scheme} mode`, async ({ page, shop }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await shop.visit(page, `${LIST}<nearshelf-privacy></nearshelf-privacy>`, {
      head: '<meta name="color-scheme" content="light dark">',
    });
    await refined(page);
    await view(page, await someIds(page, 3));
    await shownIds(page.locator("nearshelf-recommendations"));
    await cards(page).first().locator('[part="not-interested"]').click();
    await page.getByRole("button", { name: "Erase everything" }).click();
    expect(await brokenRules(page)).toEqual([]);
  });
}

test("in a language without a translation the words say that they are English, and titles keep the page's", async ({ page, shop }) => {
  await shop.visit(page, `${LIST}<nearshelf-privacy></nearshelf-privacy>`, { lang: "fr" });
  const list = page.locator("nearshelf-recommendations");
  await shownIds(list);
  await expect(list.locator("section")).toHaveAttribute("lang", "en");
  await expect(list.locator('[part="title"]').first()).toHaveAttribute("lang", "fr");
  await expect(page.locator("nearshelf-privacy section")).toHaveAttribute("lang", "en");
});

test("a client that is given right after the element was made is the one it listens to", async ({ page, shop }) => {
  await shop.visit(page, "");
  await page.evaluate(() => {
    const element = document.createElement("nearshelf-privacy");
    document.querySelector("main")?.append(element);
    element.client = window.nearshelf.createNearshelf({ pack: "/elsewhere/../nearshelf/" });
  });
  await view(page, await someIds(page, 2));
  await expect(page.locator('nearshelf-privacy [part="event"]')).toHaveCount(2);
});

test("what vanishes under the reader's focus hands it on", async ({ page, shop }) => {
  await shop.visit(page, "<nearshelf-privacy></nearshelf-privacy>");
  await page.evaluate(async () => {
    const shelf = window.nearshelf.createNearshelf();
    const items = await shelf.items(Array.from({ length: 60 }, (_, index) => index));
    for (const { id } of items) await shelf.track({ type: "view", itemId: id });
    for (const { id } of items.slice(0, 2)) await shelf.history.setNotInterested(id, true);
  });
  const privacy = page.locator("nearshelf-privacy");
  await privacy.locator('[part="more"]').click();
  await expect(privacy.locator('[part="events"] > li').nth(50)).toBeFocused();
  const again = privacy.locator('[part="show-again"]');
  await expect(again).toHaveCount(2);
  await again.last().click();
  await expect(again).toHaveCount(1);
  await expect(again).toBeFocused();
  await again.click();
  await expect(privacy.locator("#events")).toBeFocused();
});
