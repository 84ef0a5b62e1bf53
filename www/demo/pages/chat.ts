import { h } from "../dom.js";
import { to } from "../router.js";
import type { Shop } from "../shop.js";
import type { Page } from "./page.js";

/** The shop assistant, perhaps about a product; the demo plays the shop that it hands orders to. */
export async function chatPage(shop: Shop, id?: string): Promise<Page> {
  const { words } = shop;
  const [item] = id === undefined ? [] : await shop.items([id]);
  const element = h("nearshelf-chat", { "item-id": item?.id, "heading-level": 2 });
  element.client = shop.client;
  element.addEventListener("nearshelf-order-question", (event) => {
    event.preventDefault();
    const { orderNumber } = (event as CustomEvent<{ orderNumber?: string | null }>).detail;
    queueMicrotask(() => element.say(words.chat.order(orderNumber ?? "")));
  });
  element.addEventListener("nearshelf-person", (event) => {
    event.preventDefault();
    queueMicrotask(() => element.say(words.chat.person));
  });
  return {
    name: "chat",
    title: words.chat.title,
    content: [
      h("h1", {}, words.chat.title),
      h("p", { class: "lead" }, words.chat.text),
      item && h("p", {}, h("a", { href: to.product(item.id) }, words.chat.about(item.title))),
      element,
    ],
  };
}
