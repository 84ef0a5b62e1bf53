import type { Kind } from "nearshelf";
import { h } from "./dom.js";
import { to } from "./router.js";
import type { Shop } from "./shop.js";

interface WidgetOptions {
  readonly itemId?: string;
  readonly itemIds?: readonly string[];
  readonly heading?: string;
  readonly limit?: number;
  /** Shows nothing rather than an explanation while there is nothing to show. */
  readonly hideEmpty?: boolean;
}

/** `<nearshelf-recommendations>` as any shop embeds it. */
export function recommendations(shop: Shop, kind: Kind, options: WidgetOptions = {}): HTMLElement {
  const { itemId, itemIds, heading, limit = 12, hideEmpty } = options;
  const element = h("nearshelf-recommendations", {
    kind,
    limit,
    heading,
    "item-id": itemId,
    "item-ids": itemIds?.join(" "),
    "hide-empty": hideEmpty,
  });
  element.client = shop.client;
  return element;
}

/** `<nearshelf-similar>` for an item, or for a picture of the shopper's alone. */
export function similar(shop: Shop, itemId: string | undefined, kinds?: string): HTMLElement {
  const element = h("nearshelf-similar", { "item-id": itemId, kinds });
  element.client = shop.client;
  return element;
}

/** Keeps shoppers in this shop where a catalogue's links lead to the merchant's own site, or nowhere. */
export function keepLinksInside(root: HTMLElement): void {
  root.addEventListener("nearshelf-select", (event) => {
    const { itemId, href } = (event as CustomEvent<{ itemId: string; href: string }>).detail;
    if (href.startsWith("#/p/")) return;
    event.preventDefault();
    location.hash = to.product(itemId);
  });
}
