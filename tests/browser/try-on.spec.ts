/** The fitting room as a shopper uses it: who wears what, in which colour, adjusted by pointer and by keyboard, and taken away. */

import { readFile } from "node:fs/promises";
import { DRESS, ELEMENT, idle, ready, shown } from "./fitting-room";
import { expect, test } from "./test";

test("an item is worn by a drawn figure, whose build and tone can be chosen", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  const first = await shown(room);
  await room.locator('input[name="build"]').nth(3).check();
  await expect.poll(() => shown(room)).not.toBe(first);
  const second = await shown(room);
  await room.locator('input[name="tone"]').nth(5).check();
  await expect.poll(() => shown(room)).not.toBe(second);
  expect(await page.evaluate(() => window.violations)).toEqual([]);
});

test("colours and patterns can be put on, undone and redone; what is chosen shows", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  const plain = await shown(room);
  await room.locator('[part~="swatch"] input[value="#c81e26"]').check();
  await expect.poll(() => shown(room)).not.toBe(plain);
  const red = await shown(room);
  await room.locator('input[name="pattern"][value="stripes"]').check();
  await expect.poll(() => shown(room)).not.toBe(red);
  await room.locator('[part="undo"]').click();
  await expect.poll(() => shown(room)).toBe(red);
  await expect(room.locator('input[name="pattern"][value=""]')).toBeChecked();
  await room.locator('[part="undo"]').click();
  await expect.poll(() => shown(room)).toBe(plain);
  await expect(room.locator('input[name="colour"][value=""]')).toBeChecked();
  await room.locator('[part="redo"]').click();
  await expect.poll(() => shown(room)).toBe(red);
});

test("what can't be tried on is neither suggested nor put on", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  await expect(room.locator('[part="suggestion"]').first()).toBeVisible();
  const ids = await room.locator('[part="suggestion"]').evaluateAll((all) => all.map((one) => one.getAttribute("data-item-id") ?? ""));
  expect(ids.filter((id) => /^(bag|belt|watch|scarf|socks|sunglasses|hat|boots|sneakers|sandals|loafers)-/.test(id))).toEqual([]);
  await page.locator("nearshelf-try-on").evaluate((element) => ((element as HTMLElement & { itemId: string }).itemId = "bag-001-black"));
  await expect(room.locator('[part="message"]')).toHaveText(/can't be tried on here/);
  await expect(room.locator('[part="piece"]')).toHaveCount(0);
});

test("what a garment is worn as shows what holds, when another choice fails and when it is done", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  const as = room.locator('[part="as"] select');
  await expect(as).toHaveValue("dress");
  await as.selectOption("top");
  await expect(as).toHaveValue("top");
  await as.selectOption("outer");
  await expect(as).toHaveValue("outer");
  await expect(room.locator('[part="piece"]')).toHaveCount(1);
});

test("handles are moved by keyboard, told where they are, and a run of presses is undone at once", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  const before = await shown(room);
  await room.locator('[part="adjust"]').focus();
  await page.keyboard.press("Enter");
  const handle = room.locator('[part="handle"][data-name="hem-left"]');
  await handle.focus();
  const from = (await handle.boundingBox())?.x ?? 0;
  for (let press = 0; press < 3; press += 1) await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("ArrowUp");
  await expect.poll(() => shown(room)).not.toBe(before);
  expect((await handle.boundingBox())?.x ?? 0).toBeLessThan(from - 10);
  await expect(handle).toBeFocused();
  await expect(handle).toHaveAttribute("aria-label", /Left hem, -?\d+ % across, \d+ % down/);
  await expect(room.locator(".spoken")).toContainText("Left hem");
  await room.locator('[part="undo"]').click();
  await expect.poll(() => shown(room)).toBe(before);
});

test("what is undone can be done again after a mere click on a handle", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  await room.locator('[part~="swatch"] input[value="#c81e26"]').check();
  await expect(room.locator('[part="undo"]')).toBeEnabled();
  await room.locator('[part="undo"]').click();
  await expect(room.locator('[part="redo"]')).toBeEnabled();
  await room.locator('[part="adjust"]').click();
  await room.locator('[part="handle"][data-name="hem-right"]').click();
  await idle(room);
  await expect(room.locator('[part="redo"]')).toBeEnabled();
  await room.locator('[part="redo"]').click();
  await expect(room.locator('input[value="#c81e26"]')).toBeChecked();
});

test("handles are dragged by pointer, one or the whole garment, and reset", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  const before = await shown(room);
  await room.locator('[part="adjust"]').click();
  for (const name of ["whole", "hem-right"]) {
    const handle = room.locator(`[part="handle"][data-name="${name}"]`);
    await handle.scrollIntoViewIfNeeded();
    const box = (await handle.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(24);
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 30, box.y + box.height / 2 + 20, { steps: 5 });
    await page.mouse.up();
    const after = (await handle.boundingBox()) ?? box;
    expect(Math.abs(after.x - box.x - 30), name).toBeLessThan(3);
  }
  await expect.poll(() => shown(room)).not.toBe(before);
  await room.locator('[part="reset"]').click();
  await expect.poll(() => shown(room)).toBe(before);
});

test("the picture is as sharp as before when the room was out of sight", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  const before = await shown(room);
  await room.evaluate(async (element) => {
    const frame = () => new Promise(requestAnimationFrame);
    for (const display of ["none", "", "none", ""]) {
      (element as HTMLElement).style.display = display;
      await frame();
      await frame();
    }
    for (const width of ["40px", ""]) {
      (element as HTMLElement).style.width = width;
      await frame();
      await frame();
    }
  });
  await expect.poll(() => shown(room)).toBe(before);
});

test("the picture before is compared by a slider that says where it stands", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  const slider = room.locator('[part="compare"] input');
  await slider.focus();
  await page.keyboard.press("End");
  await expect(slider).toHaveAttribute("aria-valuetext", "Before");
  await slider.fill("40");
  await expect(room.locator('[part="divider"]')).toBeVisible();
  await expect(slider).toHaveAttribute("aria-valuetext", "40 % before");
});

test("a design is exported as JSON and as a picture, and its event can keep it from being saved", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  await room.locator('[part~="swatch"] input[value="#2f6fd0"]').check();
  await room.locator('input[name="pattern"][value="dots"]').check();
  const [json] = await Promise.all([page.waitForEvent("download"), room.locator('[part="design-json"]').click()]);
  const design = JSON.parse(await readFile(await json.path(), "utf8")) as { format: string; item: { id: string }; colours: { role: string; hex: string }[]; pattern: { kind: string } };
  expect(design.format).toBe("nearshelf-design");
  expect(design.item.id).toBe(DRESS);
  expect(design.colours.find(({ role }) => role === "ground")?.hex.toLowerCase()).toBe("#2f6fd0");
  expect(design.pattern.kind).toBe("dots");
  const [png] = await Promise.all([page.waitForEvent("download"), room.locator('[part="design-png"]').click()]);
  expect(png.suggestedFilename()).toBe("design.png");
  const told = await room.evaluate(
    (element) =>
      new Promise<string>((told) => {
        element.addEventListener("nearshelf-design", (event) => {
          event.preventDefault();
          told((event as CustomEvent<{ design: { format: string } }>).detail.design.format);
        });
        element.shadowRoot?.querySelector<HTMLElement>('[part="design-json"]')?.click();
      }),
  );
  expect(told).toBe("nearshelf-design");
});
