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

test("a catalogue's closest items are the same on the GPU, with a filter and without", async ({ page, shop }) => {
  await shop.visit(page, "");
  const found = await page.evaluate(async () => {
    const [count, dimensions] = [5000, 24];
    const values = Int8Array.from({ length: count * dimensions }, (_, at) => ((at * 7919) % 255) - 127);
    const scales = Float32Array.from({ length: count }, (_, at) => 0.01 + (at % 7) / 1000);
    const items = await window.nearshelf.openItems({ dimensions, values, scales }, { backend: "cpu" });
    const query = Float32Array.from({ length: dimensions }, (_, at) => Math.sin(at));
    const wanted = Uint32Array.from({ length: Math.ceil(count / 32) }, (_, word) => (word % 3 === 0 ? 0x8001_0101 : 0));
    const ask = async () => [await items.closest(query, 20), await items.closest(query, 20, wanted), await items.closest(query, 300)];
    const onCpu = await ask();
    await items.setBackend("gpu");
    const onGpu = await ask();
    const status = await items.backend();
    const refused = await items.closest(query.subarray(1), 3).catch((error: { code: string }) => error.code);
    await items.close();
    const plain = (answers: typeof onCpu) => answers.map(({ items, scores }) => ({ items: [...items], scores: [...scores] }));
    return { onCpu: plain(onCpu), onGpu: plain(onGpu), status, refused };
  });
  expect(found.status).toMatchObject({ backend: "gpu", rescued: 0 });
  expect(found.refused).toBe("request-invalid");
  expect(found.onGpu.map(({ items }) => items)).toEqual(found.onCpu.map(({ items }) => items));
  expect(found.onCpu.map(({ items }) => items.length)).toEqual([20, 20, 300]);
  for (const item of found.onCpu[1]?.items ?? []) expect([0, 8, 16, 31]).toContain(item % 32);
});
