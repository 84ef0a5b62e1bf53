import { expect, test } from "@playwright/test";
import { placeFor } from "./policy.js";
import { clampRetention, DEFAULT_SETTINGS, type HistoryRecord, MAX_EVENTS, overdue, parseRecord, parseSettings } from "./records.js";

const DAY = 86_400_000;

function viewed(id: string, timeMillis: number): HistoryRecord {
  return { type: "event", id, event: "view", itemId: "x", timeMillis, quantity: 1 };
}

test("events over age are overdue, on the day itself they are not", () => {
  const records = [viewed("old", 0), viewed("edge", DAY), viewed("new", 8 * DAY)];
  expect(overdue(records, 7, 8 * DAY)).toEqual(["old"]);
});

test("over the most events, the oldest are overdue, in whatever order they come", () => {
  const records = Array.from({ length: MAX_EVENTS + 2 }, (_, age) => viewed(`age-${age}`, 10_000 - age));
  expect(overdue(records.reverse(), 1, 10_000).sort()).toEqual([`age-${MAX_EVENTS}`, `age-${MAX_EVENTS + 1}`].sort());
});

test('"not interested" is never overdue', () => {
  expect(overdue([{ type: "not-interested", id: "n", itemId: "x", timeMillis: 0 }], 1, 1e12)).toEqual([]);
});

test("nothing is overdue in an empty history", () => {
  expect(overdue([], 1, 1e12)).toEqual([]);
});

test("a record of another shape is no record", () => {
  for (const value of [undefined, null, 7, {}, { type: "event" }, { type: "event", itemId: "x", timeMillis: NaN }]) {
    expect(parseRecord("a", value)).toBeUndefined();
  }
  const unknown = { type: "event", event: "dance", itemId: "x", timeMillis: 1, quantity: 1 };
  expect(parseRecord("a", unknown)).toBeUndefined();
});

test("settings are made sane", () => {
  expect(parseSettings("?")).toEqual(DEFAULT_SETTINGS);
  expect(parseSettings({ paused: 1, retentionDays: -4 })).toEqual({ paused: false, retentionDays: 1 });
  expect(clampRetention(NaN)).toBe(DEFAULT_SETTINGS.retentionDays);
  expect(clampRetention(1e9)).toBe(730);
});

test("history goes to disk only with consent or without need of it, and never against Global Privacy Control", () => {
  expect(placeFor("not-required", false, true)).toEqual({ storage: "encrypted" });
  expect(placeFor("not-required", true, true)).toMatchObject({ storage: "memory", reason: "global-privacy-control" });
  expect(placeFor("granted", true, true)).toEqual({ storage: "encrypted" });
  expect(placeFor("granted", true, false)).toMatchObject({ storage: "memory", reason: "insecure-context" });
  expect(placeFor("pending", false, true)).toMatchObject({ storage: "memory", reason: "consent-pending" });
  expect(placeFor("denied", false, true)).toMatchObject({ storage: "none" });
});
