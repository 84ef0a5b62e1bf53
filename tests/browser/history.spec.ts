import type { Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { cards, expect, refined, rememberedIds, shownIds, someIds, status, test, view } from "./test";

const PRIVACY = "<nearshelf-privacy></nearshelf-privacy>";

/** Everything in the shop's databases, as a hostile reader of the disk would copy it. */
function rawDatabase(page: Page): Promise<{ records: number; keys: number; readable: string; extractable: boolean[] }> {
  return page.evaluate(async () => {
    const [{ name = "" } = {}] = await indexedDB.databases();
    const database = await new Promise<IDBDatabase>((opened) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => opened(request.result);
    });
    const all = <T>(store: string) =>
      new Promise<T[]>((read) => {
        const request = database.transaction(store).objectStore(store).getAll() as IDBRequest<T[]>;
        request.onsuccess = () => read(request.result);
      });
    const records = await all<{ id: string; ciphertext: ArrayBuffer; iv: Uint8Array }>("records");
    const keys = await all<{ key: CryptoKey }>("keys");
    database.close();
    return {
      records: records.length,
      keys: keys.length,
      readable: records.map(({ id, ciphertext }) => id + new TextDecoder().decode(ciphertext)).join(),
      extractable: keys.map(({ key }) => key.extractable),
    };
  });
}

/** Puts a record of the test's own into the database, sealed as the widget seals. */
function sealForeign(page: Page, record: unknown): Promise<void> {
  return page.evaluate(async (record) => {
    const [{ name = "" } = {}] = await indexedDB.databases();
    const database = await new Promise<IDBDatabase>((opened) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => opened(request.result);
    });
    const { key } = await new Promise<{ key: CryptoKey }>((read) => {
      const request = database.transaction("keys").objectStore("keys").get("main") as IDBRequest<{ key: CryptoKey }>;
      request.onsuccess = () => read(request.result);
    });
    const id = "foreign";
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const additionalData = new TextEncoder().encode(`nearshelf-history/1/${id}`);
    const plaintext = new TextEncoder().encode(JSON.stringify(record));
    const ciphertext = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, plaintext);
    await new Promise<void>((stored) => {
      const transaction = database.transaction("records", "readwrite");
      transaction.objectStore("records").put({ id, iv, ciphertext });
      transaction.oncomplete = () => stored();
    });
    database.close();
  }, record);
}

function consent(page: Page, answer: "granted" | "denied" | "pending" | "not-required"): Promise<void> {
  return page.evaluate((answer) => window.nearshelf.createNearshelf().setConsent(answer), answer);
}

/** From now on the page's browser sends Global Privacy Control. */
async function sendGpc(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true });
  });
}

test("history outlives a reload and explains the recommendations", async ({ page, shop }) => {
  await shop.visit(page, '<nearshelf-recommendations kind="recently-viewed"></nearshelf-recommendations>');
  const ids = await someIds(page, 3);
  expect(await view(page, ids)).toEqual([true, true, true]);
  await page.reload();
  expect(await shownIds(page.locator("nearshelf-recommendations"))).toEqual([...ids].reverse());
  expect((await status(page)).history).toMatchObject({ storage: "encrypted", eventCount: 3, keyLost: false });
});

test("history is encrypted at rest under a key that cannot be exported", async ({ page, shop }) => {
  await shop.visit(page, "");
  const ids = await someIds(page, 3);
  await view(page, ids);
  const raw = await rawDatabase(page);
  expect(raw).toMatchObject({ records: 3, keys: 1, extractable: [false] });
  for (const id of ids) expect(raw.readable).not.toContain(`"${id}"`);
  expect(raw.readable).not.toContain("itemId");
});

test("the shopper sees every event in words and erases them all, with the key", async ({ page, shop }) => {
  await shop.visit(page, PRIVACY);
  const [first = ""] = await someIds(page, 2);
  await view(page, await someIds(page, 2));
  const title = await page.evaluate(
    async (id) => (await window.nearshelf.createNearshelf().items([id]))[0]?.title ?? "",
    first,
  );
  const privacy = page.locator("nearshelf-privacy");
  await expect(privacy.locator('[part="event"]')).toHaveCount(2);
  await expect(privacy.locator('[part="event"]').last()).toContainText(`Viewed ${title}`);
  await expect(privacy.locator('[part="promise"]')).toHaveText("Nothing leaves this browser.");
  await privacy.getByRole("button", { name: "Erase everything" }).click();
  await expect(privacy.getByRole("button", { name: "Keep" })).toBeFocused();
  await privacy.getByRole("button", { name: "Erase", exact: true }).click();
  await expect(privacy.locator('[part="no-events"]')).toBeVisible();
  expect(await rawDatabase(page)).toMatchObject({ records: 0, keys: 0 });
  await page.reload();
  expect(await rememberedIds(page)).toEqual([]);
});

test("after an erase history begins anew under a new key", async ({ page, shop }) => {
  await shop.visit(page, "");
  const ids = await someIds(page, 2);
  await view(page, ids.slice(0, 1));
  await page.evaluate(() => window.nearshelf.createNearshelf().history.erase());
  await view(page, ids.slice(1));
  await page.reload();
  expect(await rememberedIds(page)).toEqual(ids.slice(1));
});

test("an erase in one tab empties the other, whose next event is kept under the new key", async ({ page, context, shop }) => {
  await shop.visit(page, PRIVACY);
  const other = await context.newPage();
  await shop.visit(other, PRIVACY);
  const ids = await someIds(page, 3);
  await view(page, ids.slice(0, 2));
  await expect(other.locator('[part="event"]')).toHaveCount(2);
  await page.evaluate(() => window.nearshelf.createNearshelf().history.erase());
  await expect(other.locator('[part="no-events"]')).toBeVisible();
  await view(other, ids.slice(2));
  await page.reload();
  expect(await rememberedIds(page)).toEqual(ids.slice(2));
});

test("a lost key empties history and says so", async ({ page, shop }) => {
  await shop.visit(page, PRIVACY);
  await view(page, await someIds(page, 2));
  await page.evaluate(async () => {
    const [{ name = "" } = {}] = await indexedDB.databases();
    await new Promise<void>((done) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => {
        const transaction = request.result.transaction("keys", "readwrite");
        transaction.objectStore("keys").clear();
        transaction.oncomplete = () => {
          request.result.close();
          done();
        };
      };
    });
  });
  await page.reload();
  await expect(page.locator("nearshelf-privacy").locator('[part="notice"]')).toContainText("could not be decrypted");
  expect(await rememberedIds(page)).toEqual([]);
  expect((await status(page)).history.keyLost).toBe(true);
});

test("pause records nothing, and resume goes on", async ({ page, shop }) => {
  await shop.visit(page, PRIVACY);
  const ids = await someIds(page, 3);
  await view(page, ids.slice(0, 1));
  await page.getByRole("switch", { name: "Pause history" }).check();
  await expect(page.locator('[part="notice"]')).toContainText("Paused");
  expect(await view(page, ids.slice(1, 2))).toEqual([false]);
  await page.reload();
  await expect(page.getByRole("switch", { name: "Pause history" })).toBeChecked();
  await page.getByRole("switch", { name: "Pause history" }).uncheck();
  await expect(page.locator('[part="notice"]')).toHaveCount(0);
  expect(await view(page, ids.slice(2))).toEqual([true]);
  expect(await rememberedIds(page)).toEqual([ids[2], ids[0]]);
});

test("events over age are forgotten when the shopper shortens the retention", async ({ page, shop }) => {
  await page.clock.install({ time: new Date("2026-01-01T12:00:00Z") });
  await shop.visit(page, PRIVACY);
  const ids = await someIds(page, 2);
  await view(page, ids.slice(0, 1));
  await page.clock.setSystemTime(new Date("2026-02-01T12:00:00Z"));
  await view(page, ids.slice(1));
  await page.getByRole("combobox", { name: "Forget events after" }).selectOption("7");
  await expect(page.locator('[part="event"]')).toHaveCount(1);
  expect(await rememberedIds(page)).toEqual(ids.slice(1));
});

test("the export is a readable file with its schema's version", async ({ page, shop }) => {
  await shop.visit(page, PRIVACY);
  const ids = await someIds(page, 2);
  await view(page, ids);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download as a file" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^history-localhost-\d{4}-\d\d-\d\d\.json$/);
  const exported = JSON.parse(await readFile(await file.path(), "utf8")) as Record<string, unknown>;
  expect(exported).toMatchObject({
    format: "nearshelf-history",
    version: 1,
    events: ids.map((itemId) => ({ event: "view", itemId, title: expect.any(String) as unknown })),
    notInterested: [],
  });
});

test("Global Privacy Control keeps history in memory until the shopper says yes", async ({ page, shop }) => {
  await sendGpc(page);
  await shop.visit(page, PRIVACY);
  const ids = await someIds(page, 2);
  expect(await view(page, ids.slice(0, 1))).toEqual([true]);
  await expect(page.locator('[part="storage"]')).toContainText("Global Privacy Control");
  expect(await page.evaluate(() => indexedDB.databases())).toEqual([]);
  await page.reload();
  expect(await rememberedIds(page)).toEqual([]);
  await view(page, ids.slice(1));
  await page.evaluate(() => window.nearshelf.createNearshelf().setConsent("granted"));
  expect((await status(page)).history.storage).toBe("encrypted");
  expect(await rawDatabase(page)).toMatchObject({ records: 1 });
});

test("an open question keeps nothing on disk, and a no erases what was kept", async ({ page, shop }) => {
  await shop.visit(page, PRIVACY, { head: '<meta name="nearshelf-consent" content="pending">' });
  const ids = await someIds(page, 2);
  await view(page, ids.slice(0, 1));
  expect(await page.evaluate(() => indexedDB.databases())).toEqual([]);
  await page.evaluate(() => window.nearshelf.createNearshelf().setConsent("granted"));
  expect(await rawDatabase(page)).toMatchObject({ records: 1, keys: 1 });
  await page.evaluate(() => window.nearshelf.createNearshelf().setConsent("denied"));
  await expect(page.locator('[part="storage"]')).toContainText("Nothing is recorded.");
  expect(await view(page, ids.slice(1))).toEqual([false]);
  expect(await rememberedIds(page)).toEqual([]);
  await expect.poll(() => page.evaluate(() => indexedDB.databases())).toEqual([]);
});

test("events are there once, however the shopper's answer goes back and forth", async ({ page, shop }) => {
  await shop.visit(page, PRIVACY);
  const ids = await someIds(page, 4);
  await view(page, ids.slice(0, 2));
  await consent(page, "granted");
  expect(await rememberedIds(page)).toEqual([ids[1], ids[0]]);
  await consent(page, "pending");
  await view(page, ids.slice(2, 3));
  expect((await status(page)).history).toMatchObject({ storage: "memory", eventCount: 3, storedEventCount: 2 });
  expect(await rawDatabase(page)).toMatchObject({ records: 2 });
  await consent(page, "granted");
  await consent(page, "not-required");
  await view(page, ids.slice(3));
  const all = [...ids].reverse();
  expect(await rememberedIds(page)).toEqual(all);
  expect(await rawDatabase(page)).toMatchObject({ records: 4 });
  await page.reload();
  expect(await rememberedIds(page)).toEqual(all);
});

test("a no in one tab erases and stops every other", async ({ page, context, shop }) => {
  await shop.visit(page, PRIVACY);
  const other = await context.newPage();
  await shop.visit(other, PRIVACY);
  const ids = await someIds(page, 3);
  await view(other, ids.slice(0, 2));
  await expect(page.locator('[part="event"]')).toHaveCount(2);
  await consent(page, "denied");
  await expect(other.locator('[part="storage"]')).toContainText("Nothing is recorded.");
  await expect(other.locator('[part="no-events"]')).toBeVisible();
  expect(await view(other, ids.slice(2))).toEqual([false]);
  await expect.poll(() => page.evaluate(() => indexedDB.databases())).toEqual([]);
  await other.reload();
  expect(await rememberedIds(other)).toEqual([]);
});

test("a page that opens with a no stops tabs that were open before", async ({ page, context, shop }) => {
  await shop.visit(page, PRIVACY);
  await view(page, await someIds(page, 2));
  const other = await context.newPage();
  await shop.visit(other, PRIVACY, { head: '<meta name="nearshelf-consent" content="denied">', path: "/test/denied" });
  await expect(page.locator('[part="storage"]')).toContainText("Nothing is recorded.");
  expect(await view(page, await someIds(page, 1))).toEqual([false]);
  await expect.poll(() => page.evaluate(() => indexedDB.databases())).toEqual([]);
});

test("what was stored before Global Privacy Control came on is shown and erased, and nothing is added", async ({ page, context, shop }) => {
  await shop.visit(page, PRIVACY);
  const ids = await someIds(page, 3);
  await view(page, ids.slice(0, 2));
  const later = await context.newPage();
  await page.close();
  await sendGpc(later);
  await shop.visit(later, PRIVACY);
  await expect(later.locator('[part="event"]')).toHaveCount(2);
  await expect(later.locator('[part="storage"]')).toContainText("2 earlier events are still stored");
  expect(await view(later, ids.slice(2))).toEqual([true]);
  expect((await status(later)).history).toMatchObject({ storage: "memory", eventCount: 3, storedEventCount: 2 });
  expect(await rawDatabase(later)).toMatchObject({ records: 2 });
  await later.getByRole("combobox", { name: "Forget events after" }).selectOption("7");
  await later.getByRole("button", { name: "Erase everything" }).click();
  await later.getByRole("button", { name: "Erase", exact: true }).click();
  await expect(later.locator('[part="no-events"]')).toBeVisible();
  expect(await rawDatabase(later)).toMatchObject({ records: 0, keys: 0 });
  await expect(later.locator('[part="storage"]')).not.toContainText("earlier");
});

test("what grew old while the question is open is forgotten", async ({ page, shop }) => {
  await page.clock.install({ time: new Date("2026-01-01T12:00:00Z") });
  await shop.visit(page, PRIVACY);
  await view(page, await someIds(page, 2));
  await page.clock.setSystemTime(new Date("2026-12-01T12:00:00Z"));
  await shop.visit(page, PRIVACY, { head: '<meta name="nearshelf-consent" content="pending">', path: "/test/pending" });
  expect(await rememberedIds(page)).toEqual([]);
  expect(await rawDatabase(page)).toMatchObject({ records: 0 });
});

test("a pause that was stored holds while the question is open", async ({ page, shop }) => {
  await shop.visit(page, PRIVACY);
  const ids = await someIds(page, 1);
  await page.getByRole("switch", { name: "Pause history" }).check();
  await shop.visit(page, PRIVACY, { head: '<meta name="nearshelf-consent" content="pending">', path: "/test/pending" });
  await expect(page.getByRole("switch", { name: "Pause history" })).toBeChecked();
  expect(await view(page, ids)).toEqual([false]);
});

test("an erase that the browser refuses says so and leaves everything in sight", async ({ page, shop }) => {
  await shop.visit(page, PRIVACY);
  await view(page, await someIds(page, 2));
  await page.evaluate(() => {
    const refuse = () => {
      throw new DOMException("The disk does not answer.", "UnknownError");
    };
    IDBObjectStore.prototype.clear = refuse;
    IDBFactory.prototype.deleteDatabase = refuse;
  });
  const privacy = page.locator("nearshelf-privacy");
  await privacy.getByRole("button", { name: "Erase everything" }).click();
  await privacy.getByRole("button", { name: "Erase", exact: true }).click();
  await expect(privacy.locator('[part="notice"]')).toContainText("refused to erase");
  await expect(privacy.getByText("Erased.")).toHaveCount(0);
  await expect(privacy.locator('[part="event"]')).toHaveCount(2);
  const code = await page.evaluate(() =>
    window.nearshelf.createNearshelf().history.erase().then(
      () => "erased",
      (error: { code: string }) => error.code,
    ),
  );
  expect(code).toBe("history-not-erased");
  expect((await status(page)).history).toMatchObject({ storage: "encrypted", eventCount: 2 });
});

test("a record of another shape is dropped, and no key is called lost", async ({ page, shop }) => {
  await shop.visit(page, PRIVACY);
  const ids = await someIds(page, 2);
  await view(page, ids);
  await sealForeign(page, { type: "event", event: "view", itemId: 42, timeMillis: 1, quantity: 1 });
  expect(await rawDatabase(page)).toMatchObject({ records: 3 });
  await page.reload();
  expect(await rememberedIds(page)).toEqual([...ids].reverse());
  expect((await status(page)).history.keyLost).toBe(false);
  expect(await rawDatabase(page)).toMatchObject({ records: 2 });
});

test('while history is paused "not interested" lasts as long as the page, and says so', async ({ page, shop }) => {
  const list = page.locator("nearshelf-recommendations");
  await shop.visit(page, '<nearshelf-recommendations kind="trending" limit="6"></nearshelf-recommendations>');
  await refined(page);
  await page.evaluate(() => window.nearshelf.createNearshelf().history.pause());
  const [first = ""] = await shownIds(list);
  await cards(list).first().locator('[part="not-interested"]').click();
  await expect(cards(list).first().locator('[part="undo-panel"]')).toContainText("Hidden until you close or reload");
  await list.evaluate((element) => (element as HTMLElementTagNameMap["nearshelf-recommendations"]).refresh());
  await expect.poll(() => shownIds(list)).not.toContain(first);
  expect(await rawDatabase(page)).toMatchObject({ records: 0 });
  await page.reload();
  expect(await shownIds(list)).toContain(first);
});

test("an item the shopper isn't interested in stays away until it is taken back", async ({ page, shop }) => {
  const list = page.locator("nearshelf-recommendations");
  await shop.visit(page, `<nearshelf-recommendations kind="trending" limit="6"></nearshelf-recommendations>${PRIVACY}`);
  await refined(page);
  const [first = "", second = ""] = await shownIds(list);
  await cards(list).first().locator('[part="not-interested"]').click();
  await expect(cards(list).first().locator('[part="undo"]')).toBeFocused();
  await cards(list).first().locator('[part="undo"]').click();
  await expect(cards(list).first().locator('[part="not-interested"]')).toBeFocused();
  await cards(list).nth(1).locator('[part="not-interested"]').click();
  await expect(page.locator('nearshelf-privacy [part="show-again"]')).toHaveCount(1);
  await page.reload();
  const after = await shownIds(list);
  expect(after).toContain(first);
  expect(after).not.toContain(second);
  await page.locator('nearshelf-privacy [part="show-again"]').click();
  // A page that goes before its word is written keeps the old one.
  await expect.poll(() => rawDatabase(page)).toMatchObject({ records: 0 });
  await page.reload();
  expect(await shownIds(list)).toContain(second);
});
