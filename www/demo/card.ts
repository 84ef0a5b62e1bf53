import type { Item } from "nearshelf";
import { priceOf } from "./catalogue.js";
import { h } from "./dom.js";
import { to } from "./router.js";
import type { Shop } from "./shop.js";

/** The picture that the pack holds, or a tile with the first letter; fills itself in when it comes near the screen. */
export function picture(shop: Shop, item: Item, eager = false): HTMLElement {
  const frame = h("span", { class: "picture" });
  const initial = /./u.exec(item.title)?.[0]?.toLocaleUpperCase() ?? "";
  const tile = h("span", { class: "tile", "aria-hidden": "true" }, initial);
  frame.append(tile);
  // Empty until it is known whether there is a picture: they come after the first lists.
  tile.textContent = "";
  const show = async () => {
    const url = await shop.client.image(item.index).catch(() => undefined);
    if (url === undefined) tile.textContent = initial;
    else frame.replaceChildren(h("img", { src: url, alt: "", decoding: "async", draggable: "false" }));
  };
  if (eager) void show();
  else whenNear(frame, () => void show());
  return frame;
}

const waiting = new WeakMap<Element, () => void>();
let observer: IntersectionObserver | undefined;

function whenNear(element: Element, callback: () => void): void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer?.unobserve(target);
        waiting.get(target)?.();
      }
    },
    { rootMargin: "500px" },
  );
  waiting.set(element, callback);
  observer.observe(element);
}

/** The price, with the one before it where the item is reduced. */
export function priceLine(shop: Shop, item: Item, withSaving = false): HTMLElement {
  const { now, before } = priceOf(item);
  const { product } = shop.words;
  const line = h("span", { class: before ? "price reduced" : "price" });
  if (!now) return line;
  if (!before) {
    line.append(shop.money(now));
    return line;
  }
  line.append(
    h("span", { class: "now" }, h("span", { class: "spoken" }, `${product.now} `), shop.money(now)),
    h("s", {}, h("span", { class: "spoken" }, `${product.was} `), shop.money(before)),
  );
  if (withSaving) {
    const percent = Math.round(100 - (100 * now.minorUnits) / before.minorUnits);
    line.append(h("span", { class: "saving" }, product.save(percent)));
  }
  return line;
}

/** An item as a card in a grid. */
export function card(shop: Shop, item: Item): HTMLLIElement {
  const { now, before } = priceOf(item);
  const soldOut = item.availability === "out-of-stock";
  const badge = soldOut
    ? shop.words.product.soldOut
    : now && before
      ? shop.words.product.save(Math.round(100 - (100 * now.minorUnits) / before.minorUnits))
      : undefined;
  return h(
    "li",
    { class: soldOut ? "card sold-out" : "card" },
    h(
      "a",
      { href: to.product(item.id) },
      picture(shop, item),
      badge && h("span", { class: soldOut ? "badge" : "badge sale" }, badge),
      item.brand && h("span", { class: "brand" }, item.brand),
      h("span", { class: "title" }, item.title),
      priceLine(shop, item),
    ),
  );
}
