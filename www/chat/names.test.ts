import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { intentName, slotName } from "./names.js";

const { classes } = JSON.parse(readFileSync(new URL("../../models/chat-retail/words.json", import.meta.url), "utf8")) as { classes: string[] };

test("every intent that ships has a name of its own in both languages", () => {
  expect(classes.length).toBeGreaterThan(40);
  for (const language of ["en", "zh-CN"] as const) {
    const names = classes.map((intent) => intentName(intent, language));
    expect(new Set(names).size).toBe(classes.length);
    expect(names.filter((name) => name.includes("_"))).toEqual([]);
  }
  expect(classes.filter((intent) => !/^[\u4e00-\u9fff]+$/.test(intentName(intent, "zh-CN")))).toEqual([]);
});

test("a shop's own intent is named by its id", () => {
  expect(intentName("repair_my_bike", "en")).toBe("repair my bike");
  expect(intentName("constructor", "zh-CN")).toBe("constructor");
  expect(slotName("product_type", "zh-CN")).toBe("种类");
});
