/** Models on WebGPU in real Chromium, on its software adapter: right answers, whatever becomes of the device. */

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { softwareGpu } from "./gpu";
import { SITE } from "./site";
import { expect, test } from "./test";

const ROOT = resolve(__dirname, "../..");
const shipped = (name: string) => readFileSync(join(ROOT, "models", name, "model.q8.onnx"));

/** A compiled model of the demo shop. */
function packedPlan(): Buffer {
  const folder = join(SITE, "models");
  return readFileSync(join(folder, readdirSync(folder).find((file) => file.endsWith(".plan")) ?? "missing"));
}

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

test("shaders are asked for while the model's weights arrive", async ({ page, shop }) => {
  shop.site.file("/models/model.plan", packedPlan());
  await shop.visit(page, "");
  const seen = await page.evaluate(async () => {
    let asked = 0;
    const { prototype } = (globalThis as unknown as { GPUDevice: { prototype: Record<string, (this: object, ...rest: unknown[]) => unknown> } }).GPUDevice;
    const original = prototype["createComputePipeline"];
    if (!original) throw new Error("no WebGPU");
    let noted = () => {};
    const first = new Promise<void>((resolve) => (noted = resolve));
    prototype["createComputePipeline"] = function (this: object, ...rest: unknown[]) {
      asked += 1;
      noted();
      return original.apply(this, rest);
    };
    // The last bytes come once a pipeline was asked for: never, if they are waited for.
    const { fetch } = globalThis;
    globalThis.fetch = async (...request) => {
      const response = await fetch(...request);
      if (!response.url.endsWith(".plan")) return response;
      const bytes = new Uint8Array(await response.arrayBuffer());
      const pieces = [bytes.subarray(0, -100), bytes.subarray(-100)];
      const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
        async pull(controller) {
          const piece = pieces.shift();
          if (!piece) return controller.close();
          if (pieces.length === 0) await first;
          controller.enqueue(piece);
        },
      });
      return new Response(body);
    };
    const model = await window.nearshelf.openModel("/models/model.plan", { backend: "gpu", worker: false });
    const before = asked;
    const kinds = { float32: Float32Array, int32: Int32Array, int8: Int8Array, uint8: Uint8Array };
    const inputs = Object.fromEntries(
      model.inputs.map(({ name, dtype, shape }) => [name, new kinds[dtype](shape.reduce((product, extent) => product * extent, 1))]),
    ) as Record<string, Float32Array>;
    await model.run(inputs);
    const { rescued } = await model.backend();
    await model.close();
    return { before, after: asked, rescued };
  });
  expect(seen.before).toBeGreaterThan(0);
  expect(seen).toEqual({ before: seen.before, after: seen.before, rescued: 0 });
});

test("shaders combine within subgroups where the adapter has them, and the device is ours alone", async ({ page, shop }) => {
  shop.site.file("/models/model.plan", packedPlan());
  await shop.visit(page, "");
  const seen = await page.evaluate(async () => {
    interface Device {
      readonly features: ReadonlySet<string>;
    }
    interface Gpu {
      requestAdapter(): Promise<{ readonly features: ReadonlySet<string>; requestDevice(): Promise<Device> } | null>;
    }
    const { GPUDevice } = globalThis as unknown as {
      GPUDevice: { prototype: { createShaderModule(this: Device, descriptor: { code: string }): unknown } };
    };
    const texts: string[] = [];
    const { createShaderModule } = GPUDevice.prototype;
    GPUDevice.prototype.createShaderModule = function (descriptor) {
      texts.push(descriptor.code);
      return createShaderModule.call(this, descriptor);
    };
    const model = await window.nearshelf.openModel("/models/model.plan", { backend: "gpu", worker: false });
    const kinds = { float32: Float32Array, int32: Int32Array, int8: Int8Array, uint8: Uint8Array };
    const inputs = Object.fromEntries(
      model.inputs.map(({ name, dtype, shape }) => [name, new kinds[dtype](shape.reduce((product, extent) => product * extent, 1))]),
    ) as Record<string, Float32Array>;
    await model.run(inputs);
    const { rescued } = await model.backend();
    await model.close();
    const { gpu } = navigator as unknown as { gpu: Gpu };
    const adapter = await gpu.requestAdapter();
    const other = await adapter?.requestDevice();
    return {
      rescued,
      has: adapter?.features.has("subgroups"),
      uses: texts.some((text) => text.startsWith("enable subgroups;") && text.includes("subgroupShuffleXor")),
      others: other?.features.has("subgroups"),
    };
  });
  expect(seen).toEqual({ rescued: 0, has: true, uses: true, others: false });
});

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

declare global {
  interface Window {
    /** Buffers and query sets that the page has made on devices, and those of them that it has destroyed. */
    memory: { made: Set<object>; destroyed: Set<object> };
  }
}

/** Keeps what models of the page's own thread make and destroy. */
async function watchMemory(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const memory = { made: new Set<object>(), destroyed: new Set<object>() };
    window.memory = memory;
    type Prototype = Record<string, (this: object, ...rest: unknown[]) => unknown>;
    const prototypes = globalThis as unknown as Record<string, { prototype: Prototype } | undefined>;
    const after = (type: string, method: string, note: (on: object, result: unknown) => void) => {
      const prototype = prototypes[type]?.prototype;
      const original = prototype?.[method];
      if (!prototype || !original) return;
      prototype[method] = function (this: object, ...rest: unknown[]) {
        const result = original.apply(this, rest);
        note(this, result);
        return result;
      };
    };
    for (const method of ["createBuffer", "createQuerySet"]) {
      after("GPUDevice", method, (_, made) => memory.made.add(made as object));
    }
    for (const type of ["GPUBuffer", "GPUQuerySet"]) after(type, "destroy", (gone) => memory.destroyed.add(gone));
  });
}

test("what a model and embeddings had on the GPU is given back when they are closed", async ({ page, shop }) => {
  shop.site.file("/models/model.onnx", shipped("item-text"));
  await watchMemory(page);
  await shop.visit(page, "");
  const left = await page.evaluate(async () => {
    const model = await window.nearshelf.openModel("/models/model.onnx", { backend: "gpu", worker: false });
    const kinds = { float32: Float32Array, int32: Int32Array, int8: Int8Array, uint8: Uint8Array };
    const inputs = Object.fromEntries(
      model.inputs.map(({ name, dtype, shape }) => {
        const count = shape.reduce((product, extent) => product * extent, 1);
        return [name, new kinds[dtype](count)];
      }),
    ) as Record<string, Float32Array>;
    await model.run(inputs);
    await model.run(inputs);
    const [count, dimensions] = [300, 5];
    const rows = { dimensions, values: new Int8Array(count * dimensions).fill(1), scales: new Float32Array(count).fill(1) };
    const items = await window.nearshelf.openItems(rows, { backend: "gpu", worker: false });
    const query = new Float32Array(dimensions).fill(1);
    // Another number of items takes another submission.
    for (const wanted of [3, 20]) await items.closest(query, wanted);
    const backends = [(await model.backend()).backend, (await items.backend()).backend];
    const { made, destroyed } = window.memory;
    const before = [...made].filter((one) => !destroyed.has(one)).length;
    await model.close();
    await items.close();
    return { backends, before, after: [...made].filter((one) => !destroyed.has(one)).length };
  });
  expect(left.backends).toEqual(["gpu", "gpu"]);
  expect(left.before).toBeGreaterThan(0);
  expect(left.after).toBe(0);
});
