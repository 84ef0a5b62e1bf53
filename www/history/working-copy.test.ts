import { expect, test } from "@playwright/test";
import type { HistoryRecord } from "./records.js";
import { WorkingCopy } from "./working-copy.js";

function viewed(id: string, timeMillis: number): HistoryRecord {
  return { type: "event", id, event: "view", itemId: `item-${id}`, timeMillis, quantity: 1 };
}

function ids({ records }: WorkingCopy): string[] {
  return records.map(({ id }) => id);
}

test("what the database holds and the page knows already is there once, in order of time", () => {
  const copy = new WorkingCopy();
  copy.reload([viewed("b", 2), viewed("a", 1)]);
  copy.add(viewed("c", 3));
  copy.reload([viewed("a", 1), viewed("b", 2)]);
  expect(ids(copy)).toEqual(["a", "b", "c"]);
  expect(copy.unstored.map(({ id }) => id)).toEqual(["c"]);
  copy.reload([viewed("c", 3), viewed("a", 1), viewed("b", 2)]);
  expect(ids(copy)).toEqual(["a", "b", "c"]);
  expect(copy.unstored).toEqual([]);
});

test("what another tab removed is gone, what only this page knows is not", () => {
  const copy = new WorkingCopy();
  copy.reload([viewed("a", 1), viewed("b", 2)]);
  copy.add(viewed("own", 3));
  copy.reload([viewed("b", 2)]);
  expect(ids(copy)).toEqual(["b", "own"]);
  expect(copy).toMatchObject({ eventCount: 2, storedEventCount: 1 });
});

test("an event stored later is not taken for one of the page's own", () => {
  const copy = new WorkingCopy();
  copy.add(viewed("a", 1));
  copy.markStored(copy.unstored);
  copy.reload([]);
  expect(ids(copy)).toEqual([]);
});

test("nothing is left after a clear", () => {
  const copy = new WorkingCopy();
  copy.reload([viewed("a", 1)]);
  copy.clear();
  expect(copy).toMatchObject({ records: [], entries: [], hidden: [], eventCount: 0, storedEventCount: 0 });
});

test("looking again within half an hour is one look, at another item or later it is not", () => {
  const copy = new WorkingCopy();
  expect(copy.isSameLook({ type: "view", itemId: "item-a" }, 1)).toBe(false);
  copy.add(viewed("a", 0));
  expect(copy.isSameLook({ type: "view", itemId: "item-a" }, 30 * 60_000 - 1)).toBe(true);
  expect(copy.isSameLook({ type: "view", itemId: "item-a" }, 30 * 60_000)).toBe(false);
  expect(copy.isSameLook({ type: "view", itemId: "item-b" }, 1)).toBe(false);
  expect(copy.isSameLook({ type: "add_to_cart", itemId: "item-a" }, 1)).toBe(false);
});
