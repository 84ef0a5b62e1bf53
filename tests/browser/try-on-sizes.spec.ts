/** Size advice in the fitting room: from the shop's chart and what the shopper measured, kept only where that is asked. */

import { CHART, DRESS, ready } from "./fitting-room";
import { expect, test } from "./test";

test("a size is advised, measurements are kept only when asked, and erased with everything else", async ({ page, shop }) => {
  shop.site.file("/test/chart.csv", Buffer.from(CHART));
  const body = `<nearshelf-try-on item-id="${DRESS}" size-chart="/test/chart.csv"></nearshelf-try-on><nearshelf-privacy></nearshelf-privacy>`;
  await shop.visit(page, body);
  let room = await ready(page);
  await room.locator("summary").click();
  await room.locator('[part="advise"]').click();
  await expect(room.locator('[part="advice"]')).toContainText("at least one measure");
  await room.locator('input[name="chest"]').fill("93");
  await room.locator('[part="advise"]').click();
  await expect(room.locator('[part="advised"]')).toHaveText("Your size: M");
  const kept = () => page.evaluate(() => window.nearshelf.createNearshelf().history.measurements());
  expect(await kept()).toBeUndefined();
  await room.locator('[part="keep"] input').check();
  await room.locator('[part="advise"]').click();
  await expect.poll(kept).toEqual({ unit: "cm", chest: 93 });
  await page.reload();
  room = await ready(page);
  await room.locator("summary").click();
  await expect(room.locator('input[name="chest"]')).toHaveValue("93");
  const exported = await page.evaluate(() => window.nearshelf.createNearshelf().history.export());
  expect(exported.measurements).toEqual({ unit: "cm", chest: 93 });
  const privacy = page.locator("nearshelf-privacy");
  await privacy.locator('[part="erase"]').click();
  await privacy.locator('[part="erase-yes"]').click();
  await expect.poll(kept).toBeUndefined();
  await page.reload();
  room = await ready(page);
  await room.locator("summary").click();
  await expect(room.locator('input[name="chest"]')).toHaveValue("");
});

test("measurements that make no sense are told so, and go at once when they are taken back", async ({ page, shop }) => {
  shop.site.file("/test/chart.csv", Buffer.from(CHART));
  await shop.visit(page, `<nearshelf-try-on item-id="${DRESS}" size-chart="/test/chart.csv"></nearshelf-try-on>`);
  const room = await ready(page);
  await room.locator("summary").click();
  await room.locator('input[name="chest"]').fill("9300");
  await room.locator('[part="advise"]').click();
  await expect(room.locator('[part="advice"]')).toContainText("check the numbers and the unit");
  await room.locator('input[name="chest"]').fill("93");
  await room.locator('[part="keep"] input').check();
  await room.locator('[part="advise"]').click();
  const kept = () => page.evaluate(() => window.nearshelf.createNearshelf().history.measurements());
  await expect.poll(kept).toBeDefined();
  await room.locator('[part="keep"] input').uncheck();
  await expect.poll(kept).toBeUndefined();
});

test("a size chart of any length is refused without being read, in words that the shop sees", async ({ page, shop }) => {
  shop.site.file("/test/long.csv", Buffer.from(CHART + "S,cm,84,90,66,72\n".repeat(200_000)));
  await page.addInitScript(() => {
    const faults: string[] = [];
    Object.assign(window, { faults });
    document.addEventListener("nearshelf-error", (event) => faults.push((event as CustomEvent<{ code: string; message: string }>).detail.code));
  });
  await shop.visit(page, `<nearshelf-try-on item-id="${DRESS}" size-chart="/test/long.csv"></nearshelf-try-on>`);
  const room = await ready(page);
  await expect.poll(() => page.evaluate(() => (window as unknown as { faults: string[] }).faults)).toEqual(["size-chart-invalid"]);
  await expect(room.locator("summary")).toHaveCount(0);
});
