import { expect, test } from "@playwright/test";
import { urlInPack } from "./fetch.js";
import { bestSimd } from "./simd.js";

const PACK = "https://shop.example/nearshelf/";

test("a path stays inside its pack", () => {
  expect(urlInPack(PACK, "models/for-you.plan")).toBe(`${PACK}models/for-you.plan`);
});

for (const path of ["../secret", "/etc", "https://elsewhere.example/x", "//elsewhere.example/x", "a/../../b", "\\..\\x"]) {
  test(`the path ${path} is refused`, () => {
    expect(() => urlInPack(PACK, path)).toThrow(/outside the pack/);
  });
}

test("a runtime with SIMD gets a build", () => {
  expect(["relaxed", "baseline"]).toContain(bestSimd());
});
