import { card } from "../card.js";
import { h } from "../dom.js";
import type { Shop } from "../shop.js";
import { recommendations } from "../widgets.js";
import type { Page } from "./page.js";

const MOST_RESULTS = 60;

/** What was found for the words typed so far. */
export async function searchPage(shop: Shop, query: string): Promise<Page> {
  const { search } = shop.words;
  if (query === "") {
    return {
      name: "search",
      title: search.title,
      content: [h("h1", {}, search.title), h("p", { class: "lead" }, search.start), recommendations(shop, "trending")],
    };
  }
  const { items, total, unmatched } = await shop.client.search(query, { locale: shop.locale, limit: MOST_RESULTS });
  const title = total > 0 ? search.results(query, total) : search.none(query);
  const without = unmatched.length > 0 ? search.without(unmatched) : "";
  shop.announce(without ? `${title}. ${without}` : title);
  return {
    name: "search",
    title,
    content: [
      h("h1", {}, title),
      without && h("p", { class: "lead" }, without),
      items.length > 0
        ? h("ul", { class: "grid" }, items.map((item) => card(shop, item)))
        : [h("p", { class: "lead" }, search.hint), recommendations(shop, "trending")],
    ],
  };
}
