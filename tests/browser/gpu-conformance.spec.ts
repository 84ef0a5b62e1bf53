/**
 * Everything that the CPU answers rightly, on WebGPU in real Chromium, on its software adapter. `tests/gpu` writes the
 * cases and runs the same ones natively.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { failures, type Difference, type Outcome, run, suite } from "./cases";
import { expect, onlyBaseline, test } from "./test";

const MEASURED = resolve(__dirname, "../../build/parity");

test.use({
  launchOptions: {
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--disable-component-update"],
  },
});
test.setTimeout(600_000);

/** Keeps the largest difference of each subject for `docs/parity.md`; `null` where a case has no results. */
function keep(what: string, adapter: string, outcomes: readonly Outcome[]): void {
  const subjects: Record<string, Difference | null> = {};
  for (const { subject, difference } of outcomes) {
    const before = subjects[subject];
    if (before === null || !difference) subjects[subject] = null;
    else {
      const { absolute, relative } = before ?? { absolute: 0, relative: 0 };
      subjects[subject] = { absolute: Math.max(absolute, difference.absolute), relative: Math.max(relative, difference.relative) };
    }
  }
  mkdirSync(MEASURED, { recursive: true });
  writeFileSync(join(MEASURED, `${what}.json`), JSON.stringify({ adapter, subjects }));
}

// Halves, so that two browsers share the longest suite.
for (const [name, half] of [
  ["backend", 0],
  ["backend", 1],
  ["parity", 0],
  ["parity", 1],
  ["fixtures", undefined],
  ["models", undefined],
] as const) {
  const part = half === undefined ? "" : `, half ${half + 1}`;
  test(`${name} agrees on the GPU${part}`, async ({ page, shop }) => {
    const cases = suite(name, shop.site).filter((_, at) => half === undefined || at % 2 === half);
    await shop.visit(page, "");
    const { adapter, outcomes } = await run(page, name, cases, "gpu");
    if (name === "parity" || name === "models") keep(`chromium-gpu-${name}${half ?? ""}`, adapter, outcomes);
    expect(failures(cases, outcomes)).toEqual([]);
  });
}

for (const [name, build] of [
  ["parity", "relaxed"],
  ["parity", "baseline"],
  ["models", "relaxed"],
  ["models", "baseline"],
] as const) {
  test(`${name} agrees on the CPU with ${build} SIMD`, async ({ page, shop }) => {
    const cases = suite(name, shop.site);
    if (build === "baseline") await onlyBaseline(page);
    await shop.visit(page, "");
    const { outcomes } = await run(page, name, cases, "cpu");
    keep(`chromium-${build}-${name}`, "", outcomes);
    expect(failures(cases, outcomes)).toEqual([]);
  });
}
