/** Whatever becomes of the GPU, each run is answered, and rightly. In real Chromium on its software adapter. */

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { BackendChoice, BackendStatus } from "nearshelf";
import type { Page } from "@playwright/test";
import { softwareGpu } from "./gpu";
import { expect, test } from "./test";

const MODEL = readFileSync(join(resolve(__dirname, "../.."), "models/item-text/model.q8.onnx"));

test.use(softwareGpu);

declare global {
  interface Window {
    /** Devices that the page's models asked for, the newest last. */
    devices: { destroy(): void }[];
  }
}

/** Keeps the devices that models of the page's own thread ask for. */
async function watchDevices(page: Page): Promise<void> {
  await page.addInitScript(() => {
    interface Adapter {
      requestDevice(descriptor: unknown): Promise<{ destroy(): void }>;
    }
    window.devices = [];
    const prototype = (globalThis as { GPUAdapter?: { prototype: Adapter } }).GPUAdapter?.prototype;
    if (!prototype) return;
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the adapter below
    const request = prototype.requestDevice;
    prototype.requestDevice = async function (this: Adapter, descriptor) {
      const device = await request.call(this, descriptor);
      window.devices.push(device);
      return device;
    };
  });
}

interface Outcome {
  /** How far each run's outputs lie from the CPU's. */
  readonly differences: number[];
  readonly status: BackendStatus;
}

/** Runs the model some times; devices are destroyed where `losses` says: before the run, or while it is under way. */
function outcome(page: Page, choice: BackendChoice, losses: readonly ("none" | "before" | "during")[], pauseMillis = 0): Promise<Outcome> {
  return page.evaluate(
    async ({ choice, losses, pauseMillis }) => {
      const model = await window.nearshelf.openModel("/models/model.onnx", { backend: "cpu", worker: false });
      const kinds = { float32: Float32Array, int32: Int32Array, int8: Int8Array, uint8: Uint8Array };
      const given = () =>
        Object.fromEntries(
          model.inputs.map(({ name, dtype, shape }) => {
            const count = shape.reduce((product, extent) => product * extent, 1);
            return [name, new kinds[dtype](Array.from({ length: count }, (_, at) => (at * 7) % 3))];
          }),
        ) as Record<string, Float32Array>;
      const wanted = await model.run(given());
      await model.setBackend(choice);
      const differences: number[] = [];
      for (const loss of losses) {
        if (loss === "before") window.devices.at(-1)?.destroy();
        const run = model.run(given());
        if (loss === "during") {
          // Two turns of the event loop: the run has been submitted, and its memory is being read.
          for (let turn = 0; turn < 2; turn += 1) await new Promise((next) => setTimeout(next, 0));
          window.devices.at(-1)?.destroy();
        }
        const found = await run;
        const gaps = Object.entries(wanted).flatMap(([name, values]) =>
          Array.from(values, (value, at) => Math.abs(value - ((found[name] ?? [])[at] ?? NaN))),
        );
        differences.push(Math.max(...gaps));
        await new Promise((next) => setTimeout(next, pauseMillis));
      }
      const status = await model.backend();
      await model.close();
      return { differences, status };
    },
    { choice, losses: [...losses], pauseMillis },
  );
}

function expectRight({ differences }: Outcome, runs: number): void {
  expect(differences).toHaveLength(runs);
  for (const difference of differences) expect(difference).toBeLessThan(1e-4);
}

test.beforeEach(async ({ page, shop }) => {
  shop.site.file("/models/model.onnx", MODEL);
  await watchDevices(page);
});

for (const when of ["before", "during"] as const) {
  test(`a device lost ${when} a run leaves the run to the CPU`, async ({ page, shop }) => {
    await shop.visit(page, "");
    const found = await outcome(page, "gpu", ["none", when, "none"]);
    expectRight(found, 3);
    // The one that was under way, and the next, while the GPU is left alone.
    expect(found.status.rescued).toBeGreaterThan(0);
    expect(found.status).toMatchObject({ backend: "gpu", choice: "gpu" });
    expect(found.status.reason).toContain("lost");
  });
}

test("a lost device is asked for again after a while", async ({ page, shop }) => {
  await shop.visit(page, "");
  const found = await outcome(page, "gpu", ["none", "before", "none", "none"], 800);
  expectRight(found, 4);
  expect(await page.evaluate(() => window.devices.length)).toBe(2);
});

test("a page that loses its device every second for a minute has every answer", async ({ page, shop }) => {
  test.setTimeout(180_000);
  await shop.visit(page, "");
  const runs = 240;
  const found = await outcome(page, "gpu", Array.from({ length: runs }, (_, run) => (run % 4 === 1 ? "during" : "none")), 250);
  expectRight(found, runs);
  expect(found.status.rescued).toBeGreaterThan(0);
});

test("a model that the device has no memory for runs on the CPU, which says so", async ({ page, shop }) => {
  await page.addInitScript(() => {
    // An adapter of very little memory: there is none such to be had.
    const { prototype } = (globalThis as unknown as { GPUSupportedLimits: { prototype: object } }).GPUSupportedLimits;
    for (const limit of ["maxBufferSize", "maxStorageBufferBindingSize"]) Object.defineProperty(prototype, limit, { get: () => 1024 });
  });
  await shop.visit(page, "");
  const found = await outcome(page, "gpu", ["none", "none"]);
  expectRight(found, 2);
  expect(found.status).toMatchObject({ backend: "cpu", choice: "gpu", rescued: 1 });
  expect(found.status.reason).toMatch(/memory|larger than a shader sees/);
});

test("without WebGPU models run on the CPU", async ({ page, shop }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "gpu", { value: undefined }));
  await shop.visit(page, "");
  const found = await outcome(page, "gpu", ["none", "none"]);
  expectRight(found, 2);
  expect(found.status).toMatchObject({ backend: "cpu", rescued: 1 });
});

test("left to itself, a model keeps off an adapter that computes on the CPU", async ({ page, shop }) => {
  await shop.visit(page, "");
  const found = await outcome(page, "auto", ["none", "none"], 600);
  expectRight(found, 2);
  expect(found.status).toMatchObject({ backend: "cpu", choice: "auto", rescued: 0 });
  expect(found.status.reason).toContain("computes on the CPU");
});

test("backends are compared when the page is in sight, and runs don't wait for that", async ({ page, shop }) => {
  await shop.visit(page, "");
  const reasons = await page.evaluate(async () => {
    const show = (state: DocumentVisibilityState) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
      document.dispatchEvent(new Event("visibilitychange"));
    };
    const wait = (millis: number) => new Promise((next) => setTimeout(next, millis));
    const model = await window.nearshelf.openModel("/models/model.onnx", { worker: false });
    const run = () =>
      model.run(Object.fromEntries(model.inputs.map(({ name, shape }) => [name, new Int32Array(shape.reduce((product, extent) => product * extent, 1))])));
    show("hidden");
    const reasons: string[] = [];
    await run();
    for (const state of ["hidden", "visible"] as const) {
      show(state);
      await wait(600);
      await run();
      reasons.push((await model.backend()).reason);
    }
    return reasons;
  });
  expect(reasons).toEqual(["not compared yet", expect.stringContaining("computes on the CPU")]);
});

test("a page's wish to save data keeps models off the GPU", async ({ page, shop }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
  await shop.visit(page, "");
  const found = await outcome(page, "auto", ["none", "none"], 400);
  expectRight(found, 2);
  expect(found.status.reason).toContain("saved");
  expect(await page.evaluate(() => window.devices.length)).toBe(0);
});

test("where there is no GPU, no model hears that one was lost", async ({ page, shop }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, "gpu", { value: undefined }));
  await shop.visit(page, "");
  for (let model = 0; model < 2; model += 1) {
    const { status } = await outcome(page, "gpu", ["none", "none"]);
    expect(status).toMatchObject({ backend: "cpu", rescued: 1 });
    expect(status.reason).not.toContain("lost");
  }
});

test("a model tells where it runs while it runs, and is closed when it has run", async ({ page, shop }) => {
  await shop.visit(page, "");
  const told = await page.evaluate(async () => {
    const model = await window.nearshelf.openModel("/models/model.onnx", { backend: "gpu", worker: false });
    const inputs = Object.fromEntries(
      model.inputs.map(({ name, shape }) => [name, new Int32Array(shape.reduce((product, extent) => product * extent, 1))]),
    );
    const run = model.run(inputs);
    const status = await model.backend();
    const closed = model.close();
    const outputs = await run;
    await closed;
    const refused = await model.run(inputs).catch((error: { code: string }) => error.code);
    const wrong = await window.nearshelf
      .openModel("/models/model.onnx", { backend: "webgpu" as "gpu" })
      .catch((error: { code: string }) => error.code);
    return { status, outputs: Object.keys(outputs).length, refused, wrong };
  });
  expect(told.status).toMatchObject({ backend: "gpu", choice: "gpu" });
  expect(told).toMatchObject({ outputs: 1, refused: "disposed", wrong: "request-invalid" });
});
