import { h } from "../dom.js";
import { to } from "../router.js";
import type { Shop } from "../shop.js";
import { chartOf } from "../size-charts.js";
import { similar } from "../widgets.js";
import type { Page } from "./page.js";

/** The fitting room: a product on a figure or on the shopper, and what looks like it. */
export async function tryOnPage(shop: Shop, id?: string): Promise<Page> {
  const { words } = shop;
  const [item] = await shop.items([id ?? 0]);
  const element = h("nearshelf-try-on", { "item-id": item?.id, heading: words.tryOn.room });
  element.client = shop.client;
  element.sizeChart = item && chartOf(item);
  return {
    name: "try-on",
    title: words.tryOn.title,
    content: [
      item && h("p", { class: "quiet" }, h("a", { href: to.product(item.id) }, words.tryOn.back(item.title))),
      h("h1", {}, words.tryOn.title),
      element,
      similar(shop, item?.id),
    ],
  };
}
