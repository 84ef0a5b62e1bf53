/** What the specs of the fitting room have in common: a page with a dress to try on, and how to see what the stage shows. */

import type { Locator, Page } from "@playwright/test";
import { expect } from "./test";
import type { PictureFile } from "./picture-files";

/** A dress of the demo's catalogue. */
export const DRESS = "dress-001-forest";
export const ELEMENT = `<nearshelf-try-on item-id="${DRESS}"></nearshelf-try-on>`;

/** The fitting room, once what the page asks for is worn. */
export async function ready(page: Page): Promise<Locator> {
  const room = page.locator("nearshelf-try-on").first();
  await expect(room.locator('[part="piece"]').first()).toBeVisible({ timeout: 30_000 });
  await idle(room);
  return room;
}

/** Waits until no picture is being looked at. */
export async function idle(room: Locator): Promise<void> {
  await expect(room.locator('[part="busy"]')).toHaveCount(0);
}

/** A number that tells one picture of the stage from another. */
export function shown(room: Locator): Promise<number> {
  return room.locator("#picture").evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    let sum = 0;
    for (const value of data) sum = (sum * 31 + value) % 1_000_000_007;
    return sum;
  });
}

/** What the stage shows, as a file: the drawn figure is as good a photo of a person as a test can have. */
export async function portrait(room: Locator): Promise<PictureFile> {
  const bytes = await room.locator("#bare").evaluate(async (canvas: HTMLCanvasElement) => {
    const blob = await new Promise<Blob | null>((made) => canvas.toBlob(made, "image/png"));
    return [...new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer())];
  });
  return { name: "me.png", mimeType: "image/png", buffer: Buffer.from(bytes) };
}

export async function choosePhoto(room: Locator, file: PictureFile): Promise<void> {
  await room.locator('input[value="photo"]').check();
  await room.locator('[part~="choose-photo"] input').setInputFiles(file);
}

/** A size chart by chest and waist. */
export const CHART = "size,unit,chest_min,chest_max,waist_min,waist_max\nS,cm,84,90,66,72\nM,cm,90,96,72,78\nL,cm,96,102,78,84\n";
