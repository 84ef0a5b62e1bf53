/** Sorting and filtering the items of a category page. */
import type { Item } from "nearshelf";
import { attribute, canBuy, colourOf, priceOf } from "./catalogue.js";

export const SORTS = ["featured", "price-up", "price-down", "name"] as const;
export type Sort = (typeof SORTS)[number];

/** What a shopper has chosen. Prices are in minor units. */
export interface Choice {
  readonly sort: Sort;
  readonly inStock: boolean;
  readonly onSale: boolean;
  readonly colours: ReadonlySet<string>;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export const NO_CHOICE: Choice = { sort: "featured", inStock: false, onSale: false, colours: new Set() };

/** What there is to choose from. */
export interface Facets {
  /** Colours with their number of items, most frequent first. */
  readonly colours: readonly (readonly [name: string, count: number])[];
  readonly soldOut: number;
  readonly reduced: number;
  /** The currency of all prices; absent when there are several or none. */
  readonly currency?: string;
}

function colourGroup(item: Item): string | undefined {
  return attribute(item, "color_family") ?? colourOf(item);
}

export function facetsOf(items: readonly Item[]): Facets {
  const colours = new Map<string, number>();
  const currencies = new Set<string>();
  let soldOut = 0;
  let reduced = 0;
  for (const item of items) {
    const colour = colourGroup(item);
    if (colour) colours.set(colour, (colours.get(colour) ?? 0) + 1);
    const { now, before } = priceOf(item);
    if (now) currencies.add(now.currency);
    if (before) reduced += 1;
    if (!canBuy(item)) soldOut += 1;
  }
  const [currency] = currencies;
  return {
    colours: [...colours].sort((a, b) => b[1] - a[1]),
    soldOut,
    reduced,
    ...(currencies.size === 1 && currency !== undefined && { currency }),
  };
}

export function isChosen({ inStock, onSale, colours, from, to }: Choice): boolean {
  return inStock || onSale || colours.size > 0 || from !== undefined || to !== undefined;
}

/** The items that pass, in the order chosen; "featured" keeps the catalogue's. */
export function choose(items: readonly Item[], choice: Choice, locale: string): Item[] {
  const passed = items.filter((item) => passes(item, choice));
  const price = (item: Item, missing: number) => priceOf(item).now?.minorUnits ?? missing;
  switch (choice.sort) {
    case "price-up":
      return passed.sort((a, b) => price(a, Infinity) - price(b, Infinity));
    case "price-down":
      return passed.sort((a, b) => price(b, -1) - price(a, -1));
    case "name":
      return passed.sort((a, b) => a.title.localeCompare(b.title, locale));
    case "featured":
      return passed;
  }
}

function passes(item: Item, { inStock, onSale, colours, from, to }: Choice): boolean {
  const { now, before } = priceOf(item);
  if (inStock && !canBuy(item)) return false;
  if (onSale && !before) return false;
  if (from !== undefined && (!now || now.minorUnits < from)) return false;
  if (to !== undefined && (!now || now.minorUnits > to)) return false;
  return colours.size === 0 || colours.has(colourGroup(item) ?? "");
}
