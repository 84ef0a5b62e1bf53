import { expect, test } from "@playwright/test";
import { rovingTarget } from "./roving.js";

test("arrows walk and stop at the ends", () => {
  expect(rovingTarget("ArrowRight", 0, 3, false)).toBe(1);
  expect(rovingTarget("ArrowRight", 2, 3, false)).toBe(2);
  expect(rovingTarget("ArrowLeft", 0, 3, false)).toBe(0);
  expect(rovingTarget("Home", 2, 3, false)).toBe(0);
  expect(rovingTarget("End", 0, 3, false)).toBe(2);
});

test("right-to-left pages swap the arrows", () => {
  expect(rovingTarget("ArrowLeft", 0, 3, true)).toBe(1);
  expect(rovingTarget("ArrowRight", 1, 3, true)).toBe(0);
});

test("other keys and empty rows mean nothing", () => {
  expect(rovingTarget("a", 0, 3, false)).toBeUndefined();
  expect(rovingTarget("End", 0, 0, false)).toBeUndefined();
});
