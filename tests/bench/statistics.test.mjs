import assert from "node:assert/strict";
import { test } from "node:test";
import { difference, median, quantile } from "./statistics.mjs";

test("the median is the middle one, however samples are ordered", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 2]), 3);
  assert.equal(median([10, 9]), 10);
  assert.equal(median([7]), 7);
});

test("a quantile is one of the samples, at both ends too", () => {
  const samples = [5, 4, 3, 2, 1];
  assert.deepEqual([0, 0.1, 0.9, 1].map((part) => quantile(samples, part)), [1, 1, 5, 5]);
  assert.deepEqual(samples, [5, 4, 3, 2, 1], "samples stay as they are");
});

test("equal outputs don't differ, all zeros included", () => {
  assert.deepEqual(difference([0, 0], [0, 0]), { absolute: 0, relative: 0, cosine: 1 });
  assert.deepEqual(difference([1, -2], [1, -2]), { absolute: 0, relative: 0, cosine: 1 });
});

test("a difference is relative to the largest reference value", () => {
  const { absolute, relative, cosine } = difference([4, 0], [4, -3]);
  assert.equal(absolute, 3);
  assert.equal(relative, 0.75);
  assert.ok(Math.abs(cosine - 0.8) < 1e-12);
});

test("a NaN doesn't pass for agreement, and another length is an error", () => {
  assert.ok(Number.isNaN(difference([1, NaN, 1], [1, 1, 1]).absolute));
  assert.throws(() => difference([1], [1, 2]), /1 values, expected 2/);
});

test("int64 outputs are compared as numbers", () => {
  assert.equal(difference(BigInt64Array.of(3n), Int32Array.of(1)).absolute, 2);
});
