/** The measurements as tables in Markdown. */

import { fixed, table } from "../engine/report.mjs";
import { median, quantile } from "../statistics.mjs";

const NAMES = {
  exact: "Nearshelf, exact",
  sketch: "Nearshelf, `approximate`",
  plain: "plain scan of bytes, f32 for the best 80",
  read: "reading the rows, no more",
  ort: "onnxruntime-web, MatMul + TopK in f32",
  voy: "voy-search",
  hnsw: "hnswlib-wasm (M 16, ef 200; search ef 64)",
};

/** Everything, ready to paste into docs/retrieval.md. */
export function report({ machine, rounds, catalogues }) {
  const { cpu, cores, chromium, loadBefore } = machine;
  const parts = [`${cpu}, ${cores} cores, load ${loadBefore.toFixed(1)} before the start; Chromium ${chromium}, one thread; medians of ${rounds} rounds, of which each search had its turn.`];
  for (const { count, dimensions, rounding, sessions, failures } of catalogues) {
    const limit = sessions.find(({ name }) => name === "read");
    const of = (way) => sessions.filter((one) => one.way === way);
    parts.push(
      `${count.toLocaleString("en")} × ${dimensions}; rows rounded to bytes keep ${(100 * rounding).toFixed(1)} % of the 20 closest:`,
      table(
        ["search", "ms", "best tenth", "× reading", "recall@20", "1 % filter: ms", "recall@20", "opening ms"],
        of("search").map((one) => row(one, limit, of("filtered").find(({ name }) => name === one.name))),
        1,
      ),
    );
    for (const { name, reason } of failures) parts.push(`${NAMES[name]}: ${reason}`);
  }
  return parts.join("\n\n");
}

function row({ name, samples, recall, createMillis }, limit, filtered) {
  const millis = median(samples);
  return [
    NAMES[name], fixed(millis, 3), fixed(quantile(samples, 0.1), 3), fixed(limit && millis / median(limit.samples), 2), share(recall),
    filtered ? fixed(median(filtered.samples), 3) : "", filtered ? share(filtered.recall) : "", name === "read" ? "" : fixed(createMillis, 0),
  ];
}

const share = (part) => (part === undefined ? "" : part.toFixed(4));
