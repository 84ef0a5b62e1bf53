import { h } from "../dom.js";
import type { Shop } from "../shop.js";
import type { Page } from "./page.js";

/** What the shop remembers, in the shopper's hands. */
export function privacyPage(shop: Shop): Page {
  const { words } = shop;
  const element = h("nearshelf-privacy");
  element.client = shop.client;
  return {
    name: "privacy",
    title: words.privacy.title,
    content: [h("h1", {}, words.privacy.title), h("p", { class: "lead" }, words.privacy.text), element],
  };
}
