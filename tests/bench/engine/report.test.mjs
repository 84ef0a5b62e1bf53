import assert from "node:assert/strict";
import { test } from "node:test";
import { gigaMacs, ratio, replaceReport, report } from "./report.mjs";

test("a ratio above one says that the other is faster than the reference", () => {
  assert.equal(ratio([8, 8, 9], [4, 4, 1]), 2);
  assert.equal(ratio(undefined, [4]), undefined);
  assert.equal(ratio([8], []), undefined);
});

test("a hundred million multiply-adds in ten milliseconds are ten a nanosecond", () => {
  assert.equal(gigaMacs(1e8, 10), 10);
  assert.equal(gigaMacs(0, 10), undefined);
});

test("the report shows times, the ratio to onnxruntime-web, the share of the microkernel and failures", () => {
  const near = { absolute: 1e-6, relative: 5e-7, cosine: 1 };
  const text = report({
    machine: { cpu: "a CPU", cores: 2, chromium: "156", loadBefore: 0.25 },
    rounds: 3,
    visits: 1,
    models: [{ name: "net", bits: 8, multiplyAdds: 1e8, weightBytes: 1 << 20, arenaBytes: 1 << 19 }],
    sessions: [
      { model: "net", runtime: "relaxed", samples: [5, 5, 5], fromNative: near, fromOrt: near },
      { model: "net", runtime: "ort", samples: [10, 10, 10], fromNative: near, fromOrt: near },
    ],
    peaks: { int8_relaxed: [40, 40, 40] },
    cold: [
      { model: "net", runtime: "relaxed", visits: [{ createMillis: 10, firstRunMillis: 20, firstResultMillis: 50, memoryBytes: 1 << 21 }] },
      { model: "net", runtime: "ort", visits: [{ createMillis: 100, firstRunMillis: 30, firstResultMillis: 400, memoryBytes: 1 << 24 }] },
      { model: "net", runtime: "tract", visits: [] },
      { model: "net", runtime: "none", visits: [{ createMillis: 0, firstRunMillis: 0, firstResultMillis: 6, memoryBytes: 0 }] },
    ],
    failures: [{ model: "net", runtime: "tract", reason: "unsupported" }],
  });
  const lines = text.split("\n");
  assert.ok(lines.includes("| net | Nearshelf, relaxed SIMD | 5.00 | 5.00 | 2.00 | 20.0 | 50 % |"));
  assert.ok(lines.includes("| net | onnxruntime-web | 10.0 | 10.0 |  | 10.0 |  |"));
  assert.ok(lines.includes("| net | Nearshelf, relaxed SIMD | 10.0 | 10.0 | 20.0 | 50.0 | 8.0 | 2.0 | 1.5 |"));
  assert.ok(lines.includes("| net | page and files alone |  |  |  | 6.00 |  |  |  |"));
  assert.ok(lines.includes("net on tract: unsupported"));
});

test("a document gets the report between its marks, and keeps the rest", () => {
  const document = "before\n<!-- bench engine: begin -->\nold\n<!-- bench engine: end -->\nafter\n";
  const replaced = replaceReport(document, "new");
  assert.equal(replaced, "before\n<!-- bench engine: begin -->\n\nnew\n\n<!-- bench engine: end -->\nafter\n");
  assert.equal(replaceReport(replaced, "new"), replaced);
  assert.throws(() => replaceReport("no marks", "new"), /lacks the marks/);
});
