import { expect, test } from "@playwright/test";
import { formatMoney, formatTime } from "./format.js";

test("a price has the decimals of its currency", () => {
  expect(formatMoney({ minorUnits: 1299, currency: "GBP" }, "en")).toBe("£12.99");
  expect(formatMoney({ minorUnits: 1299, currency: "JPY" }, "en")).toBe("¥1,299");
  expect(formatMoney({ minorUnits: 1299, currency: "KWD" }, "en")).toMatch(/1\.299$/);
});

test("a price speaks the locale", () => {
  expect(formatMoney({ minorUnits: 129900, currency: "CNY" }, "zh-CN")).toBe("¥1,299.00");
});

test("nothing costs nothing", () => {
  expect(formatMoney({ minorUnits: 0, currency: "EUR" }, "en")).toBe("€0.00");
});

test("a currency that is none is written as it stands", () => {
  expect(formatMoney({ minorUnits: 1299, currency: "??" }, "en")).toBe("12.99 ??");
});

test("a time is a date and a time of day", () => {
  expect(formatTime(Date.UTC(2026, 0, 2, 12), "en")).toMatch(/Jan [123], 2026/);
});
