import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import type { Site, SiteResponse } from "./site";
import { expect, test } from "./test";

/** The demo shop in twelve lists, of which three are looked at, and with all of them looked at: build.sh packs both. */
const [SOME, ALL] = ["demo-shards", "demo-shards-all"].map((name) => resolve(__dirname, "../../build", name)) as [string, string];

interface Asked {
  readonly kind?: "for-you" | "related";
  readonly anchors?: readonly string[];
  readonly pack?: string;
  readonly decoys?: number;
}

/** Serves the packs below `/some/` and `/all/`. */
async function serve(site: Site): Promise<void> {
  for (const [prefix, folder] of [["/some/", SOME], ["/all/", ALL]] as const) {
    if (!existsSync(join(folder, "manifest.json"))) throw new Error(`${folder} holds no pack: run ./build.sh test, which packs it`);
    await site.folder(prefix, folder);
  }
}

/** Ids of a list, once everything that is loaded beforehand is there. */
function ask(page: Page, asked: Asked): Promise<string[]> {
  return page.evaluate(async ({ kind = "related", anchors = [], pack, decoys }) => {
    const client = window.nearshelf.createNearshelf({ ...(pack && { pack }), ...(decoys !== undefined && { decoys }) });
    await client.ready;
    while (client.status().phase !== "refined") await new Promise((wait) => setTimeout(wait, 20));
    const { items } = await client.recommend({ kind, anchors, limit: 12, diversity: 0 });
    return items.map(({ item }) => item.id);
  }, asked);
}

function ids(page: Page, count: number): Promise<string[]> {
  return page.evaluate(async (count) => {
    const client = window.nearshelf.createNearshelf();
    await client.ready;
    const items = await client.items(Array.from({ length: count }, (_, index) => index * 7));
    return items.map(({ id }) => id);
  }, count);
}

/** Shards that were asked for so far. */
function shards(site: Site): string[] {
  return site.requests.map(({ path }) => path).filter((path) => path.includes("/shards/"));
}

function error(page: Page, pack: string): Promise<string | undefined> {
  return page.evaluate((pack) => window.nearshelf.createNearshelf({ pack }).status().error?.code, pack);
}

function flip(response: SiteResponse): void {
  response.body = Buffer.from(response.body);
  response.body[20] = (response.body[20] ?? 0) ^ 0xff;
}

test.beforeEach(({ shop }) => serve(shop.site));

test("with all lists looked at, lists are those of embeddings that are loaded whole", async ({ page, shop }) => {
  await shop.visit(page, "");
  const anchors = await ids(page, 8);
  for (const anchor of anchors) {
    const whole = await ask(page, { anchors: [anchor] });
    expect(whole).toHaveLength(12);
    expect(await ask(page, { anchors: [anchor], pack: "/all/" })).toEqual(whole);
  }
});

test("so does the model, which reads the rows of the history first", async ({ page, shop }) => {
  await shop.visit(page, "");
  const viewed = await ids(page, 5);
  const lists = await page.evaluate(async (viewed) => {
    const found: string[][] = [];
    for (const pack of [undefined, "/all/"]) {
      const client = window.nearshelf.createNearshelf(pack ? { pack } : {});
      await client.ready;
      while (client.status().phase !== "refined") await new Promise((wait) => setTimeout(wait, 20));
      for (const itemId of viewed) await client.track({ type: "view", itemId });
      const { items, refinedBy } = await client.recommend({ kind: "for-you", limit: 12, diversity: 0 });
      found.push([refinedBy, ...items.map(({ item }) => item.id)]);
    }
    return found;
  }, viewed);
  expect(lists[0]?.[0]).toBe("model");
  expect(lists[1]).toEqual(lists[0]);
});

test("nothing is fetched before a list needs it, then few files, and none twice", async ({ page, shop }) => {
  await shop.visit(page, "");
  const [anchor] = await ids(page, 1);
  await ask(page, { kind: "for-you", pack: "/some/" });
  expect(shards(shop.site), "without a history nothing is looked for").toEqual([]);
  expect(await ask(page, { anchors: [anchor ?? ""], pack: "/some/" })).toHaveLength(12);
  const first = shards(shop.site);
  expect(first.length).toBeGreaterThan(1);
  // The anchor's own list, and the three closest.
  expect(first.length).toBeLessThanOrEqual(4);
  await ask(page, { anchors: [anchor ?? ""], pack: "/some/" });
  expect(shards(shop.site)).toEqual(first);
  expect(shop.site.requests.filter(({ path, referrer }) => path.includes("/shards/") && referrer !== undefined)).toEqual([]);
});

test("decoys are fetched with each file where the page asks for them", async ({ page, shop }) => {
  await shop.visit(page, "");
  const [anchor] = await ids(page, 1);
  await ask(page, { anchors: [anchor ?? ""], pack: "/some/" });
  const plain = new Set(shards(shop.site));
  await shop.visit(page, "", { path: "/again/" });
  const before = shards(shop.site).length;
  await ask(page, { anchors: [anchor ?? ""], pack: "/some/", decoys: 2 });
  const hidden = shards(shop.site).slice(before);
  expect(hidden.length).toBeGreaterThan(plain.size);
  expect(new Set(hidden).size).toBe(hidden.length);
  const told = await page.evaluate(() => {
    try {
      window.nearshelf.createNearshelf({ pack: "/elsewhere/", decoys: -1 });
      return "";
    } catch (cause) {
      return (cause as { code: string }).code;
    }
  });
  expect(told).toBe("request-invalid");
});

test("a damaged shard is told by its code, the list comes without it, and is mended by asking again", async ({ page, shop }) => {
  await shop.visit(page, "");
  const [anchor] = await ids(page, 1);
  shop.site.spoil(/\/shards\//, flip);
  expect((await ask(page, { anchors: [anchor ?? ""], pack: "/some/" })).length).toBeGreaterThan(0);
  expect(await error(page, "/some/")).toBe("pack-invalid");
  shop.site.mend();
  const mended = await ask(page, { anchors: [anchor ?? ""], pack: "/some/" });
  await shop.visit(page, "", { path: "/again/" });
  expect(await ask(page, { anchors: [anchor ?? ""], pack: "/some/" })).toEqual(mended);
});

test("offline, lists come from what is there", async ({ page, context, shop }) => {
  await shop.visit(page, "");
  const [known, other] = await ids(page, 2);
  const before = await ask(page, { anchors: [known ?? ""], pack: "/some/" });
  await context.setOffline(true);
  await shop.site.stop();
  expect(await ask(page, { anchors: [known ?? ""], pack: "/some/" })).toEqual(before);
  await page.evaluate(async () => {
    // Another part of the catalogue, which was never fetched.
    const client = window.nearshelf.createNearshelf({ pack: "/some/" });
    const items = await client.items(Array.from({ length: 200 }, (_, index) => index));
    for (const { id } of items) await client.recommend({ kind: "related", anchors: [id] });
  });
  expect((await ask(page, { anchors: [other ?? ""], pack: "/some/" })).length).toBeGreaterThan(0);
  expect(await error(page, "/some/")).toBe("chunk-unreachable");
});

test("what is promised to the shopper says what the mode tells", async ({ page, shop }) => {
  await shop.visit(page, '<nearshelf-privacy pack="/some/"></nearshelf-privacy>');
  const promise = page.locator("nearshelf-privacy").locator('[part="promise"]');
  await expect(promise).toContainText("lets the shop guess");
  expect(await page.evaluate(() => window.nearshelf.createNearshelf({ pack: "/some/" }).status().sharded)).toBe(true);
  await shop.visit(page, "<nearshelf-privacy></nearshelf-privacy>", { path: "/whole/" });
  await expect(promise).toHaveText("Nothing leaves this browser.");
  expect(await page.evaluate(() => window.nearshelf.createNearshelf().status().sharded)).toBe(false);
});
