import type { Page } from "@playwright/test";
import { cards, expect, shownIds, status, test } from "./test";
import type { SiteResponse } from "./site";

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

function editManifest(edit: (manifest: Record<string, unknown>) => void): (response: SiteResponse) => void {
  return (response) => {
    const manifest = JSON.parse(response.body.toString()) as Record<string, unknown>;
    edit(manifest);
    response.body = Buffer.from(JSON.stringify(manifest));
  };
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
