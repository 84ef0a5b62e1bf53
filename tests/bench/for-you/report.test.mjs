import assert from "node:assert/strict";
import { test } from "node:test";
import { report } from "./report.mjs";

test("parts are told with what they take of the whole", () => {
  const sample = { page: 9, whole: 8, plain: 7, candidates: 3, encoder: 0.5, scan: 0.5, explained: 20 };
  const text = report({
    machine: { cpu: "a CPU", cores: 2, chromium: "156", loadBefore: 0.25 },
    items: 100_000,
    events: 20,
    firstMillis: 41.4,
    samples: [sample, sample, sample],
  });
  assert.match(text, /100,000 items, 3 shoppers of 20 events, lists of 20; of those, 20\.0 items have grounds/);
  assert.match(text, /\| \*\*the whole list\*\*, in the worker \| 8\.00 \| 8\.00 \| 8\.00 \| {2}\|/);
  assert.match(text, /five retrievers \| 2\.00 \| 2\.00 \| 2\.00 \| 25 % \|/);
  assert.match(text, /each without one item of the history \| 4\.00 \| 4\.00 \| 4\.00 \| 50 % \|/);
  assert.match(text, /\| variety \| 1\.00 \| 1\.00 \| 1\.00 \| 13 % \|/);
  assert.match(text, /sorts demand: 41 ms/);
});
