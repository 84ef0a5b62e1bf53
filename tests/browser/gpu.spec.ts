/** Models on WebGPU in real Chromium, on its software adapter: right answers, whatever becomes of the device. */

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { softwareGpu } from "./gpu";
import { expect, test } from "./test";

const ROOT = resolve(__dirname, "../..");
const shipped = (name: string) => readFileSync(join(ROOT, "models", name, "model.q8.onnx"));

test.use(softwareGpu);

/** Runs a shipped model on both backends, on inputs of small integers; tells where they differ most. */
function compared(page: Page, address: string): Promise<{ furthest: number; status: { backend: string; reason: string; rescued: number } }> {
  return page.evaluate(async (address) => {
    const kinds = { float32: Float32Array, int32: Int32Array, int8: Int8Array, uint8: Uint8Array };
    const model = await window.nearshelf.openModel(address, { backend: "cpu" });
    const inputs = Object.fromEntries(
      model.inputs.map(({ name, dtype, shape }) => {
        const count = shape.reduce((product, extent) => product * extent, 1);
        return [name, new kinds[dtype](Array.from({ length: count }, (_, at) => (at * 7) % 3))];
      }),
    ) as Record<string, Float32Array>;
    const wanted = await model.run(inputs);
    await model.setBackend("gpu");
    const found = await model.run(inputs);
    const status = await model.backend();
    await model.close();
    const differences = Object.entries(wanted).flatMap(([name, values]) => {
      const others = found[name] ?? [];
      return Array.from(values, (value, at) => Math.abs(value - (others[at] ?? NaN)));
    });
    return { furthest: Math.max(...differences), status };
  }, address);
}

for (const name of ["item-text", "for-you"]) {
  test(`${name} gives on the GPU what it gives on the CPU`, async ({ page, shop }) => {
    shop.site.file("/models/model.onnx", shipped(name));
    await shop.visit(page, "");
    const { furthest, status } = await compared(page, "/models/model.onnx");
    expect(status).toMatchObject({ backend: "gpu", reason: "asked for", rescued: 0 });
    expect(furthest).toBeLessThan(1e-4);
  });
}
