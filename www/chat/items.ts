import type { Item, Money, Nearshelf } from "../client/types.js";
import type { ChatItem } from "./types.js";

/** Items that the assistant learns by name; of a larger catalogue the first. */
const MOST_ITEMS = 20_000;
/** Items asked for at a time, so that lists of the page are not held up. */
const AT_A_TIME = 1_000;
/** Shoppers write in these, whatever the page is in. */
const LOCALES = ["en", "zh-CN"];

/** The catalogue's texts in both languages. */
export async function chatItems(client: Nearshelf): Promise<readonly ChatItem[]> {
  await client.ready;
  const count = Math.min(client.status().itemCount, MOST_ITEMS);
  const texts: ChatItem[] = [];
  for (let first = 0; first < count; first += AT_A_TIME) {
    const indexes = Array.from({ length: Math.min(AT_A_TIME, count - first) }, (_, at) => first + at);
    for (const locale of LOCALES) texts.push(...(await client.items(indexes, locale)).map(chatItem));
  }
  return texts;
}

function chatItem(item: Item): ChatItem {
  const { index, title, brand, category, attributes, availability } = item;
  const money = priceOf(item);
  return {
    index,
    title,
    brand,
    category,
    attributes,
    inStock: availability === "in-stock",
    ...(money && { price: majorUnits(money), currency: money.currency }),
  };
}

/** What an item costs now. */
function priceOf({ price, salePrice }: Item): Money | undefined {
  return salePrice ?? price;
}

/** An amount as people say it: 1299 pence are 12.99. */
export function majorUnits({ minorUnits, currency }: Money): number {
  let decimals = 2;
  try {
    decimals = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    // As formatMoney writes a currency that the browser doesn't know.
  }
  return minorUnits / 10 ** decimals;
}
