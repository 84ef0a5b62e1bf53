/** Reading the catalogue as a shop does: prices, variants, sizes, categories. */
import type { Category, Item, Money } from "nearshelf";
import { LOCALES } from "./words.js";
import type { Shop } from "./shop.js";

/** Most items that a page sorts and filters itself. */
export const MOST_ITEMS = 5000;

/** What is paid now, and what was paid before where the item is reduced. */
export function priceOf({ price, salePrice }: Item): { now?: Money; before?: Money } {
  if (!price) return {};
  const reduced = salePrice?.currency === price.currency && salePrice.minorUnits < price.minorUnits;
  return reduced ? { now: salePrice, before: price } : { now: price };
}

/** The value of the first of these attributes that the item has. */
export function attribute({ attributes }: Item, ...names: readonly string[]): string | undefined {
  for (const wanted of names) {
    const found = attributes.find(([name]) => name.toLowerCase() === wanted);
    if (found) return found[1];
  }
  return undefined;
}

export function colourOf(item: Item): string | undefined {
  return attribute(item, "color", "colour");
}

/** Sizes to choose from; empty when there is no choice. */
export function sizesOf(item: Item): string[] {
  const sizes = (attribute(item, "sizes") ?? "").split(/\s*[,、|]\s*/).filter((size) => size !== "");
  return sizes.length > 1 ? sizes : [];
}

export function canBuy({ availability }: Item): boolean {
  return availability !== "out-of-stock";
}

/**
 * The same product in its other colours, this one included, in catalogue order.
 *
 * Variants have one brand and category, and titles that differ in nothing but the colour's name.
 */
export async function variantsOf(shop: Shop, item: Item): Promise<readonly Item[]> {
  if (!colourOf(item) || item.category.length === 0) return [item];
  const { items } = await shop.client.itemsInCategory(item.category, { locale: shop.locale, limit: 600 });
  const stem = stemOf(item);
  const variants = items.filter((other) => other.brand === item.brand && stemOf(other) === stem);
  return variants.length > 1 ? variants : [item];
}

function stemOf(item: Item): string {
  return item.title.toLowerCase().replace(colourOf(item)?.toLowerCase() ?? "", "");
}

/** A category by its path in any of the shop's languages, in the words of the current one. */
export async function findCategory(shop: Shop, path: readonly string[]): Promise<Category | undefined> {
  const own = await shop.categories();
  const exact = own.find((category) => samePath(category.path, path));
  if (exact) return exact;
  for (const locale of LOCALES) {
    if (locale === shop.locale) continue;
    const other = (await shop.categories(locale)).find((category) => samePath(category.path, path));
    // Languages differ in the words only: the same depth and first item is the same category.
    if (other) return own.find(({ first, path: words }) => first === other.first && words.length === path.length);
  }
  return undefined;
}

/** Categories directly below a path. */
export function childrenOf(categories: readonly Category[], path: readonly string[]): readonly Category[] {
  return categories.filter(
    (category) => category.path.length === path.length + 1 && path.every((name, depth) => category.path[depth] === name),
  );
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, depth) => name === b[depth]);
}

/** Items in or below a path; of the whole catalogue for an empty one. */
export async function itemsBelow(shop: Shop, path: readonly string[]): Promise<readonly Item[]> {
  if (path.length === 0) {
    const count = Math.min(MOST_ITEMS, shop.client.status().itemCount);
    return shop.items(Array.from({ length: count }, (_, index) => index));
  }
  const { items } = await shop.client.itemsInCategory(path, { locale: shop.locale, limit: MOST_ITEMS });
  return items;
}
