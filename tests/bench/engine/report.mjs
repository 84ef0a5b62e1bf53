/** The measurements as tables in Markdown. */

import { median, quantile } from "../statistics.mjs";

const NAMES = { relaxed: "Nearshelf, relaxed SIMD", baseline: "Nearshelf, baseline SIMD", ort: "onnxruntime-web", tract: "tract", rten: "rten", none: "page and files alone" };
/** The microkernel that has the instructions of a build, by the bits of a weight. Of the others they aren't known. */
const KERNELS = {
  relaxed: { 32: "f32_relaxed", 8: "int8_relaxed", 7: "int7_relaxed" },
  baseline: { 32: "f32", 8: "int8", 7: "int8" },
};
const MEBIBYTE = 1 << 20;
/** What a busy machine leaves alone: the samples of the best tenth. */
const [BEST_TIME, BEST_RATE] = [0.1, 0.9];

/** Everything, ready to paste into docs/performance.md. */
export function report(measured) {
  const { machine, rounds, visits, failures } = measured;
  const { cpu, cores, chromium, loadBefore } = machine;
  const parts = [
    `${cpu}, ${cores} cores, load ${loadBefore.toFixed(1)} before the start; Chromium ${chromium}; ${rounds} rounds, ${visits} visits.`,
    table(["model", "runtime", "median ms", "p90 ms", "× onnxruntime-web", "GMAC/s", "of the microkernel"], speeds(measured)),
    table(["microkernel", "GMAC/s: median", "best tenth"], peaks(measured), 1),
    table(["model", "runtime", ...["ONNX Runtime", "onnxruntime-web"].flatMap((of) => [`from ${of}: largest`, "relative", "cosine"])], distances(measured)),
  ];
  if (visits > 0) {
    const times = ["create ms", "× onnxruntime-web", "first run ms", "page start to first result ms", "× onnxruntime-web"];
    parts.push(table(["model", "runtime", ...times, "wasm memory MiB", "weights + arena MiB"], starts(measured)));
  }
  for (const { model, runtime, reason } of failures) parts.push(`${model} on ${NAMES[runtime]}: ${reason}`);
  return parts.join("\n\n");
}

/** `document` with the text between the two marks of `bench` replaced by `text`. */
export function replaceReport(document, text, bench = "bench engine") {
  const [first, last] = [`<!-- ${bench}: begin -->`, `<!-- ${bench}: end -->`];
  const [begin, end] = [document.indexOf(first), document.indexOf(last)];
  if (begin < 0 || end < begin) throw new Error(`the document lacks the marks ${first} and ${last}`);
  return `${document.slice(0, begin + first.length)}\n\n${text}\n\n${document.slice(end)}`;
}

/** How many times the time of `reference` that of `other` is; of the two medians. */
export function ratio(reference, other) {
  return reference?.length > 0 && other.length > 0 ? median(reference) / median(other) : undefined;
}

/** Billions of multiply-adds a second; nothing for a model without any. */
export function gigaMacs(multiplyAdds, millis) {
  return multiplyAdds > 0 ? multiplyAdds / millis / 1e6 : undefined;
}

function speeds({ sessions, models, peaks: rates }) {
  return inOrder(sessions, models).map(({ model, runtime, samples }) => {
    const { multiplyAdds, bits } = models.find(({ name }) => name === model);
    const kernel = rates[KERNELS[runtime]?.[bits]];
    const best = gigaMacs(multiplyAdds, quantile(samples, BEST_TIME));
    const share = kernel && best !== undefined ? `${((100 * best) / quantile(kernel, BEST_RATE)).toFixed(0)} %` : "";
    const versus = runtime === "ort" ? "" : fixed(ratio(ofOrt(sessions, model)?.samples, samples), 2);
    const rate = gigaMacs(multiplyAdds, median(samples));
    return [model, NAMES[runtime], millis(median(samples)), millis(quantile(samples, 0.9)), versus, fixed(rate, 1), share];
  });
}

function peaks({ peaks: rates }) {
  return Object.entries(rates).map(([kernel, samples]) => [
    kernel.replace("_", ", "), fixed(median(samples), 1), fixed(quantile(samples, BEST_RATE), 1),
  ]);
}

function distances({ sessions, models }) {
  const cells = (distance) => (distance ? [small(distance.absolute), small(distance.relative), distance.cosine.toFixed(6)] : ["", "", ""]);
  return inOrder(sessions, models).map(({ model, runtime, fromNative, fromOrt }) => [
    model, NAMES[runtime], ...cells(fromNative), ...cells(runtime === "ort" ? undefined : fromOrt),
  ]);
}

function starts({ cold, models }) {
  return cold.filter(({ visits }) => visits.length > 0).map(({ model, runtime, visits }) => {
    const figures = (of, figure) => of?.visits.map((visit) => visit[figure]);
    const versus = (figure) => (runtime === "ort" ? "" : fixed(ratio(figures(ofOrt(cold, model), figure), figures({ visits }, figure)), 1));
    const middle = (figure) => median(figures({ visits }, figure));
    if (runtime === "none") return [model, NAMES.none, "", "", "", millis(middle("firstResultMillis")), "", "", ""];
    const { weightBytes, arenaBytes } = models.find(({ name }) => name === model);
    return [
      model, NAMES[runtime], millis(middle("createMillis")), versus("createMillis"), millis(middle("firstRunMillis")),
      millis(middle("firstResultMillis")), versus("firstResultMillis"), fixed(middle("memoryBytes") / MEBIBYTE, 1),
      runtime in KERNELS ? fixed((weightBytes + arenaBytes) / MEBIBYTE, 1) : "",
    ];
  });
}

function inOrder(sessions, models) {
  return models.flatMap(({ name }) => sessions.filter(({ model }) => model === name));
}

function ofOrt(list, model) {
  return list.find((other) => other.model === model && other.runtime === "ort");
}

/** The first `names` columns hold words, the others figures. */
export function table(header, rows, names = 2) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map((_, i) => (i < names ? "---" : "---:"))), ...rows.map(line)].join("\n");
}

export const fixed = (value, digits) => (value === undefined ? "–" : value.toFixed(digits));
export const millis = (value) => value.toFixed(value < 10 ? 2 : 1);
export const small = (value) => (value === 0 ? "0" : value.toExponential(1));
