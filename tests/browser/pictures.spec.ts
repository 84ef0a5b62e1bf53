/** Pictures that a catalogue only links to. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { STRICT_CSP } from "./site";
import { cards, expect, test } from "./test";

const ROOT = resolve(__dirname, "../..");
const BINARY = resolve(ROOT, process.env["NEARSHELF_BIN"] ?? "target/release/nearshelf");

let folder = "";
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nearshelf-links-"));
  const rows = [
    "id,title,price,image",
    "a,Straw hat,10 GBP,/pictures/hat.svg",
    "b,Linen shirt,20 GBP,https://pictures.example/shirt.svg",
    "c,Wool coat,90 GBP,",
  ];
  writeFileSync(join(folder, "catalogue.csv"), `${rows.join("\n")}\n`);
  const options = ["--items", join(folder, "catalogue.csv"), "--models", join(ROOT, "models"), "--out", join(folder, "pack")];
  const { status, stderr } = spawnSync(BINARY, ["pack", ...options], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
});
test.afterAll(() => rmSync(folder, { recursive: true }));

for (const remote of [false, true]) {
  test(`a linked picture is ${remote ? "shown, without telling which page is open," : "not asked for"} ${remote ? "with" : "without"} remote-images`, async ({
    page,
    shop,
  }) => {
    await shop.site.folder("/links/", join(folder, "pack"));
    const asked: Record<string, string | undefined>[] = [];
    await page.route(/\/(hat|shirt)\.svg$/, async (route) => {
      asked.push(await route.request().allHeaders());
      await route.fulfill({ contentType: "image/svg+xml", body: '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="5"/>' });
    });
    const attribute = remote ? "remote-images" : "";
    const csp = STRICT_CSP.replace("img-src 'self'", "img-src 'self' https://pictures.example");
    await shop.visit(page, `<nearshelf-recommendations kind="trending" pack="/links/" ${attribute}></nearshelf-recommendations>`, { csp });
    const list = page.locator("nearshelf-recommendations");
    await expect(cards(list)).toHaveCount(3);
    await expect(list.locator('[part="placeholder"]')).toHaveCount(remote ? 1 : 3);
    await expect(list.locator('[part="image"]')).toHaveCount(remote ? 2 : 0);
    await expect.poll(() => asked.length).toBe(remote ? 2 : 0);
    expect(asked.filter((headers) => "referer" in headers)).toEqual([]);
    expect(await page.evaluate(() => window.violations)).toEqual([]);
  });
}
