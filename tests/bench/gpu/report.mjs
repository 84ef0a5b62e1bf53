/** The measurements as tables in Markdown. */

import { fixed, millis, small, table } from "../engine/report.mjs";
import { median } from "../statistics.mjs";

const NAMES = { gpu: "Nearshelf, WebGPU", cpu: "Nearshelf, CPU (relaxed SIMD)", ort: "onnxruntime-web, WebGPU" };
const KIBIBYTE = 1024;

/** Everything, ready to paste into docs/gpu.md. */
export function report({ machine, rounds, sessions, failures }) {
  const { cpu, cores, chromium, loadBefore, adapter } = machine;
  const kind = adapter.isSoftware ? "a software adapter: the CPU computes what a graphics card would" : "a hardware adapter";
  const parts = [
    `Adapter: ${adapter.name} (${kind}). ${cpu}, ${cores} cores, load ${loadBefore.toFixed(1)} before the start; Chromium ${chromium}; ${rounds} rounds.`,
    table(["model", "runtime", "median ms", "× onnxruntime-web", "create ms", "× onnxruntime-web", "first run ms"], sessions.map((one) => speeds(one, sessions))),
    table(["model", "runtime", "dispatches", "passes", "GPU time ms", "KiB up", "KiB down", "furthest from ONNX Runtime, relative"], sessions.filter(({ runtime }) => runtime !== "cpu").map(work)),
  ];
  for (const { model, runtime, reason } of failures) parts.push(`${model} on ${NAMES[runtime]}: ${reason}`);
  return parts.join("\n\n");
}

function speeds({ model, runtime, samples, createMillis, firstMillis }, sessions) {
  const ort = sessions.find((other) => other.model === model && other.runtime === "ort");
  const versus = (mine, theirs) => (runtime === "ort" || theirs === undefined ? "" : fixed(theirs / mine, 2));
  return [
    model, NAMES[runtime], millis(median(samples)), versus(median(samples), ort && median(ort.samples)),
    millis(createMillis), versus(createMillis, ort?.createMillis), millis(firstMillis),
  ];
}

function work({ model, runtime, dispatches, passes, gpuMillis, up, down, distance }) {
  return [
    model, NAMES[runtime], dispatches, passes, fixed(gpuMillis, 1),
    fixed(up / KIBIBYTE, 1), fixed(down / KIBIBYTE, 1), small(distance.relative),
  ];
}
