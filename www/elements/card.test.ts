import { expect, test } from "@playwright/test";
import type { Ground, Item, Reason, Recommendation } from "../client/types.js";
import { en } from "../i18n/en.js";
import { zhCn } from "../i18n/zh-cn.js";
import { reasonText } from "./card.js";

const ITEM: Item = {
  index: 0,
  id: "own",
  title: "Linen shirt",
  description: "",
  brand: "",
  category: [],
  attributes: [],
  availability: "in-stock",
  link: "",
  image: "",
  hasImage: false,
};

function because(...reasons: Reason[]): Recommendation {
  return { item: ITEM, score: 1, reasons, grounds: [] };
}

test("the first reason that can be worded is told", () => {
  const viewed: Reason = { code: "because-viewed", item: { id: "a", title: "Straw hat" } };
  expect(reasonText(because(viewed, { code: "trending" }), en)).toBe("Because you viewed Straw hat");
});

test("a reason about an item that is gone, or of a newer pack, is passed over", () => {
  const newer = { code: "because-of-the-moon" } as unknown as Reason;
  expect(reasonText(because({ code: "similar-to" }, newer, { code: "popular" }), en)).toBe("Popular in this shop");
});

test("an item bought before says so of itself", () => {
  const bought: Reason = { code: "because-bought", item: { id: "own", title: "Linen shirt" } };
  expect(reasonText(because(bought), en)).toBe("You bought this before");
});

test("no reason is no words", () => {
  expect(reasonText(because(), en)).toBe("");
});

test("two deeds that count alike are told together, in both languages", () => {
  const ground = (was: Ground["was"], title: string, points: number): Ground => ({ was, points, item: { id: title, title }, events: [] });
  const viewed: Reason = { code: "because-viewed", item: { id: "Straw hat", title: "Straw hat" } };
  const both = (points: number) => ({
    ...because(viewed),
    grounds: [ground("viewed", "Straw hat", 1), ground("bought", "Sun cream", points)],
  });
  expect(reasonText(both(0.6), en)).toBe("Because you viewed Straw hat and bought Sun cream");
  expect(reasonText(both(0.6), zhCn)).toBe("为你推荐，因为你看过“Straw hat”，并买过“Sun cream”");
  expect(reasonText(both(0.4), en), "a weak one is not").toBe("Because you viewed Straw hat");
});
