/** The fixtures that every spec uses: a site of its own, and a page that notes what went wrong in it. */

import axe from "axe-core";
import { test as base, type BrowserContext, expect, type Locator, type Page } from "@playwright/test";
import type * as Exports from "nearshelf";
import { Site, Upstream } from "./site";

declare global {
  interface Window {
    nearshelf: typeof Exports;
    violations: string[];
  }
}

export interface Shop {
  readonly site: Site;
  /** Opens a page of the test's own that holds `body`, and waits until the widget's script has run. */
  visit(page: Page, body: string, options?: { csp?: string; lang?: string; path?: string; head?: string }): Promise<void>;
}

export const test = base.extend<{ shop: Shop; site: Site }, { upstream: Upstream }>({
  upstream: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of the fixtures out of this pattern.
    async ({}, use) => {
      const upstream = await Upstream.start();
      await use(upstream);
      upstream.stop();
    },
    { scope: "worker" },
  ],
  site: async ({ upstream }, use) => {
    const site = new Site(upstream);
    await site.start();
    await use(site);
    await site.stop();
  },
  shop: async ({ site, context }, use) => {
    await noteViolations(context);
    await use({
      site,
      async visit(page, body, { csp, lang = "en", path = "/test/", head = "" } = {}) {
        const html = `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>A shop</title>${head}
          <script type="module" src="/test/client.js"></script></head>
          <body><main><h1>A shop</h1>${body}</main></body></html>`;
        site.page(path, html, csp);
        await page.goto(site.address + path);
        await page.waitForFunction(() => "nearshelf" in window);
      },
    });
  },
});

export { expect };

/** What is asked for in any page or worker of the context, as browser and server see it. */
export function noRequests(context: BrowserContext, site: Site) {
  const loaded: string[] = [];
  let asked: string[] = loaded;
  let served = 0;
  context.on("request", (request) => {
    // Pictures out of the pack are blobs: nobody is asked for them.
    if (/^https?:/.test(request.url())) asked.push(request.url());
  });
  return {
    fromNow() {
      asked = [];
      served = site.requests.length;
    },
    seen: () => [...asked, ...site.requests.slice(served).map(({ path }) => path)],
    /** Whether the worker's own requests are among what the browser tells: else this would prove nothing. */
    sawWorkerLoad: () => loaded.some((url) => /\/items-[^/]*\.bin$/.test(url)),
  };
}

/** Everything that the page's origin keeps, as text: each record of each database, both storages, cookies, and what caches hold. */
export function everythingStored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const result = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error ?? new Error("a request failed"));
      });
    const digest = async (bytes: ArrayBuffer) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].join();
    /** JSON would leave out what bytes, keys and files hold. */
    const plain = async (value: unknown): Promise<unknown> => {
      if (value instanceof CryptoKey) return { key: value.algorithm, usages: value.usages };
      if (value instanceof Blob) return { blob: await digest(await value.arrayBuffer()) };
      if (value instanceof ArrayBuffer) return { bytes: await digest(value) };
      if (ArrayBuffer.isView(value)) return { view: await digest(new Uint8Array(value.buffer as ArrayBuffer).slice(value.byteOffset, value.byteOffset + value.byteLength).buffer) };
      if (typeof value !== "object" || value === null) return String(value);
      return Promise.all(Object.entries(value).map(async ([name, held]) => [name, await plain(held)]));
    };
    const databases: unknown[] = [];
    for (const { name, version } of await indexedDB.databases()) {
      const database = await result(indexedDB.open(name ?? ""));
      for (const store of database.objectStoreNames) {
        const records = database.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([result(records.getAllKeys()), result(records.getAll())]);
        databases.push([name, version, store, await plain(keys), await plain(values)]);
      }
      database.close();
    }
    const cached: unknown[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const held = await cache.match(request);
        cached.push([name, request.url, held && (await digest(await held.arrayBuffer()))]);
      }
    }
    return JSON.stringify([databases, { ...localStorage }, { ...sessionStorage }, document.cookie, cached]);
  });
}

/** Rules of accessibility that the page breaks now. */
export async function brokenRules(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  });
}

/** Makes the page a browser without relaxed SIMD. */
export async function onlyBaseline(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const validate = WebAssembly.validate.bind(WebAssembly);
    // 0xfd 0x80 0x02 begins an instruction of relaxed SIMD.
    WebAssembly.validate = (bytes) => {
      const code = new Uint8Array(bytes as ArrayBuffer).join();
      return !code.includes("253,128,2") && validate(bytes);
    };
  });
}

/** Cards of items, not of skeletons. */
export function cards(list: Locator | Page): Locator {
  return list.locator('[part="card"][data-item-id]');
}

/** Ids of the items that a list shows. */
export async function shownIds(list: Locator): Promise<string[]> {
  // Lists below the fold wait until they are near.
  await list.scrollIntoViewIfNeeded();
  await expect(cards(list).first()).toBeVisible();
  return cards(list).evaluateAll((items) => items.map((item) => item.getAttribute("data-item-id") ?? ""));
}

/** Loads the pack to the end: no request follows. */
export async function refined(page: Page): Promise<void> {
  await page.waitForFunction(() => window.nearshelf.createNearshelf().status().phase === "refined");
}

/** Ids of some items of the catalogue. */
export function someIds(page: Page, count: number): Promise<string[]> {
  return page.evaluate(async (count) => {
    const items = await window.nearshelf.createNearshelf().items(Array.from({ length: count }, (_, index) => index * 7));
    return items.map((item) => item.id);
  }, count);
}

/** Reports views of items, one after the other. */
export function view(page: Page, ids: readonly string[]): Promise<boolean[]> {
  return page.evaluate(async (ids) => {
    const kept: boolean[] = [];
    for (const itemId of ids) kept.push(await window.nearshelf.createNearshelf().track({ type: "view", itemId }));
    return kept;
  }, ids);
}

/** Item ids of the stored events, newest first. */
export function rememberedIds(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const entries = await window.nearshelf.createNearshelf().history.list();
    return entries.map((entry) => entry.itemId);
  });
}

/** What the client says of itself. */
export function status(page: Page): Promise<Exports.Status> {
  // Through JSON: an Error doesn't cross.
  return page.evaluate(() => JSON.parse(JSON.stringify(window.nearshelf.createNearshelf().status())) as Exports.Status);
}

async function noteViolations(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
}
