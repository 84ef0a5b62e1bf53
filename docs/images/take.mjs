/**
 * Takes the pictures of the docs: a shopper looks at a few things and returns to the start page.
 *
 *     ./build.sh demo                                        # once, Ctrl-C ends it
 *     python3 docs/examples/uci-online-retail/run.py         # once, where the data is there
 *     node docs/images/take.mjs
 */

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { launch } from "../../tests/bench/page.mjs";

const root = join(import.meta.dirname, "../..");
const command = process.env.NEARSHELF_BIN ?? join(root, "target/release/nearshelf");

const PICTURES = [
  { name: "demo", site: "build/demo-site", locale: "en", search: "satin slip dress", also: "buckle sandals" },
  { name: "demo-zh", site: "build/demo-site", locale: "zh-CN", search: "连衣裙", also: "凉鞋" },
  { name: "uci", site: "build/uci/site", locale: "en", search: "cakestand 3 tier", also: "t-light holder", scroll: 470 },
];

const browser = await launch();
try {
  for (const picture of PICTURES) {
    if (!existsSync(join(root, picture.site))) console.error(`${picture.name}: ${picture.site} is missing, left out`);
    else await take(picture);
  }
} finally {
  await browser.close();
}

async function take({ name, site, locale, search, also, scroll = 360 }) {
  const { address, stop } = await serve(join(root, site));
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, locale });
  try {
    await page.goto(address);
    for (const text of [search, also]) {
      await page.getByRole("searchbox").fill(text);
      await page.locator(".grid .card a").first().click();
      await page.locator("article.product").waitFor();
    }
    await page.evaluate(() => (location.hash = "#/"));
    await page.waitForTimeout(3000); // models refine the lists, pictures are decoded
    await page.evaluate((top) => scrollTo(0, top), scroll);
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(import.meta.dirname, `${name}.png`) });
    console.log(`docs/images/${name}.png`);
  } finally {
    await page.close();
    stop();
  }
}

/** `nearshelf serve` on any port. */
function serve(site) {
  const child = spawn(command, ["serve", site, "--shop", join(root, "www/dist/demo"), "--port", "0", "--json"]);
  const stop = () => child.kill();
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`nearshelf serve ended with ${code}`)));
    child.stdout.once("data", (line) => resolve({ address: JSON.parse(String(line)).address, stop }));
  });
}
