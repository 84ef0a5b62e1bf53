/** Models on WebGPU and on the CPU in one page, taking turns. `tests/bench/gpu.mjs` calls `measure`. */

import { watched } from "./watch.mjs";
import { difference, median } from "../../statistics.mjs";
import { session } from "../../engine/page/runtimes.mjs";
import { bytesOf, fetchArrays } from "../../engine/page/sources.mjs";

const FILES = { gpu: "plan", cpu: "plan", ort: "onnx" };
const STARTS = { gpu: nearshelfOnGpu, cpu: nearshelf, ort: onnxruntime };
/** Sessions that are made of each model. */
const CREATES = 5;
const sessions = [];
/** Started once: wasm, and the device. */
const started = {};

async function reader() {
  const { default: start, ModelReader, GpuDevice } = await import("/wasm/relaxed/nearshelf.js");
  await start();
  return { ModelReader, GpuDevice };
}

async function nearshelf() {
  const { ModelReader } = await reader();
  return async (plan, inputs) => {
    const model = read(ModelReader, plan);
    return { run: session(model, inputs), close: () => model.free() };
  };
}

async function nearshelfOnGpu() {
  const { ModelReader, GpuDevice } = await reader();
  const device = await GpuDevice.request();
  return async (plan, inputs) => {
    const model = read(ModelReader, plan);
    model.putOnGpu(device);
    const onGpu = { inputs: model.inputs, run: (feed) => model.runOnGpu(feed) };
    return { run: session(onGpu, inputs), close: () => model.free() };
  };
}

function read(ModelReader, plan) {
  const reader = new ModelReader();
  reader.push(plan);
  return reader.finish();
}

const ORT_TYPES = { Float32Array: "float32", BigInt64Array: "int64", Int32Array: "int32", Int8Array: "int8", Uint8Array: "uint8" };

async function onnxruntime() {
  const ort = await import("/ort/ort.webgpu.min.mjs");
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = "/ort/";
  ort.env.logLevel = "error";
  const options = { executionProviders: ["webgpu"] };
  return async (onnx, inputs) => {
    const opened = await ort.InferenceSession.create(onnx, options);
    const tensor = ({ shape, data }) => new ort.Tensor(ORT_TYPES[data.constructor.name], data, shape);
    const feed = Object.fromEntries(opened.inputNames.map((name) => [name, tensor(inputs[name])]));
    const run = async () => {
      const outputs = await opened.run(feed);
      return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data]));
    };
    return { run, close: () => opened.release() };
  };
}

async function timed(work) {
  const begin = performance.now();
  const value = await work();
  return [performance.now() - begin, value];
}

/** Opens one model on one runtime, and runs it twice. Resolves to the reason where that fails. */
async function open(model, runtime) {
  try {
    started[runtime] ??= await STARTS[runtime]();
    const [bytes, inputs] = await Promise.all([bytesOf(fetch(`/models/${model}.${FILES[runtime]}`)), fetchArrays(`/models/${model}.npz`)]);
    if (sessions.every((one) => one.runtime !== runtime)) {
      // The first session of a runtime starts what all share: wasm, its memory, the browser's GPU process. Ours is made on a
      // device of its own, and run: shaders that are asked for with it are neither there later nor still being compiled.
      const first = await (await STARTS[runtime]())(bytes, inputs);
      if (runtime === "gpu") await first.run();
      await first.close();
    }
    const [firstCreate, { run }] = await timed(() => started[runtime](bytes, inputs));
    const [firstMillis, outputs] = await timed(async () => structuredClone(await run()));
    const creates = [firstCreate];
    while (creates.length < CREATES) {
      const [millis, { close }] = await timed(() => started[runtime](bytes, inputs));
      creates.push(millis);
      await close();
    }
    const createMillis = median(creates);
    const seen = await watched(run);
    sessions.push({ model, runtime, run, outputs, createMillis, firstMillis, ...seen, samples: [] });
    return undefined;
  } catch (error) {
    return error?.message ?? String(error);
  }
}

/** Opens a catalogue of so many items, of which the 20 closest to a query are wanted. */
async function openItems(count, dimensions, runtime) {
  try {
    const { default: start, Items, GpuDevice } = await import("/wasm/relaxed/nearshelf.js");
    await start();
    // Values without a pattern, the same each time.
    let state = 1;
    const next = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0) >> 24;
    const [values, scales] = [new Int8Array(count * dimensions).map(next), new Float32Array(count).fill(1 / 127)];
    const query = new Float32Array(dimensions).map(() => next() / 127);
    const question = { query, count: Int32Array.of(20) };
    const [createMillis, items] = await timed(async () => {
      const items = new Items(dimensions, values, scales, false);
      if (runtime === "gpu") items.putOnGpu(await GpuDevice.request());
      return items;
    });
    const run = runtime === "gpu" ? () => items.runOnGpu(question) : async () => items.run(question);
    const [firstMillis, answer] = await timed(run);
    const seen = await watched(run);
    const wanted = items.run(question);
    const distance = difference(answer.scores, wanted.scores);
    sessions.push({ model: `closest 20 of ${count} × ${dimensions}`, runtime, run, distance, createMillis, firstMillis, ...seen, samples: [] });
    return undefined;
  } catch (error) {
    return error?.message ?? String(error);
  }
}

/** One turn of every session; `round` decides which runtime begins. */
async function turn(round) {
  for (const model of new Set(sessions.map((one) => one.model))) {
    const group = sessions.filter((one) => one.model === model);
    for (let i = 0; i < group.length; i++) {
      const one = group[(i + round) % group.length];
      one.samples.push((await timed(one.run))[0]);
    }
  }
}

async function results() {
  const all = sessions.map(async ({ run: _run, outputs, ...rest }) => {
    if (!outputs) return rest;
    const arrays = await fetchArrays(`/models/${rest.model}.reference.npz`);
    const distances = Object.entries(arrays).map(([name, { data }]) => difference(outputs[name], data));
    return { ...rest, distance: distances.reduce((worst, other) => (other.relative <= worst.relative ? worst : other)) };
  });
  return Promise.all(all);
}

/** What the browser tells of its adapter. */
async function adapter() {
  const { vendor, architecture, description, isFallbackAdapter } = (await navigator.gpu?.requestAdapter())?.info ?? {};
  return { name: [vendor, architecture, description].filter(Boolean).join(" "), isSoftware: isFallbackAdapter ?? false };
}

globalThis.measure = { open, openItems, turn, results, adapter };
