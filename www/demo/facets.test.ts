import { expect, test } from "@playwright/test";
import type { Item } from "nearshelf";
import { sizesOf } from "./catalogue.js";
import { choose, facetsOf, NO_CHOICE } from "./facets.js";

function item(id: string, changes: Partial<Item> = {}): Item {
  return {
    index: 0,
    id,
    title: id,
    description: "",
    brand: "",
    category: [],
    attributes: [],
    availability: "in-stock",
    link: "",
    image: "",
    hasImage: false,
    ...changes,
  };
}

const gbp = (minorUnits: number) => ({ minorUnits, currency: "GBP" });
const cheap = item("cheap", { price: gbp(500), attributes: [["color", "Sage"]] });
const reduced = item("reduced", { price: gbp(9000), salePrice: gbp(700), attributes: [["color", "Navy"]] });
const gone = item("gone", { price: gbp(600), availability: "out-of-stock", attributes: [["color", "Sage"]] });
const priceless = item("priceless");
const all = [reduced, gone, priceless, cheap];
const ids = (items: readonly Item[]) => items.map(({ id }) => id);

test("without a choice everything stays in catalogue order", () => {
  expect(choose(all, NO_CHOICE, "en")).toEqual(all);
  expect(choose([], NO_CHOICE, "en")).toEqual([]);
});

test("prices sort by what is paid now, and items without a price come last", () => {
  expect(ids(choose(all, { ...NO_CHOICE, sort: "price-up" }, "en"))).toEqual(["cheap", "gone", "reduced", "priceless"]);
  expect(ids(choose(all, { ...NO_CHOICE, sort: "price-down" }, "en"))).toEqual(["reduced", "gone", "cheap", "priceless"]);
});

test("filters narrow together", () => {
  expect(ids(choose(all, { ...NO_CHOICE, inStock: true, colours: new Set(["Sage"]) }, "en"))).toEqual(["cheap"]);
  expect(ids(choose(all, { ...NO_CHOICE, from: 600, to: 700 }, "en"))).toEqual(["reduced", "gone"]);
  expect(ids(choose(all, { ...NO_CHOICE, onSale: true }, "en"))).toEqual(["reduced"]);
});

test("facets count colours, and name a currency only when there is one", () => {
  expect(facetsOf(all)).toEqual({ colours: [["Sage", 2], ["Navy", 1]], soldOut: 1, reduced: 1, currency: "GBP" });
  const yen = item("yen", { price: { minorUnits: 900, currency: "JPY" } });
  expect(facetsOf([cheap, yen])).not.toHaveProperty("currency");
});

test("one size is no choice", () => {
  expect(sizesOf(item("bag", { attributes: [["sizes", "One size"]] }))).toEqual([]);
  expect(sizesOf(item("tee", { attributes: [["sizes", "S, M, L"]] }))).toEqual(["S", "M", "L"]);
  expect(sizesOf(item("nothing"))).toEqual([]);
});
