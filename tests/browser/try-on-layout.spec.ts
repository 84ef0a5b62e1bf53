/** The fitting room on phones: what is worn stays in view while it is changed, and hides nothing that is used. */

import { CHART, DRESS, ELEMENT, ready } from "./fitting-room";
import { expect, test } from "./test";

const PHONE = '<meta name="viewport" content="width=device-width">';
const PHONES = [
  { width: 320, height: 568 },
  { width: 360, height: 740 },
  { width: 414, height: 896 },
  { width: 740, height: 360 },
];

for (const viewport of PHONES) {
  test(`at ${viewport.width} × ${viewport.height} the whole stage is seen while a colour is chosen, and nothing lies beside the page`, async ({ page, shop }) => {
    await page.setViewportSize(viewport);
    await shop.visit(page, `${ELEMENT}<p style="height: 200vh"></p>`, { head: PHONE });
    const room = await ready(page);
    const swatch = room.locator('[part~="swatch"] input[value="#c81e26"]');
    await swatch.evaluate((input) => input.scrollIntoView({ block: "end" }));
    // By pointer: what lies over it would be pressed in its place.
    await swatch.click();
    await expect(swatch).toBeChecked();
    const stage = (await room.locator('[part="stage"]').boundingBox()) ?? { x: 0, y: -1, width: 0, height: 0 };
    expect(stage.y).toBeGreaterThanOrEqual(0);
    expect(stage.y + stage.height).toBeLessThanOrEqual(viewport.height);
    expect(stage.height).toBeGreaterThan(viewport.height * 0.45);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
  });
}

test("on a phone nothing that the keyboard comes to is behind the stage, forwards or backwards", async ({ page, shop }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  shop.site.file("/test/chart.csv", Buffer.from(CHART));
  await shop.visit(page, `<nearshelf-try-on item-id="${DRESS}" size-chart="/test/chart.csv"></nearshelf-try-on><p><a href="#end">The end</a></p>`, { head: PHONE });
  const room = await ready(page);
  await room.locator('input[name="pattern"][value="stripes"]').check({ force: true });
  await expect(room.locator('[part~="pattern"] .fields')).toBeVisible();
  /** The focused control where it is not in full view, "" where it is; undefined outside of the room. */
  const hidden = () =>
    room.evaluate((element) => {
      const focused = element.shadowRoot?.activeElement;
      const stage = element.shadowRoot?.querySelector('[part="stage"]');
      if (!focused || !stage) return undefined;
      const { top, bottom } = focused.getBoundingClientRect();
      // Pages are scrolled by whole pixels.
      const isSeen = top >= stage.getBoundingClientRect().bottom && bottom <= innerHeight + 1;
      return isSeen ? "" : focused.outerHTML.slice(0, 120);
    });
  for (const [key, from] of [["Tab", '[part="compare"] input'], ["Shift+Tab", '[part="start-over"]']] as const) {
    await room.locator(from).focus();
    const seen: string[] = [];
    for (let one = await hidden(); one !== undefined && seen.length < 60; one = await hidden()) {
      seen.push(one);
      await page.keyboard.press(key);
    }
    expect(seen.length, key).toBeGreaterThan(15);
    expect(seen.filter((one) => one !== ""), key).toEqual([]);
  }
});

test("enlarged to 400 % the stage leaves the whole height to what the keyboard comes to", async ({ page, shop }) => {
  const viewport = { width: 320, height: 256 };
  await page.setViewportSize(viewport);
  await shop.visit(page, `${ELEMENT}<p><a href="#end">The end</a></p>`, { head: PHONE });
  const room = await ready(page);
  await room.locator('[part="compare"] input').focus();
  const places: string[] = [];
  for (let at = 0; at < 40; at += 1) {
    const hidden = await room.evaluate((element) => {
      const focused = element.shadowRoot?.activeElement;
      if (!focused) return undefined;
      const { left, top, right, bottom } = focused.getBoundingClientRect();
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      const above = element.shadowRoot.elementFromPoint(x, y);
      const isCovered = above?.closest('[part="stage"]') != null && !focused.closest('[part="stage"]');
      return isCovered || top < 0 || bottom > innerHeight + 1 ? focused.outerHTML.slice(0, 120) : "";
    });
    if (hidden === undefined) break;
    places.push(hidden);
    await page.keyboard.press("Tab");
  }
  expect(places.length).toBeGreaterThan(15);
  expect(places.filter((one) => one !== "")).toEqual([]);
  const stage = (await room.locator('[part="stage"]').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  expect(stage.y + stage.height).toBeLessThanOrEqual(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
});

test("in a page without margins nothing of it lies beside the page", async ({ page, shop }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await shop.visit(page, ELEMENT, { head: PHONE });
  await page.evaluate(() => (document.body.style.margin = "0"));
  const room = await ready(page);
  await expect(room.locator('[part="suggestion"]').first()).toBeVisible();
  expect((await room.boundingBox())?.width).toBe(360);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});
