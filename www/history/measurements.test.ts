import { expect, test } from "@playwright/test";
import { parseRecord } from "./records.js";
import { WorkingCopy } from "./working-copy.js";

const MEASURED = { type: "measurements", id: "m", timeMillis: 5, measurements: { unit: "cm", chest: 90 } } as const;

test("kept measurements are neither events nor wishes", () => {
  const copy = new WorkingCopy();
  copy.add(MEASURED);
  expect(copy.measurements).toEqual(MEASURED);
  expect([copy.entries, copy.hidden]).toEqual([[], []]);
  copy.clear();
  expect(copy.measurements).toBeUndefined();
});

test("measurements come out of the database as they went in, and damaged ones not at all", () => {
  expect(parseRecord("m", { ...MEASURED })).toEqual(MEASURED);
  for (const measurements of [undefined, null, 90, "90"]) expect(parseRecord("m", { ...MEASURED, measurements })).toBeUndefined();
});
