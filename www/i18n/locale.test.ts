import { expect, test } from "@playwright/test";
import { en } from "./en.js";
import { messagesFor, pickLocale } from "./locale.js";
import { zhCn } from "./zh-cn.js";

test("the first well-formed tag wins", () => {
  expect(pickLocale(undefined, "", "not a tag", "zh_cn", "en")).toBe("zh-CN");
  expect(pickLocale(null)).toBe("en");
});

test("languages without a translation read English", () => {
  expect(messagesFor("zh-CN")).toBe(zhCn);
  expect(messagesFor("zh")).toBe(zhCn);
  expect(messagesFor("fr")).toBe(en);
});

test("both languages say everything", () => {
  const shape = (value: unknown): unknown =>
    typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]))
      : typeof value;
  expect(shape(zhCn)).toEqual(shape(en));
});
