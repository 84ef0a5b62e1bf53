import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { cards, expect, refined, shownIds, someIds, status, test, view } from "./test";
import { editManifest, type SiteResponse } from "./site";

const PAGE = `<nearshelf-recommendations></nearshelf-recommendations><a href="#basket">Basket</a>`;

/** A spoiled pack: an error that is typed, told once and shown politely, on a page that still works. */
async function failsPolitely(page: Page, code: RegExp, errors: readonly string[]): Promise<void> {
  const list = page.locator("nearshelf-recommendations");
  await expect(list.locator('[part="message"]')).toContainText("not available right now");
  expect((await status(page)).error?.code).toMatch(code);
  expect(errors.filter((text) => text.startsWith("nearshelf: "))).toHaveLength(1);
  await page.getByRole("link", { name: "Basket" }).click();
  expect(new URL(page.url()).hash).toBe("#basket");
}

function ours(page: Page): { console: string[]; uncaught: Error[] } {
  const seen: { console: string[]; uncaught: Error[] } = { console: [], uncaught: [] };
  page.on("console", (message) => {
    if (message.type() === "error") seen.console.push(message.text());
  });
  page.on("pageerror", (error) => seen.uncaught.push(error));
  return seen;
}

function flip(response: SiteResponse): void {
  const at = Math.floor(response.body.length / 2);
  response.body = Buffer.from(response.body);
  response.body[at] = (response.body[at] ?? 0) ^ 0xff;
}

const SPOILED: readonly {
  readonly title: string;
  readonly path: RegExp;
  readonly code: RegExp;
  readonly change: (response: SiteResponse) => void;
}[] = [
  {
    title: "a manifest that is not JSON",
    path: /manifest\.json$/,
    code: /pack|manifest/,
    change: (response) => {
      response.body = Buffer.from("<!doctype html><title>Captive portal</title>");
    },
  },
  {
    title: "a truncated manifest",
    path: /manifest\.json$/,
    code: /pack|manifest/,
    change: (response) => {
      response.body = response.body.subarray(0, response.body.length / 2);
    },
  },
  {
    title: "a manifest of a future version",
    path: /manifest\.json$/,
    code: /version|new/,
    change: editManifest((manifest) => {
      manifest["version"] = 999;
    }),
  },
  {
    title: "a manifest that leads out of the pack",
    path: /manifest\.json$/,
    code: /pack|manifest|path/,
    change: editManifest((manifest) => {
      const [chunk] = manifest["chunks"] as { path: string }[];
      if (chunk) chunk.path = "../../private.bin";
    }),
  },
  {
    title: "a manifest that is missing",
    path: /manifest\.json$/,
    code: /manifest-unreachable/,
    change: (response) => {
      response.status = 404;
    },
  },
  { title: "a chunk with a flipped bit", path: /\/items-[^/]*\.bin$/, code: /pack|chunk/, change: flip },
  {
    title: "a truncated chunk",
    path: /\/items-[^/]*\.bin$/,
    code: /pack|chunk/,
    change: (response) => {
      response.body = response.body.subarray(0, 100);
    },
  },
  {
    title: "a chunk that is missing",
    path: /\/items-[^/]*\.bin$/,
    code: /chunk-unreachable/,
    change: (response) => {
      response.status = 404;
    },
  },
  {
    title: "a wasm file that is not one",
    path: /\.wasm$/,
    code: /wasm-unavailable/,
    change: (response) => {
      response.body = Buffer.from("not wasm");
    },
  },
];

for (const { title, path, code, change } of SPOILED) {
  test(`${title} is a typed error in the list, and the page is unharmed`, async ({ page, shop }) => {
    const seen = ours(page);
    shop.site.spoil(path, change);
    await shop.visit(page, PAGE);
    await failsPolitely(page, code, seen.console);
    expect(seen.uncaught).toEqual([]);
  });
}

test("a retry after the server has recovered fills the list", async ({ page, shop }) => {
  shop.site.spoil(/manifest\.json$/, (response) => {
    response.status = 503;
  });
  await shop.visit(page, PAGE);
  const list = page.locator("nearshelf-recommendations");
  await expect(list.locator('[part="retry"]')).toBeVisible();
  shop.site.mend();
  await list.getByRole("button", { name: "Try again" }).click();
  expect((await shownIds(list)).length).toBeGreaterThan(0);
});

test("a spoiled model leaves the recommendations of the pack, and tells the page once", async ({ page, shop }) => {
  const seen = ours(page);
  shop.site.spoil(/\/models\//, flip);
  await page.addInitScript(() => {
    const codes: string[] = [];
    Object.assign(window, { codes });
    addEventListener("nearshelf-error", (event) => codes.push((event as CustomEvent<{ code: string }>).detail.code));
  });
  await shop.visit(page, PAGE);
  const list = page.locator("nearshelf-recommendations");
  await expect.poll(() => page.evaluate(() => (window as unknown as { codes: string[] }).codes.length)).toBe(1);
  await expect(cards(list).first()).toBeVisible();
  expect(seen.console.filter((text) => text.startsWith("nearshelf: "))).toHaveLength(1);
  expect((await status(page)).phase).toBe("ready");
  expect(seen.uncaught).toEqual([]);
});

test("a sound model that is another than the pack needs leaves every list as the pack makes it", async ({ page, shop }) => {
  const plan = readFileSync(resolve(__dirname, "../compat/plan-v1.plan"));
  shop.site.file("/nearshelf/models/other.plan", plan);
  const sha256 = createHash("sha256").update(plan).digest("hex");
  shop.site.spoil(
    /manifest\.json$/,
    editManifest((manifest) => {
      manifest["models"] = [{ name: "for-you", path: "models/other.plan", size_bytes: plan.length, sha256 }];
    }),
  );
  const seen = ours(page);
  await shop.visit(page, PAGE);
  await expect.poll(async () => (await status(page)).error?.code).toBe("model-invalid");
  await view(page, await someIds(page, 3));
  const kinds = ["for-you", "related", "bought-together", "trending", "recently-viewed"] as const;
  const answers = await page.evaluate(
    async (kinds) => {
      const shelf = window.nearshelf.createNearshelf();
      const anchors = (await shelf.items([0])).map(({ id }) => id);
      const lists = await Promise.all(kinds.map((kind) => shelf.recommend({ kind, anchors })));
      return lists.map(({ refinedBy, items }) => `${refinedBy} ${items.length > 0}`);
    },
    [...kinds],
  );
  expect(answers).toEqual(kinds.map(() => "pack true"));
  await expect(page.locator('nearshelf-recommendations [part="message"]')).toHaveCount(0);
  expect(seen.console.filter((text) => text.startsWith("nearshelf: "))).toHaveLength(1);
  expect(seen.uncaught).toEqual([]);
});

test("spoiled pictures leave the lists with tiles, and a retry brings the pictures", async ({ page, shop }) => {
  const seen = ours(page);
  shop.site.spoil(/\/images-[^/]*\.bin$/, flip);
  await shop.visit(page, PAGE);
  await refined(page);
  const list = page.locator("nearshelf-recommendations");
  await expect(list.locator('[part="placeholder"]').first()).toBeVisible();
  expect((await status(page)).error?.code).toBe("pack-invalid");
  expect((await status(page)).pictures).toBe(false);
  shop.site.mend();
  await page.evaluate(() => window.nearshelf.createNearshelf().retry());
  await expect(list.locator('[part="image"]').first()).toBeVisible();
  expect(seen.uncaught).toEqual([]);
});

test("a refinement that failed runs again when it is retried", async ({ page, shop }) => {
  shop.site.spoil(/\/models\//, (response) => {
    response.status = 503;
    response.headers["cache-control"] = "no-store";
  });
  await shop.visit(page, PAGE);
  await expect.poll(async () => (await status(page)).error?.code).toBe("chunk-unreachable");
  expect((await status(page)).phase).toBe("ready");
  shop.site.mend();
  await page.evaluate(() => window.nearshelf.createNearshelf().retry());
  expect(await status(page)).toMatchObject({ phase: "refined", models: ["for-you"] });
});

test("a pack that is no address is told by both elements, and nothing is uncaught", async ({ page, shop }) => {
  const seen = ours(page);
  await shop.visit(
    page,
    '<nearshelf-privacy pack="http://["></nearshelf-privacy><nearshelf-recommendations pack="http://["></nearshelf-recommendations>',
  );
  await expect(page.locator('nearshelf-privacy [part="notice"]')).toContainText("can't be shown");
  await expect(page.locator('nearshelf-recommendations [part="message"]')).toBeVisible();
  await page.locator("nearshelf-privacy").evaluate((element) => element.setAttribute("pack", "/nearshelf/"));
  await expect(page.locator('nearshelf-privacy [part="no-events"]')).toBeVisible();
  expect(seen.uncaught).toEqual([]);
});
