/** The camera of the fitting room, with the picture that Chromium makes up for tests. */

import type { Locator, Page } from "@playwright/test";
import { expect, type Shop, test } from "./test";

const FAKE = ["--use-fake-device-for-media-stream", "--no-sandbox", "--disable-quic", "--no-first-run"];
test.use({ launchOptions: { executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: FAKE } });

const ELEMENT = `<nearshelf-try-on item-id="dress-001-forest"></nearshelf-try-on>`;

/** Notes every track that the page gets of a camera. */
async function noteTracks(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(window, { tracks, asked: 0 });
    const devices = navigator.mediaDevices;
    const ask = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (wanted) => {
      (window as unknown as { asked: number }).asked += 1;
      const stream = await ask(wanted);
      tracks.push(...stream.getTracks());
      return stream;
    };
  });
}

const states = (page: Page) => page.evaluate(() => (window as unknown as { tracks: MediaStreamTrack[] }).tracks.map(({ readyState }) => readyState));
const asked = (page: Page) => page.evaluate(() => (window as unknown as { asked: number }).asked);

async function turnedOn(page: Page) {
  const room = page.locator("nearshelf-try-on");
  await expect(room.locator('[part="piece"]').first()).toBeVisible({ timeout: 30_000 });
  await room.locator('input[value="camera"]').check();
  expect(await asked(page), "choosing is not yet asking").toBe(0);
  await room.locator('[part="start-camera"]').click();
  await expect(room.locator('[part="camera-on"]')).toBeVisible();
  expect(await states(page)).toEqual(["live"]);
  return room;
}

test.beforeEach(async ({ page, context }, { title }) => {
  if (!title.includes("denied")) await context.grantPermissions(["camera"]);
  await noteTracks(page);
});

test("it shows that it is on, and is off once the picture is taken", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = await turnedOn(page);
  await expect.poll(() => room.locator("video").evaluate((video: HTMLVideoElement) => video.videoWidth)).toBeGreaterThan(0);
  await room.locator('[part="take"]').click();
  await expect(room.locator('[part="camera-on"]')).toHaveCount(0);
  expect(await states(page)).toEqual(["ended"]);
  expect(await page.evaluate(() => window.violations)).toEqual([]);
});

test("an impatient shopper turns on one camera, not two", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = page.locator("nearshelf-try-on");
  await expect(room.locator('[part="piece"]').first()).toBeVisible({ timeout: 30_000 });
  await room.locator('input[value="camera"]').check();
  await room.locator('[part="start-camera"]').evaluate((button: HTMLButtonElement) => [1, 2].forEach(() => button.click()));
  await expect(room.locator('[part="camera-on"]')).toBeVisible();
  expect(await asked(page)).toBe(1);
  await room.locator('[part="cancel"]').click();
  await expect.poll(() => states(page)).toEqual(["ended"]);
});

const LEAVING: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  "it is cancelled": (page) => page.locator('nearshelf-try-on [part="cancel"]').click(),
  "a figure is chosen instead": (page) => page.locator('nearshelf-try-on input[value="mannequin"]').check(),
  "all is started over": (page) => page.locator('nearshelf-try-on [part="start-over"]').click(),
  "the element is removed": (page) => page.evaluate(() => document.querySelector("nearshelf-try-on")?.remove()),
  "the page goes out of sight": (page) =>
    page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden" });
      document.dispatchEvent(new Event("visibilitychange"));
    }),
  "the page is left": (page) => page.evaluate(() => window.dispatchEvent(new Event("pagehide"))),
};

for (const [when, leave] of Object.entries(LEAVING)) {
  test(`it goes off when ${when}`, async ({ page, shop }) => {
    await shop.visit(page, ELEMENT);
    await turnedOn(page);
    await leave(page);
    await expect.poll(() => states(page)).toEqual(["ended"]);
    await expect(page.locator('nearshelf-try-on [part="camera-on"]')).toHaveCount(0);
  });
}

test("where it is denied, that is said and a photo can be chosen", async ({ page, shop }) => {
  await shop.visit(page, ELEMENT);
  const room = page.locator("nearshelf-try-on");
  await expect(room.locator('[part="piece"]').first()).toBeVisible({ timeout: 30_000 });
  await room.locator('input[value="camera"]').check();
  await room.locator('[part="start-camera"]').click();
  await expect(room.locator('[part="message"]')).toHaveText(/camera is not allowed/);
  await room.locator('input[value="photo"]').check();
  await expect(room.locator('[part~="choose-photo"]')).toBeVisible();
});

/** The fitting room of a device that has no camera, asked for one. */
async function withoutCamera(page: Page, shop: Shop): Promise<Locator> {
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("Requested device not found", "NotFoundError"));
  });
  await shop.visit(page, ELEMENT);
  const room = page.locator("nearshelf-try-on");
  await expect(room.locator('[part="piece"]').first()).toBeVisible({ timeout: 30_000 });
  await room.locator('input[value="camera"]').check();
  await room.locator('[part="start-camera"]').click();
  return room;
}

test("a device without one says so", async ({ page, shop }) => {
  const room = await withoutCamera(page, shop);
  const message = room.locator('[part="message"]');
  await expect(message).toHaveText("No camera was found.");
  await room.locator('input[value="mannequin"]').check();
  await expect(message).toBeEmpty();
});

test("what went wrong is in sight on a phone, wherever the page is scrolled to", async ({ page, shop }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  const room = await withoutCamera(page, shop);
  await expect(room.locator('[part="message"]')).toHaveText("No camera was found.");
  await expect(room.locator('[part="message"]')).toBeInViewport();
  // Where it stands in the page is out of sight.
  expect(await room.locator('[part="private"]').evaluate((before) => before.getBoundingClientRect().bottom)).toBeLessThan(0);
});
