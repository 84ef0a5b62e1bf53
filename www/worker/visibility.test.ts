import { expect, test } from "@playwright/test";
import { Visibility } from "./visibility.js";

test("a page is in sight until it says otherwise", async () => {
  await new Visibility().shown();
});

test("what waits for a page out of sight goes on when it is back", async () => {
  const visibility = new Visibility();
  visibility.set(false);
  let went = false;
  const waiting = visibility.shown().then(() => (went = true));
  await Promise.resolve();
  expect(went).toBe(false);
  visibility.set(true);
  await waiting;
  expect(went).toBe(true);
});

test("going out of sight is counted once until the page is back", () => {
  const visibility = new Visibility();
  for (const shown of [true, false, false, true, false]) visibility.set(shown);
  expect(visibility.hides).toBe(2);
});
