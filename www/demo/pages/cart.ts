import type { Item, Money } from "nearshelf";
import { picture, priceLine } from "../card.js";
import { type Line, MAX_QUANTITY } from "../cart.js";
import { priceOf } from "../catalogue.js";
import { fill, h } from "../dom.js";
import { to } from "../router.js";
import type { Shop } from "../shop.js";
import { recommendations } from "../widgets.js";
import type { Page } from "./page.js";

interface Entry {
  readonly line: Line;
  readonly item: Item;
}

/** The cart: what is in it, what it costs, what goes with it, and a checkout that only pretends. */
export async function cartPage(shop: Shop): Promise<Page> {
  const view = new CartView(shop);
  await view.render();
  return { name: "cart", title: shop.words.cart.title, content: view.element };
}

class CartView {
  readonly element = h("div");
  readonly #shop: Shop;

  constructor(shop: Shop) {
    this.#shop = shop;
  }

  async render(): Promise<void> {
    const { words } = this.#shop;
    const entries = await this.#entries();
    if (entries.length === 0) {
      fill(
        this.element,
        h("h1", {}, words.cart.title),
        h("p", { class: "lead" }, words.cart.empty),
        h("p", {}, h("a", { class: "button", href: to.category([]) }, words.cart.browse)),
        recommendations(this.#shop, "for-you"),
      );
      return;
    }
    fill(
      this.element,
      h("h1", {}, words.cart.title),
      h("div", { class: "cart" }, h("ul", { class: "lines" }, entries.map((entry) => this.#line(entry))), this.#summary(entries)),
      recommendations(this.#shop, "bought-together", { itemIds: this.#shop.cart.itemIds, hideEmpty: true }),
      recommendations(this.#shop, "goes-with", { itemIds: this.#shop.cart.itemIds, hideEmpty: true }),
      recommendations(this.#shop, "recently-viewed", { hideEmpty: true }),
    );
  }

  /** The cart's lines with their items; lines of items that the pack no longer has are left out. */
  async #entries(): Promise<Entry[]> {
    const { cart } = this.#shop;
    const items = new Map((await this.#shop.items(cart.itemIds)).map((item) => [item.id, item]));
    return cart.lines.flatMap((line) => {
      const item = items.get(line.itemId);
      return item ? { line, item } : [];
    });
  }

  #line({ line, item }: Entry): HTMLElement {
    const { words } = this.#shop;
    const set = (quantity: number) => void this.#setQuantity({ line, item }, quantity);
    return h(
      "li",
      { class: "line" },
      h("a", { href: to.product(item.id), tabindex: "-1", "aria-hidden": "true" }, picture(this.#shop, item, true)),
      h(
        "div",
        { class: "line-text" },
        item.brand && h("span", { class: "brand" }, item.brand),
        h("a", { class: "title", href: to.product(item.id) }, item.title),
        line.size && h("span", { class: "quiet" }, `${words.product.size}: ${line.size}`),
        priceLine(this.#shop, item),
      ),
      h(
        "div",
        { class: "quantity", role: "group", "aria-label": words.cart.quantity },
        h("button", { type: "button", "aria-label": words.cart.less(item.title), onclick: () => set(line.quantity - 1) }, "−"),
        h("output", {}, line.quantity),
        h(
          "button",
          {
            type: "button",
            "aria-label": words.cart.more(item.title),
            disabled: line.quantity >= MAX_QUANTITY,
            onclick: () => set(line.quantity + 1),
          },
          "+",
        ),
        h("button", { class: "link", type: "button", "aria-label": words.cart.removeOf(item.title), onclick: () => set(0) }, words.cart.remove),
      ),
    );
  }

  async #setQuantity({ line, item }: Entry, quantity: number): Promise<void> {
    const { cart, client, words } = this.#shop;
    cart.setQuantity(line.itemId, line.size, quantity);
    const type = quantity > line.quantity ? "add_to_cart" : "remove";
    void client.track({ type, itemId: line.itemId });
    this.#shop.announce(quantity === 0 ? words.cart.removed(item.title) : `${item.title}: ${quantity}`);
    const active = document.activeElement?.getAttribute("aria-label");
    await this.render();
    // The same button again, or the heading when its line is gone.
    const again = [...this.element.querySelectorAll("button")].find((button) => button.getAttribute("aria-label") === active);
    const target = again?.disabled === false ? again : this.element.querySelector("h1");
    if (target instanceof HTMLHeadingElement) target.tabIndex = -1;
    target?.focus();
  }

  #summary(entries: readonly Entry[]): HTMLElement {
    const { words, cart } = this.#shop;
    const total = totals(entries).map((money) => this.#shop.money(money)).join(" + ");
    return h(
      "section",
      { class: "summary", "aria-label": words.cart.total },
      h(
        "dl",
        {},
        h("dt", {}, `${words.cart.subtotal} (${words.cart.pieces(cart.pieces)})`),
        h("dd", {}, total),
        h("dt", {}, words.cart.delivery),
        h("dd", {}, words.cart.free),
        h("dt", { class: "total" }, words.cart.total),
        h("dd", { class: "total" }, total),
      ),
      h("button", { class: "button wide", type: "button", onclick: () => void this.#checkOut() }, words.cart.checkout),
      h("p", { class: "quiet" }, words.cart.demo),
    );
  }

  async #checkOut(): Promise<void> {
    const { cart, client, words } = this.#shop;
    const { lines } = cart;
    // Emptied first: a second click buys nothing.
    if (lines.length === 0) return;
    cart.clear();
    for (const { itemId, quantity } of lines) await client.track({ type: "purchase", itemId, quantity });
    const heading = h("h1", { tabindex: "-1" }, words.cart.thanks);
    fill(
      this.element,
      heading,
      h("p", { class: "lead" }, words.cart.thanksText),
      h(
        "p",
        { class: "actions" },
        h("a", { class: "button", href: to.category([]) }, words.cart.browse),
        h("a", { class: "button quiet-button", href: to.privacy }, words.nav.privacy),
      ),
      recommendations(this.#shop, "for-you"),
    );
    heading.focus();
    window.scrollTo({ top: 0 });
  }
}

/** Sums by currency. */
function totals(entries: readonly Entry[]): Money[] {
  const sums = new Map<string, number>();
  for (const { line, item } of entries) {
    const { now } = priceOf(item);
    if (now) sums.set(now.currency, (sums.get(now.currency) ?? 0) + now.minorUnits * line.quantity);
  }
  return [...sums].map(([currency, minorUnits]) => ({ currency, minorUnits }));
}
