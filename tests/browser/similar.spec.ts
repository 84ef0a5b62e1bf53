/** What looks alike, goes together, or is on a picture of the shopper's: compared in the browser, from files of every awkward kind. */

import type { Locator, Page } from "@playwright/test";
import { brokenRules, cards, expect, noRequests, refined, shownIds, test } from "./test";
import { deepPng, jpeg, livelyPng, movingPng, noPixels, type PictureFile, plainPng, printJpeg, turned, vastPng } from "./picture-files";

const DRESS = "dress-001-forest";
const ELEMENT = `<nearshelf-similar item-id="${DRESS}" limit="6"></nearshelf-similar>`;

/** Looks at a file, and waits for what comes of it. */
async function look(similar: Locator, file: PictureFile): Promise<void> {
  await similar.locator('[part~="choose-photo"] input').setInputFiles(file);
  await expect(similar.locator('[part="seen"], [role="alert"]').first()).toBeVisible();
}

/** Width, height and the colours at the top and at the bottom of what was read. */
function read(similar: Locator): Promise<{ width: number; height: number; top: number[]; bottom: number[] }> {
  return similar.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas;
    const at = (y: number) => [...(canvas.getContext("2d")?.getImageData(Math.floor(width / 2), y, 1, 1).data ?? [])].slice(0, 3);
    return { width, height, top: at(2), bottom: at(height - 3) };
  });
}

test("what looks alike, alike in another colour and what goes with it are shown with reasons, and nobody is asked", async ({ page, shop }) => {
  const quiet = noRequests(page.context(), shop.site);
  await shop.visit(page, ELEMENT);
  const similar = page.locator("nearshelf-similar");
  const alike = await shownIds(similar);
  await refined(page);
  quiet.fromNow();
  expect(alike).not.toContain(DRESS);
  expect(alike.length).toBeLessThanOrEqual(6);
  await expect(cards(similar).first().locator('[part="reason"]')).toContainText("Looks alike");
  await similar.locator('input[value="another-colour"]').check();
  await expect(cards(similar).first().locator('[part="reason"]')).toContainText("Alike, in");
  await similar.locator('input[value="goes-with"]').check();
  await expect(cards(similar).first().locator('[part="reason"]')).not.toContainText("Alike, in");
  expect(await shownIds(similar)).not.toEqual(alike);
  expect(quiet.seen()).toEqual([]);
  expect(await page.evaluate(() => window.violations)).toEqual([]);
});

test("it breaks no rule of accessibility, and its kinds are chosen by keyboard", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const similar = page.locator("nearshelf-similar");
  await shownIds(similar);
  expect(await brokenRules(page)).toEqual([]);
  await similar.locator('input[value="similar"]').focus();
  await page.keyboard.press("ArrowRight");
  await expect(similar.locator('input[value="another-colour"]')).toBeChecked();
  await expect(cards(similar).first()).toBeVisible();
  await similar.locator('input[value="photo"]').check();
  expect(await brokenRules(page)).toEqual([]);
});

test("what a card is pressed for is told, and can be prevented", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const similar = page.locator("nearshelf-similar");
  const [first] = await shownIds(similar);
  await page.evaluate(() => {
    document.addEventListener("nearshelf-select", (event) => {
      event.preventDefault();
      Object.assign(window, { selected: (event as CustomEvent<{ itemId: string }>).detail.itemId });
    });
  });
  await similar.locator('[part="link"]').first().click();
  expect(await page.evaluate(() => (window as unknown as { selected: string }).selected)).toBe(first);
});

test("the shop is looked through for a picture, which goes nowhere", async ({ page, shop }) => {
  const quiet = noRequests(page.context(), shop.site);
  await shop.visit(page, '<nearshelf-similar limit="5"></nearshelf-similar>');
  const similar = page.locator("nearshelf-similar");
  await refined(page);
  // The picture of an item of the shop: what is found is nearly itself.
  const bytes = await page.evaluate(async (id) => {
    const image = new Image();
    image.src = (await window.nearshelf.createNearshelf().image(id)) ?? "";
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 600 });
    canvas.getContext("2d")?.drawImage(image, 0, 0, 480, 600);
    const blob = await new Promise<Blob | null>((made) => canvas.toBlob(made, "image/jpeg", 0.9));
    return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer())];
  }, DRESS);
  const file = { name: "seen.jpg", mimeType: "image/jpeg", buffer: Buffer.from(bytes) };
  // The models come with the first picture, whatever it is.
  await similar.locator('[part~="choose-photo"] input').setInputFiles(plainPng(60, 80, [200, 30, 30]));
  await expect(similar.locator('[part="seen"]')).toBeVisible();
  quiet.fromNow();
  await similar.locator('[part~="choose-photo"] input').setInputFiles(file);
  await expect(similar.locator('[part="seen"]')).toContainText("dress");
  await expect.poll(() => shownIds(similar)).toContain(DRESS);
  expect(await similar.locator('[part="subheading"]').allTextContents()).toContain("Looks similar");
  expect(quiet.seen()).toEqual([]);
});

test("pictures are read upright, in sRGB, with whatever was left out said", async ({ page, shop }) => {
  await shop.visit(page, "<nearshelf-similar></nearshelf-similar>");
  const similar = page.locator("nearshelf-similar");
  const message = similar.locator('[role="alert"]');
  await look(similar, turned(await jpeg(page, 60, 40), 6, 8_000_000));
  await expect(message).toHaveCount(0);
  const upright = await read(similar);
  expect([upright.width, upright.height]).toEqual([40, 60]);
  expect(upright.top[0], "red is on top").toBeGreaterThan(200);
  expect(upright.bottom[2], "blue is below").toBeGreaterThan(200);
  await look(similar, movingPng());
  await expect(message).toContainText("first frame");
  expect((await read(similar)).top).toEqual([255, 0, 0]);
  await look(similar, printJpeg());
  await expect(message).toContainText("CMYK");
  expect((await read(similar)).top[0]).toBeGreaterThan(150);
  await look(similar, deepPng());
  await expect(message).toContainText("8 bits");
  expect(Math.abs(((await read(similar)).top[0] ?? 0) - 0x20)).toBeLessThanOrEqual(1);
  await look(similar, livelyPng([200, 100, 100]));
  expect((await read(similar)).top[0], "livelier in sRGB").toBeGreaterThan(205);
});

test("files that hold too much or nothing are refused in words of the page's language", async ({ page, shop }) => {
  await shop.visit(page, "<nearshelf-similar></nearshelf-similar>", { lang: "zh-CN" });
  const similar = page.locator("nearshelf-similar");
  await look(similar, vastPng());
  await expect(similar.locator('[role="alert"]')).toContainText("20000 × 20000 像素");
  await look(similar, noPixels());
  await expect(similar.locator('[role="alert"]')).toContainText("图片没有像素");
});
