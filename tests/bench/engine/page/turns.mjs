/** All models on all runtimes in one page, taking turns. `tests/bench/engine.mjs` calls `measure` and prints the results. */

import { difference } from "../../statistics.mjs";
import { measurePeak } from "./peak.mjs";
import { open } from "./runtimes.mjs";
import { fetchArrays, fetchModel } from "./sources.mjs";

/** Samples shorter than this drown in the clock's 0.1 ms: shorter runs are repeated. */
const SAMPLE_MILLIS = 10;
/** Long enough for the browser to have put the optimised code in the first code's place. */
const WARM_UP_MILLIS = 1500;
const WARM_UP_RUNS = 10;

const sessions = [];
const peaks = {};

/** Opens every model on every runtime. Returns what can't be opened, with the reason. */
async function prepare(models, runtimes) {
  const failures = [];
  for (const runtime of runtimes) {
    const create = await open(runtime);
    for (const { name, bind } of models) {
      try {
        const { bytes, inputs } = await fetchModel(runtime, name);
        const run = await create(bytes, bind, inputs);
        const outputs = structuredClone(await run());
        sessions.push({ model: name, runtime, run, outputs, runs: await warmUp(run), samples: [] });
      } catch (error) {
        failures.push({ model: name, runtime, reason: error?.message ?? String(error) });
      }
    }
  }
  return failures;
}

/** Returns how many runs fill a sample. */
async function warmUp(run) {
  const begin = performance.now();
  let [runs, fastest] = [0, Infinity];
  while (runs < WARM_UP_RUNS || performance.now() - begin < WARM_UP_MILLIS) {
    const start = performance.now();
    await run();
    fastest = Math.min(fastest, performance.now() - start);
    runs += 1;
  }
  return Math.ceil(SAMPLE_MILLIS / Math.max(fastest, 0.05));
}

/** One turn of every session, model by model; `round` decides which runtime begins. */
async function turn(round) {
  for (const model of new Set(sessions.map((session) => session.model))) {
    const group = sessions.filter((session) => session.model === model);
    for (let i = 0; i < group.length; i++) {
      const session = group[(i + round) % group.length];
      // One run in between, unmeasured: the others have filled the caches with their weights.
      await session.run();
      const start = performance.now();
      for (let left = session.runs; left > 0; left--) await session.run();
      session.samples.push((performance.now() - start) / session.runs);
    }
  }
  for (const [kernel, rate] of Object.entries(await measurePeak())) (peaks[kernel] ??= []).push(rate);
}

/** All samples, and how far each session's outputs lie from those of native ONNX Runtime and of onnxruntime-web. */
async function results() {
  const references = {};
  for (const { model } of sessions) references[model] ??= await reference(model);
  const of = ({ model, runtime, outputs, samples }) => {
    const ort = sessions.find((other) => other.model === model && other.runtime === "ort")?.outputs;
    return { model, runtime, samples, fromNative: distance(outputs, references[model]), fromOrt: ort && distance(outputs, ort) };
  };
  return { sessions: sessions.map(of), peaks };
}

async function reference(model) {
  const arrays = await fetchArrays(`/models/${model}.reference.npz`);
  return Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, data]));
}

/** The worst of all outputs. */
function distance(outputs, expected) {
  return Object.entries(expected)
    .map(([name, values]) => difference(outputs[name], values))
    .reduce((worst, other) => (other.relative <= worst.relative ? worst : other));
}

globalThis.measure = { prepare, turn, results };
