/** The measurements as tables in Markdown. */

import { median, quantile } from "../statistics.mjs";

/**
 * What a list is made of. Some parts can be timed alone, others are what a call takes more than another; the medians of
 * such differences need not add up to the whole's.
 */
const PARTS = [
  ["reading the request and the history, filters, candidates from five retrievers", ({ candidates, encoder, scan }) => candidates - encoder - scan],
  ["the encoder, once", ({ encoder }) => encoder],
  ["of candidates: the scan of all embeddings", ({ scan }) => scan],
  ["ranking, reasons: the list scored anew eight times, each without one item of the history", ({ plain, candidates }) => plain - candidates],
  ["variety", ({ whole, plain }) => whole - plain],
];

/** Everything, ready to paste into docs/retrieval.md. */
export function report({ machine, items, events, firstMillis, samples }) {
  const { cpu, cores, chromium, loadBefore } = machine;
  const figures = (of) => {
    const times = samples.map(of);
    return [quantile(times, 0.1), median(times), quantile(times, 0.95)];
  };
  const row = (name, of, total) => {
    const [best, middle, most] = figures(of);
    const share = total === undefined ? "" : `${((100 * middle) / total).toFixed(0)} %`;
    return `| ${name} | ${middle.toFixed(2)} | ${best.toFixed(2)} | ${most.toFixed(2)} | ${share} |`;
  };
  const [, whole] = figures((sample) => sample.whole);
  const explained = samples.reduce((sum, sample) => sum + sample.explained, 0) / samples.length;
  return [
    `${cpu}, ${cores} cores, load ${loadBefore.toFixed(1)} before the start; Chromium ${chromium}, relaxed SIMD, one thread; ${items.toLocaleString("en")} items, ` +
      `${samples.length} shoppers of ${events} events, lists of 20; of those, ${explained.toFixed(1)} items have grounds that were found by leaving events out.`,
    "",
    "| milliseconds | median | best tenth | 95 % within | of the whole |",
    "|---|---:|---:|---:|---:|",
    row("**as a page asks it**: client, worker, encrypted history", ({ page }) => page),
    row("**the whole list**, in the worker", (sample) => sample.whole),
    ...PARTS.map(([name, of]) => row(name, of, whole)),
    "",
    `The first list of a page, which numbers categories and sorts demand: ${firstMillis.toFixed(0)} ms.`,
  ].join("\n");
}
