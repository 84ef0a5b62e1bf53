/** Photos in the fitting room: worn over without leaving memory, of awkward kinds refused in words. */

import type { Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { choosePhoto, ELEMENT, idle, portrait, ready, shown } from "./fitting-room";
import { claiming, cut, disguised, jpeg, noPixels, type PictureFile, plainPng, vastGif, vastPng } from "./picture-files";
import { everythingStored, expect, noRequests, refined, test } from "./test";

test("a photo is worn over, its limits are said, and no pixel of it leaves memory", async ({ page, shop }) => {
  await page.addInitScript(() => {
    const live = new Set<string>();
    Object.assign(window, { live });
    const [create, revoke] = [URL.createObjectURL.bind(URL), URL.revokeObjectURL.bind(URL)];
    URL.createObjectURL = (source) => {
      const url = create(source);
      live.add(url);
      return url;
    };
    URL.revokeObjectURL = (url) => {
      live.delete(url);
      revoke(url);
    };
  });
  const live = () => page.evaluate(() => [...(window as unknown as { live: Set<string> }).live].sort());
  const quiet = noRequests(page.context(), shop.site);
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  await refined(page);
  await idle(room);
  const [urls, storage] = [await live(), await everythingStored(page)];
  quiet.fromNow();
  const photo = await portrait(room);
  await choosePhoto(room, photo);
  await idle(room);
  await expect(room.locator('[part="limits"]')).toContainText("drawn figures only");
  await expect(room.locator('[part="message"]')).toBeEmpty();
  await expect(room.locator("#picture")).toHaveAttribute("aria-label", /^Your photo, wearing Satin slip dress/);
  const [download] = await Promise.all([page.waitForEvent("download"), room.locator('[part="save"]').click()]);
  expect(download.suggestedFilename()).toBe("try-on.png");
  expect((await readFile(await download.path())).subarray(1, 4).toString()).toBe("PNG");
  expect(await live()).toEqual(urls);
  await room.locator('[part="start-over"]').click();
  await expect(room.locator(".spoken")).not.toBeEmpty();
  await expect(room.locator("#picture")).toHaveAttribute("aria-label", /^Drawn figure/);
  await room.evaluate((element) => element.remove());
  expect(await live()).toEqual(urls);
  expect(await everythingStored(page)).toBe(storage);
  expect(quiet.seen()).toEqual([]);
  expect(await page.evaluate(() => window.violations)).toEqual([]);
});

test("once the models are there, no request follows, whatever is tried on", async ({ page, shop }) => {
  const quiet = noRequests(page.context(), shop.site);
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  await refined(page);
  quiet.fromNow();
  await choosePhoto(room, await portrait(room));
  await idle(room);
  const suggestion = room.locator('[part="suggestion"]').first();
  const title = (await suggestion.getAttribute("aria-label")) ?? "";
  await suggestion.click();
  await expect(room.locator('[part="piece"]').filter({ hasText: title })).toBeVisible();
  await idle(room);
  await room.locator('[part~="choose-garment"] input').setInputFiles(plainPng(60, 80, [200, 40, 40]));
  await idle(room);
  await room.locator('[part="adjust"]').click();
  await room.locator('[part="handle"]').first().press("ArrowRight");
  await Promise.all([page.waitForEvent("download"), room.locator('[part="design-json"]').click()]);
  expect(quiet.seen()).toEqual([]);
});

test("that a picture is being looked at is told to those who don't see it", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  await room.evaluate((element) => {
    const told: string[] = [];
    Object.assign(window, { told });
    new MutationObserver(() => {
      for (const region of element.shadowRoot?.querySelectorAll('[role="status"]') ?? []) told.push(region.textContent.trim());
    }).observe(element.shadowRoot ?? element, { subtree: true, childList: true, characterData: true });
  });
  await choosePhoto(room, await portrait(room));
  await expect(room.locator("#picture")).toHaveAttribute("aria-label", /^Your photo/);
  await idle(room);
  expect(await page.evaluate(() => (window as unknown as { told: string[] }).told)).toContain("Looking at the picture …");
});

test("a photo can be dropped and pasted", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  const photo = await portrait(room);
  const hand = (kind: "drop" | "paste") =>
    room.locator("section").evaluate(
      (section, { kind, bytes }) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], "me.png", { type: "image/png" }));
        section.dispatchEvent(kind === "drop" ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }) : new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
      },
      { kind, bytes: [...photo.buffer] },
    );
  await hand("drop");
  await expect(room.locator("#picture")).toHaveAttribute("aria-label", /^Your photo/);
  await room.locator('input[value="mannequin"]').check();
  await expect(room.locator("#picture")).toHaveAttribute("aria-label", /^Drawn figure/);
  await room.locator('input[value="photo"]').check();
  await hand("paste");
  await expect(room.locator("#picture")).toHaveAttribute("aria-label", /^Your photo/);
});

test("a figure that is chosen while a photo is looked at stays", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  const before = await shown(room);
  const photo = await portrait(room);
  await delayFirstDecoding(page);
  await choosePhoto(room, photo);
  await expect(room.locator('[part="busy"]')).toBeVisible();
  await room.locator('input[value="mannequin"]').check();
  await idle(room);
  await expect(room.locator('input[value="mannequin"]')).toBeChecked();
  await expect(room.locator("#picture")).toHaveAttribute("aria-label", /^Drawn figure/);
  await expect.poll(() => shown(room)).toBe(before);
});

test("of two photos the one chosen last is worn, though the first one takes longer", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  const photo = await portrait(room);
  await delayFirstDecoding(page);
  await choosePhoto(room, plainPng(300, 400, [0, 0, 0]));
  await choosePhoto(room, photo);
  await expect(room.locator("#picture")).toHaveAttribute("aria-label", /^Your photo/);
  await idle(room);
  // Nobody is on the first one, which would be said.
  await expect(room.locator('[part="message"]')).toBeEmpty();
  await expect(room.locator("#picture")).toHaveAttribute("aria-label", /^Your photo/);
});

/** The next picture that is decoded takes two seconds. */
async function delayFirstDecoding(page: Page): Promise<void> {
  await page.evaluate(() => {
    const decode = createImageBitmap.bind(window) as (source: ImageBitmapSource, options?: ImageBitmapOptions) => Promise<ImageBitmap>;
    let wait = 2000;
    window.createImageBitmap = async (source: ImageBitmapSource, ...options: unknown[]) => {
      const mine = wait;
      wait = 0;
      await new Promise((later) => setTimeout(later, mine));
      return decode(source, options[0] as ImageBitmapOptions | undefined);
    };
  });
}

const HOSTILE: readonly { readonly title: string; readonly make: (page: Page) => PictureFile | Promise<PictureFile>; readonly said: RegExp }[] = [
  { title: "an empty file", make: () => disguised(""), said: /file is empty/ },
  { title: "text that calls itself a picture", make: () => disguised("hello"), said: /no picture that can be read/ },
  { title: "an SVG with script in it", make: () => disguised('<svg xmlns="http://www.w3.org/2000/svg"><script>window.hacked=1</script></svg>', "a.svg", "image/svg+xml"), said: /no picture that can be read/ },
  { title: "0 × 0 pixels", make: noPixels, said: /no pixels/ },
  { title: "20,000 × 20,000 pixels", make: vastPng, said: /20000 × 20000 pixels/ },
  { title: "a GIF whose frame is larger than it says itself to be", make: vastGif, said: /more than 64 million pixels/ },
  { title: "a JPEG that claims 20,000 × 20,000 pixels", make: async (page) => claiming(await jpeg(page), 20_000, 20_000), said: /20000 × 20000 pixels/ },
  { title: "a JPEG that breaks off", make: async (page) => cut(await jpeg(page, 600, 400), 0.6), said: /breaks off/ },
  { title: "a PNG that breaks off", make: () => cut(plainPng(300, 300, [9, 9, 9]), 0.7), said: /breaks off/ },
  { title: "nobody in sight", make: () => plainPng(300, 400, [0, 0, 0]), said: /No person was found/ },
];

for (const { title, make, said } of HOSTILE) {
  test(`a photo with ${title} is refused in words, and what was there stays`, async ({ page, shop }) => {
    await shop.visit(page, ELEMENT);
    const room = await ready(page);
    const before = await shown(room);
    await choosePhoto(room, await make(page));
    await expect(room.locator('[part="message"]')).toHaveText(said);
    expect(await shown(room)).toBe(before);
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  });
}

test("a file larger than 40 MB is refused before it is read", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await ready(page);
  await room.locator('input[value="photo"]').check();
  // Made in the page: a file of this size doesn't go through the driver.
  await room.evaluate((element) => {
    const input = element.shadowRoot?.querySelector<HTMLInputElement>('[part~="choose-photo"] input');
    const files = new DataTransfer();
    files.items.add(new File([new Uint8Array(41 * 1024 * 1024)], "large.jpg", { type: "image/jpeg" }));
    if (input) input.files = files.files;
    input?.dispatchEvent(new Event("change"));
  });
  await expect(room.locator('[part="message"]')).toHaveText(/larger than 40 MB/);
});
