/** The fitting room as part of a page: in the page's language, in any place and extents, open to everybody, and absent where nobody asks for it. */

import type { Page } from "@playwright/test";
import { CHART, choosePhoto, DRESS, ELEMENT, idle, ready, shown } from "./fitting-room";
import { disguised } from "./picture-files";
import type { Site } from "./site";
import { brokenRules, expect, refined, test } from "./test";

/** Languages whose words were asked for, in this order. */
function wordsAsked(site: Site): string[] {
  return site.requests.flatMap(({ path }) => /vision-words-([a-z]+)/.exec(path)?.[1] ?? []);
}

/** Begins to note the codes of errors that are told. */
async function noteErrors(page: Page): Promise<void> {
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    document.addEventListener("nearshelf-error", (event) => told.push((event as CustomEvent<{ code: string }>).detail.code));
  });
}

const errors = (page: Page) => page.evaluate(() => (window as unknown as { told: string[] }).told);

test("it speaks 简体中文, errors too, and changes its language with the page", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT, { lang: "zh-CN" });
  const room = await ready(page);
  await expect(room.locator('[part="heading"]')).toHaveText("试穿");
  await choosePhoto(room, disguised(""));
  await expect(room.locator('[part="message"]')).toHaveText("文件是空的。");
  expect(wordsAsked(shop.site)).toEqual(["zh"]);
  await page.evaluate(() => (document.documentElement.lang = "en"));
  await expect(room.locator('[part="heading"]')).toHaveText("Try it on");
  await page.evaluate(() => (document.documentElement.lang = "zh-CN"));
  await expect(room.locator('[part="heading"]')).toHaveText("试穿");
  expect(wordsAsked(shop.site)).toEqual(["zh", "en"]);
});

test("words that don't come are told, and come when they are asked for again", async ({ page, shop }) => {
  await page.route(/vision-words-/, (route) => route.abort());
  await shop.visit(page, "");
  await noteErrors(page);
  await page.locator("main").evaluate((main, item) => {
    const element = document.createElement("nearshelf-try-on");
    element.setAttribute("item-id", item);
    main.append(element);
  }, DRESS);
  const room = page.locator("nearshelf-try-on");
  await expect(room.getByRole("alert")).toContainText("This can't be shown right now.");
  expect(await errors(page)).toEqual(["chunk-unreachable"]);
  expect(await brokenRules(page)).toEqual([]);
  // An update alone doesn't ask.
  await room.evaluate((element) => element.setAttribute("heading", "Our fitting room"));
  await page.unroute(/vision-words-/);
  await room.locator('[part="retry"]').click();
  await ready(page);
  await expect(room.locator('[part="heading"]')).toHaveText("Our fitting room");
  await expect(room.locator('[part="piece"]').first()).toBeVisible();
  expect(await errors(page)).toEqual(["chunk-unreachable"]);
});

test("where the words of a language don't come, it goes on in the other and says which", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  await noteErrors(page);
  let asked = 0;
  await page.route(/vision-words-zh/, (route) => ((asked += 1), route.abort()));
  await page.evaluate(() => (document.documentElement.lang = "zh-CN"));
  await expect.poll(() => errors(page)).toEqual(["chunk-unreachable"]);
  for (const heading of ["One", "Two"]) {
    await room.evaluate((element, words) => element.setAttribute("heading", words), heading);
    await expect(room.locator('[part="heading"]')).toHaveText(heading);
  }
  await expect(room.locator("section").first()).toHaveAttribute("lang", "en");
  await expect(room.locator('[part="private"]')).toContainText("No picture is stored");
  expect(asked).toBe(1);
  expect(await errors(page)).toEqual(["chunk-unreachable"]);
});

test("it breaks no rule of accessibility, whatever is open", async ({ page, shop }) => {
  shop.site.file("/test/chart.csv", Buffer.from(CHART));
  await shop.visit(page, `<nearshelf-try-on item-id="${DRESS}" size-chart="/test/chart.csv"></nearshelf-try-on>`);
  const room = await ready(page);
  expect(await brokenRules(page)).toEqual([]);
  await room.locator('[part="adjust"]').click();
  await room.locator('input[name="pattern"][value="checks"]').check();
  await room.locator("summary").click();
  await room.locator('input[value="photo"]').check();
  await idle(room);
  expect(await brokenRules(page)).toEqual([]);
});

test("moved within the page it opens again; a second one is on its own", async ({ page, shop }) => {
  await shop.visit(page, `${ELEMENT}<aside></aside>`);
  await ready(page);
  await page.evaluate(() => {
    const moved = document.querySelector("nearshelf-try-on");
    if (moved) document.querySelector("aside")?.append(moved);
  });
  const room = await ready(page);
  const first = await shown(room);
  await page.evaluate((id) => {
    const second = document.createElement("nearshelf-try-on");
    second.itemId = id;
    document.querySelector("main")?.append(second);
  }, DRESS);
  const other = page.locator("nearshelf-try-on").nth(1);
  await expect(other.locator('[part="piece"]').first()).toBeVisible({ timeout: 30_000 });
  await other.locator('[part~="swatch"] input[value="#c81e26"]').check();
  await idle(other);
  expect(await shown(room)).toBe(first);
});

test("a room whose models can't be had can be tried again", async ({ page, shop }) => {
  shop.site.spoil(/\/vision\/garment-/, (response) => {
    response.status = 503;
    response.headers["cache-control"] = "no-store";
  });
  await shop.visit(page, ELEMENT);
  const room = page.locator("nearshelf-try-on");
  await expect(room.locator('[part="message"]')).toHaveText(/can't be opened right now/, { timeout: 30_000 });
  shop.site.mend();
  await room.locator('[part="start-over"]').click();
  await ready(page);
});

test("pages without it load nothing of it", async ({ page, shop }) => {
  await shop.visit(page, "<nearshelf-privacy></nearshelf-privacy>");
  await refined(page);
  expect(shop.site.requests.filter(({ path }) => path.includes("vision"))).toEqual([]);
});
