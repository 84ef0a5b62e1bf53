/** Models that a page brings: compiled in the page, run in both builds of the wasm, refused with a reason. */

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "@playwright/test";
import { SITE } from "./site";
import { expect, onlyBaseline, test } from "./test";

const ROOT = resolve(__dirname, "../..");
const fixture = (name: string) => readFileSync(join(ROOT, "tests/conformance/fixtures", `${name}.onnx`));
const shipped = (name: string) => readFileSync(join(ROOT, "models", name, "model.q8.onnx"));

/** A compiled model of the demo shop: some hundred kilobytes. */
function packedPlan(): Buffer {
  const folder = join(SITE, "models");
  const [name] = readdirSync(folder).filter((file) => file.endsWith(".plan"));
  return readFileSync(join(folder, name ?? "missing"));
}

interface Case {
  readonly inputs: Readonly<Record<string, { readonly values: number[] }>>;
  readonly outputs: Readonly<Record<string, { readonly values: number[] }>>;
}

/** Inputs and ONNX Runtime's outputs of a shipped model. */
function golden(name: string): readonly Case[] {
  return JSON.parse(readFileSync(join(ROOT, "tests/golden", `${name}.json`), "utf8")) as Case[];
}

/** Code of the error that opening `address` ends with. */
function codeOf(page: Page, address: string, bind: Record<string, number | { min: number; max: number }> = {}): Promise<string> {
  return page.evaluate(
    ({ address, bind }) =>
      window.nearshelf.openModel(address, { bind }).then(
        () => "opened",
        (error: { code: string }) => error.code,
      ),
    { address, bind },
  );
}

/** Outputs of the model at `address` for each case. */
function runAll(page: Page, address: string, cases: readonly Case["inputs"][]): Promise<Record<string, number[]>[]> {
  return page.evaluate(
    async ({ address, cases }) => {
      const model = await window.nearshelf.openModel(address);
      const kinds = { float32: Float32Array, int32: Int32Array, int8: Int8Array, uint8: Uint8Array };
      const found: Record<string, number[]>[] = [];
      for (const inputs of cases) {
        const arrays = model.inputs.map(({ name, dtype }) => [name, new kinds[dtype](inputs[name]?.values ?? [])]);
        const outputs = await model.run(Object.fromEntries(arrays) as Record<string, Float32Array>);
        found.push(Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, Array.from(values)])));
      }
      await model.close();
      return found;
    },
    { address, cases: [...cases] },
  );
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, at) => sum + value * (y[at] ?? NaN), 0);
  const norms = Math.sqrt(dot(a, a) * dot(b, b));
  return norms === 0 ? 1 : dot(a, b) / norms;
}

for (const simd of ["relaxed", "baseline"] as const) {
  for (const name of ["item-text", "for-you"]) {
    test(`${name}, compiled in the page, agrees with ONNX Runtime in the ${simd} build`, async ({ page, shop }) => {
      shop.site.file("/models/model.onnx", shipped(name));
      if (simd === "baseline") await onlyBaseline(page);
      await shop.visit(page, "");
      const cases = golden(name);
      const found = await runAll(page, "/models/model.onnx", cases.map(({ inputs }) => inputs));
      expect(found).toHaveLength(cases.length);
      for (const [at, { outputs }] of cases.entries()) {
        for (const [port, { values }] of Object.entries(outputs)) {
          expect(cosine(found[at]?.[port] ?? [], values), `case ${at}, ${port}`).toBeGreaterThan(0.9999);
        }
      }
    });
  }
}

test("a compiled model is kept: the compiler is not loaded again", async ({ page, shop }) => {
  shop.site.file("/models/cnn.onnx", fixture("cnn"));
  await shop.visit(page, "");
  expect(await codeOf(page, "/models/cnn.onnx")).toBe("opened");
  const compilers = () => shop.site.requests.filter(({ path }) => /nearshelf-onnx-.*\.wasm/.test(path)).length;
  expect(compilers()).toBe(1);
  await page.reload();
  await page.waitForFunction(() => "nearshelf" in window);
  expect(await codeOf(page, "/models/cnn.onnx")).toBe("opened");
  expect(compilers()).toBe(1);
});

test("a page that opens no raw model never loads the compiler", async ({ page, shop }) => {
  await shop.visit(page, "<nearshelf-recommendations></nearshelf-recommendations>");
  await page.waitForFunction(() => window.nearshelf.createNearshelf().status().phase === "refined");
  expect(shop.site.requests.filter(({ path }) => path.includes("nearshelf-onnx"))).toEqual([]);
});

test("an operator that plans lack runs in the fallback, which says so", async ({ page, shop }) => {
  shop.site.file("/models/scan.onnx", fixture("scan"));
  await shop.visit(page, "");
  const answer = await page.evaluate(async () => {
    const model = await window.nearshelf.openModel("/models/scan.onnx");
    const { sums } = await model.run({ x: Float32Array.of(0, 1, 2, 3, 4, 5) });
    return { executor: model.executor, outputs: model.outputs, sums: Array.from(sums ?? []) };
  });
  expect(answer).toEqual({
    executor: "tract",
    outputs: [{ name: "sums", dtype: "float32", shape: [2, 3] }],
    sums: [0, 1, 3, 3, 7, 12],
  });
});

test("open dimensions must be bound, and may be bound to any extent", async ({ page, shop }) => {
  shop.site.file("/models/transformer.onnx", fixture("transformer"));
  await shop.visit(page, "");
  expect(await codeOf(page, "/models/transformer.onnx")).toBe("unbound-dimension");
  expect(await codeOf(page, "/models/transformer.onnx", { batch: 1, length: 0.5 })).toBe("request-invalid");
  const shape = await page.evaluate(async () => {
    const model = await window.nearshelf.openModel("/models/transformer.onnx", { bind: { batch: 2, length: 7 } });
    return model.outputs[0]?.shape;
  });
  expect(shape).toEqual([2, 7, 16]);
});

test("a model with a range takes every length in it, and answers with shapes where it is given them", async ({ page, shop }) => {
  shop.site.file("/models/transformer.onnx", fixture("transformer"));
  await shop.visit(page, "");
  const answer = await page.evaluate(async () => {
    const bind = { batch: 1, length: { min: 1, max: 12 } };
    const model = await window.nearshelf.openModel("/models/transformer.onnx", { bind });
    const lengths: (number | undefined)[] = [];
    for (const length of [1, 12, 5]) {
      const { y } = await model.run({ x: new Float32Array(length * 16) });
      lengths.push(y?.length);
    }
    const { y } = await model.run({ x: { data: new Float32Array(7 * 16), shape: [1, 7, 16] } });
    const refused = await model.run({ x: new Float32Array(13 * 16) }).catch((error: { code: string }) => error.code);
    return { inputs: model.inputs, executor: model.executor, lengths, shape: y?.shape, refused };
  });
  expect(answer).toEqual({
    inputs: [
      { name: "x", dtype: "float32", shape: [1, 12, 16], open: [{ axis: 1, symbol: "length", min: 1, max: 12, step: 1 }] },
    ],
    executor: "plan",
    lengths: [16, 192, 80],
    shape: [1, 7, 16],
    refused: "model-input-invalid",
  });
  expect(await codeOf(page, "/models/transformer.onnx", { batch: 1, length: { min: 4, max: 1 } })).toBe("bad-range");
});

test("files that are no models are refused with a code, and the page goes on", async ({ page, shop }) => {
  const whole = fixture("cnn");
  shop.site.file("/models/words.onnx", Buffer.from("version https://git-lfs.github.com/spec/v1\n"));
  shop.site.file("/models/cut.onnx", whole.subarray(0, whole.length / 2));
  shop.site.file("/models/empty.onnx", Buffer.alloc(0));
  shop.site.file("/models/cut.plan", Buffer.from("NSPL and no more"));
  shop.site.file("/models/whole.onnx", whole);
  await shop.visit(page, "");
  expect(await codeOf(page, "/models/words.onnx")).toBe("not-onnx");
  expect(await codeOf(page, "/models/cut.onnx")).toBe("not-onnx");
  expect(await codeOf(page, "/models/empty.onnx")).toBe("not-onnx");
  expect(await codeOf(page, "/models/cut.plan")).toBe("model-invalid");
  expect(await codeOf(page, "/models/missing.onnx")).toBe("model-unreachable");
  expect(await codeOf(page, "http://[")).toBe("request-invalid");
  expect(await codeOf(page, "/models/whole.onnx")).toBe("opened");
});

test("plans that come damaged or not to their end are refused with a reason, and the next one opens", async ({ page, shop }) => {
  const whole = packedPlan();
  const damaged = (at: number) => Buffer.concat([whole.subarray(0, at), Buffer.of((whole[at] ?? 0) ^ 1), whole.subarray(at + 1)]);
  shop.site.file("/models/cut.plan", whole.subarray(0, whole.length / 2));
  shop.site.file("/models/long.plan", Buffer.concat([whole, Buffer.from("\n")]));
  shop.site.file("/models/graph.plan", damaged(100));
  shop.site.file("/models/weights.plan", damaged(whole.length - 1));
  shop.site.file("/models/aborted.plan", whole);
  shop.site.file("/models/whole.plan", whole);
  shop.site.spoil(/aborted\.plan$/, (response) => {
    response.body = whole.subarray(0, whole.length / 2);
    response.breaksOff = true;
  });
  await shop.visit(page, "");
  const told = (name: string) =>
    page.evaluate(
      (address) =>
        window.nearshelf.openModel(address).then(
          () => ["opened", ""],
          (error: { code: string; message: string }) => [error.code, error.message],
        ),
      `/models/${name}.plan`,
    );
  expect(await told("cut")).toEqual(["model-invalid", expect.stringMatching(/the download was cut/)]);
  expect(await told("long")).toEqual(["model-invalid", expect.stringMatching(/its header says/)]);
  expect(await told("graph")).toEqual(["model-invalid", expect.stringMatching(/checksum/)]);
  expect(await told("weights")).toEqual(["model-invalid", expect.stringMatching(/checksum/)]);
  expect(await told("aborted")).toEqual(["model-unreachable", expect.stringMatching(/aborted\.plan/)]);
  expect(await told("whole")).toEqual(["opened", ""]);
});

test("what a closed or refused model took of the wasm's memory, the next one takes", async ({ page, shop }) => {
  await page.addInitScript(() => {
    const start = WebAssembly.instantiateStreaming.bind(WebAssembly);
    WebAssembly.instantiateStreaming = async (...source) => {
      const started = await start(...source);
      (window as unknown as { memory: unknown }).memory = started.instance.exports["memory"];
      return started;
    };
  });
  const whole = packedPlan();
  shop.site.file("/models/whole.plan", whole);
  shop.site.file("/models/cut.plan", whole.subarray(0, whole.length - 1));
  await shop.visit(page, "");
  const sizes = await page.evaluate(async () => {
    const found: number[] = [];
    for (let turn = 0; turn < 100; turn++) {
      const model = await window.nearshelf.openModel("/models/whole.plan", { worker: false });
      const arrays = { float32: Float32Array, int32: Int32Array, int8: Int8Array, uint8: Uint8Array };
      const length = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);
      const inputs = model.inputs.map(({ name, dtype, shape }) => [name, new arrays[dtype](length(shape))]);
      await model.run(Object.fromEntries(inputs) as Record<string, Float32Array>);
      await model.close();
      await window.nearshelf.openModel("/models/cut.plan", { worker: false }).catch(() => undefined);
      found.push((window as unknown as { memory: WebAssembly.Memory }).memory.buffer.byteLength);
    }
    return found;
  });
  // Chunks of a download come as the browser likes, so a late turn may take one step more. A leak would take step after step.
  const settled = sizes.slice(10);
  expect(new Set(settled).size).toBeLessThanOrEqual(2);
  expect(Math.max(...settled) - Math.min(...settled)).toBeLessThan(whole.length);
});

test("inputs that do not fit are refused, and the model goes on", async ({ page, shop }) => {
  shop.site.file("/models/scan.onnx", fixture("scan"));
  await shop.visit(page, "");
  const codes = await page.evaluate(async () => {
    const model = await window.nearshelf.openModel("/models/scan.onnx");
    const run = (inputs: Record<string, unknown>) =>
      model.run(inputs as Parameters<typeof model.run>[0]).then(
        () => "ran",
        (error: { code: string }) => error.code,
      );
    const found = [await run({}), await run({ x: new Float32Array(5) }), await run({ x: new Int32Array(6) })];
    const data = new Float32Array(6);
    found.push(await run({ x: { data } }), await run({ x: { data, shape: null } }), await run({ x: { data, shape: [6.5] } }));
    found.push(await run({ x: new Float32Array(6).fill(NaN) }));
    await model.close();
    found.push(await run({ x: new Float32Array(6) }));
    return found;
  });
  expect(codes).toEqual([...Array<string>(6).fill("model-input-invalid"), "ran", "disposed"]);
});

/** An ONNX file of `y = 1 / √(a / b)`, `a` and `b` one integer each: a plan lacks `Rsqrt`, and the fallback's `Div` panics on 0. */
function quotient(): Buffer {
  const varint = (n: number): number[] => (n > 127 ? [(n & 127) | 128, ...varint(n >> 7)] : [n]);
  const bytes = (field: number, body: number[]) => [...varint(field * 8 + 2), ...varint(body.length), ...body];
  const number = (field: number, n: number) => [...varint(field * 8), ...varint(n)];
  const text = (field: number, words: string) => bytes(field, [...Buffer.from(words)]);
  const node = (operator: string, inputs: string[], output: string, attributes: number[] = []) =>
    bytes(1, [...inputs.flatMap((name) => text(1, name)), ...text(2, output), ...text(4, operator), ...attributes]);
  const shape = bytes(2, bytes(1, number(1, 1)));
  const input = (name: string) => bytes(11, [...text(1, name), ...bytes(2, bytes(1, [...number(1, 7), ...shape]))]);
  const toFloat = bytes(5, [...text(1, "to"), ...number(3, 1), ...number(20, 2)]);
  const nodes = [...node("Div", ["a", "b"], "d"), ...node("Cast", ["d"], "f", toFloat), ...node("Rsqrt", ["f"], "y")];
  const graph = [...nodes, ...text(2, "quotient"), ...input("a"), ...input("b"), ...bytes(12, text(1, "y"))];
  return Buffer.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, [...text(1, ""), ...number(2, 17)])]);
}

test("a model that ends its module is named, and the next one opens in a new module", async ({ page, shop }) => {
  shop.site.file("/models/quotient.onnx", quotient());
  await shop.visit(page, "");
  const found = await page.evaluate(async () => {
    const open = () => window.nearshelf.openModel("/models/quotient.onnx");
    const [model, other] = [await open(), await open()];
    const divide = (by: number, in_: typeof model) =>
      in_.run({ a: Int32Array.of(7), b: Int32Array.of(by) }).then(
        ({ y }) => Math.round((y?.[0] ?? NaN) ** -2),
        (error: { code: string }) => error.code,
      );
    return [await divide(2, model), await divide(0, model), await divide(2, other), await divide(2, await open())];
  });
  expect(found).toEqual([3, "model-crashed", "disposed", 3]);
});
