import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { SPREAD, random, stroll, writeEvents, writeItems, zipf } from "./generate.mjs";

test("ranks are drawn by Zipf's law", () => {
  const draw = zipf(1000, 1, random(7));
  const counts = new Array(1000).fill(0);
  for (let n = 0; n < 100_000; n++) counts[draw()]++;
  assert.ok(Math.abs(counts[0] / counts[9] - 10) < 2, `${counts[0]} ${counts[9]}`);
  assert.ok(Math.abs(counts[1] / counts[99] - 50) < 15, `${counts[1]} ${counts[99]}`);
});

test("equal seeds give equal files, with as many rows as asked for", () => {
  const folder = mkdtempSync(join(tmpdir(), "nearshelf-pack-"));
  try {
    const files = ["a", "b"].map((name) => {
      writeItems(join(folder, `${name}-items`), 50, 3);
      const told = writeEvents(join(folder, `${name}-events`), 50, 200, { seed: 3 });
      assert.ok(told.sessions > 10 && told.longest < 200);
      return ["items", "events"].map((kind) => readFileSync(join(folder, `${name}-${kind}`), "utf8"));
    });
    assert.deepEqual(files[0], files[1]);
    assert.equal(files[0][0].trim().split("\n").length, 51);
    assert.equal(files[0][1].trim().split("\n").length, 201);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("who strolls stays around few items, all of the catalogue", () => {
  const next = random(3);
  const items = 10_000;
  const ranks = new Map(Array.from({ length: items }, (_, rank) => [`i${(rank * SPREAD) % items}`, rank]));
  const step = stroll(items, next, () => Math.floor(next() * items));
  const steps = Array.from({ length: 500 }, step);
  const at = steps.map(({ item }) => ranks.get(item));
  assert.ok(at.every((rank) => rank !== undefined));
  const near = at.filter((rank, n) => n > 0 && Math.abs(rank - at[n - 1]) < 8).length;
  assert.ok(near > 300 && near < 400, `${near} of 499 steps`);
  assert.deepEqual([...new Set(steps.map(({ kind }) => kind))].sort(), ["add_to_cart", "purchase", "view"]);
});
