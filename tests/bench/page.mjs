/** A local server and a headless Chromium for measurements. */

import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";

const require = createRequire(join(import.meta.dirname, "../../www/package.json"));
const { chromium } = require("playwright-core");

const TYPES = { ".html": "text/html", ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".svg": "image/svg+xml" };

/**
 * Serves files: `routes` maps a path to a file, or a prefix ending in "/" to a folder or to `{name: file}`.
 * @returns {Promise<{address: string, close: () => void}>}
 */
export async function serve(routes) {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const file = find(routes, path);
    if (!file || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "cache-control": "max-age=3600" });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

function find(routes, path) {
  if (routes[path]) return routes[path];
  const prefix = Object.keys(routes).find((route) => route !== "/" && route.endsWith("/") && path.startsWith(route));
  if (!prefix) return undefined;
  const [target, rest] = [routes[prefix], path.slice(prefix.length)];
  return typeof target === "string" ? join(target, normalize(`/${rest}`)) : target[rest];
}

const OPTIONS = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
};

/** Headless Chromium, with more flags where some are given. */
export function launch(flags = []) {
  return chromium.launch({ ...OPTIONS, args: [...OPTIONS.args, ...flags] });
}

/** Headless Chromium with a profile in `folder`, as a context. */
export function launchProfile(folder) {
  return chromium.launchPersistentContext(folder, OPTIONS);
}

/** Opens the address in headless Chromium, when everything that the page imports is there. */
export async function openPage(address, flags = []) {
  const browser = await launch(flags);
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  page.on("pageerror", (error) => console.error(error.message));
  await page.goto(address);
  await page.waitForFunction(() => "measure" in globalThis);
  return page;
}
