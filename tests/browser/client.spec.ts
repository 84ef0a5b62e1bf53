/** The client as a shop's code calls it. */

import { expect, refined, rememberedIds, someIds, status, test, view } from "./test";

test("what is no event is refused with a code, and nothing of it is kept", async ({ page, shop }) => {
  await shop.visit(page, "");
  const [id = ""] = await someIds(page, 1);
  const codes = await page.evaluate(async (id) => {
    const shelf = window.nearshelf.createNearshelf();
    const wrong: unknown[] = [
      { type: "view", itemId: 42 },
      { type: "view", itemId: "" },
      { type: "glance", itemId: id },
      { type: "purchase", itemId: id, quantity: NaN },
      undefined,
    ];
    const refused = wrong.map((event) =>
      shelf.track(event as Parameters<typeof shelf.track>[0]).then(
        () => "kept",
        (error: { code: string }) => error.code,
      ),
    );
    refused.push(
      shelf.history.setNotInterested(7 as unknown as string, true).then(
        () => "kept",
        (error: { code: string }) => error.code,
      ),
    );
    return Promise.all(refused);
  }, id);
  expect(codes).toEqual(Array.from({ length: 6 }, () => "request-invalid"));
  expect(await view(page, [id])).toEqual([true]);
  await page.reload();
  expect(await rememberedIds(page)).toEqual([id]);
  expect((await status(page)).history).toMatchObject({ eventCount: 1, keyLost: false });
});

test("a search in full-width capitals finds what plain letters find", async ({ page, shop }) => {
  await shop.visit(page, "");
  const [plain, wide] = await page.evaluate(async () => {
    const shelf = window.nearshelf.createNearshelf();
    await shelf.ready;
    const found = ["linen dress", "ＬＩＮＥＮ　ＤＲＥＳＳ"].map((words) => shelf.search(words));
    return (await Promise.all(found)).map(({ items }) => items.map((item) => item.id));
  });
  expect(plain).not.toEqual([]);
  expect(wide).toEqual(plain);
});

test("what waits when the client is disposed is told so", async ({ page, shop }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\.wasm$/, async (route) => {
    await held;
    await route.continue();
  });
  await shop.visit(page, "");
  const codes = await page.evaluate(async () => {
    const shelf = window.nearshelf.createNearshelf();
    const code = (work: Promise<unknown>) =>
      work.then(
        () => "answered",
        (error: { code: string }) => error.code,
      );
    const waiting = [shelf.ready, shelf.recommend({ kind: "for-you" }), shelf.image(0), shelf.search("dress")].map(code);
    setTimeout(() => shelf.dispose(), 50);
    return [...(await Promise.all(waiting)), await code(shelf.items([0]))];
  });
  expect(codes).toEqual(Array.from({ length: 5 }, () => "disposed"));
  release();
  await page.evaluate(() => window.nearshelf.createNearshelf().ready);
});

test("what the worker is computing when the client is disposed rejects too", async ({ page, shop }) => {
  await shop.visit(page, "");
  await refined(page);
  const code = await page.evaluate(() => {
    const shelf = window.nearshelf.createNearshelf();
    const answer = shelf.search("dress").then(
      () => "answered",
      (error: { code: string }) => error.code,
    );
    queueMicrotask(() => queueMicrotask(() => shelf.dispose()));
    return answer;
  });
  expect(code).toBe("disposed");
});

test("what was bought comes again only where the shop says that it may", async ({ page, shop }) => {
  await shop.visit(page, "");
  await refined(page);
  const came = await page.evaluate(async () => {
    const shelf = window.nearshelf.createNearshelf();
    const [bought] = await shelf.items([0]);
    const itemId = bought?.id ?? "";
    for (let time = 0; time < 3; time += 1) await shelf.track({ type: "purchase", itemId });
    const has = async (repeatPurchases: boolean) => {
      const { items } = await shelf.recommend({ kind: "for-you", limit: 1000, repeatPurchases });
      return items.some(({ item }) => item.id === itemId);
    };
    return { without: await has(false), with: await has(true) };
  });
  expect(came).toEqual({ without: false, with: true });
});
