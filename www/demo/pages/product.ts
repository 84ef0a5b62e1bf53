import type { Item } from "nearshelf";
import { picture, priceLine } from "../card.js";
import { canBuy, colourOf, sizesOf, variantsOf } from "../catalogue.js";
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { to } from "../router.js";
import type { Shop } from "../shop.js";
import { chartOf } from "../size-charts.js";
import { recommendations, similar } from "../widgets.js";
import { attributeLabel } from "../words.js";
import { breadcrumb } from "./category.js";
import { lostPage } from "./lost.js";
import type { Page } from "./page.js";

/** Attributes that the page shows in places of their own. */
const SHOWN_ELSEWHERE = new Set(["sizes", "color_family"]);

/** The last product that was counted as looked at: a change of language is no second look. */
let looked: string | undefined;

/** One product: what it is, what it costs, what goes with it. */
export async function productPage(shop: Shop, id: string): Promise<Page> {
  const { words } = shop;
  const [item] = await shop.items([id]);
  if (!item) return lostPage(shop, words.product.missing);
  const variants = await variantsOf(shop, item);
  const address = location.hash;
  if (looked !== address) {
    looked = address;
    void shop.client.track({ type: "view", itemId: item.id });
    window.addEventListener("hashchange", () => (looked = undefined), { once: true });
  }
  return {
    name: "product",
    title: item.title,
    content: [
      breadcrumb(shop, item.category),
      h("article", { class: "product" }, h("div", { class: "large" }, picture(shop, item, true)), facts(shop, item, variants)),
      recommendations(shop, "bought-together", { itemId: id, heading: words.product.together, limit: 6, hideEmpty: true }),
      alike(shop, id),
      recommendations(shop, "related", { itemId: id, heading: words.product.related }),
      recommendations(shop, "recently-viewed", { itemId: id, hideEmpty: true }),
    ],
  };
}

/** What looks alike, once it is asked for: what that needs is fetched then, and browsing goes on without a request. */
function alike(shop: Shop, id: string): HTMLElement {
  const ask = h("button", { class: "button quiet-button", type: "button", onclick: () => show() }, shop.words.product.alike);
  const section = h("p", {}, ask);
  const show = () => {
    const element = similar(shop, id);
    element.tabIndex = -1;
    section.replaceWith(element);
    element.focus();
  };
  return section;
}

function facts(shop: Shop, item: Item, variants: readonly Item[]): HTMLElement {
  const { words } = shop;
  const link = outsideLink(item);
  return h(
    "div",
    { class: "facts" },
    item.brand && h("p", { class: "brand" }, item.brand),
    h("h1", {}, item.title),
    h("p", { class: "price-row" }, priceLine(shop, item, true), availability(shop, item)),
    item.description && h("p", { class: "description" }, item.description),
    variants.length > 1 && colours(shop, item, variants),
    purchase(shop, item),
    chartOf(item) && h("a", { class: "button quiet-button wide", href: to.tryOn(item.id) }, icon("mirror"), words.tryOn.product),
    h("p", { class: "quiet delivery" }, words.product.delivery),
    details(shop, item),
    link && h("p", {}, h("a", { href: link, rel: "noreferrer" }, words.product.original)),
  );
}

function availability({ words: { product } }: Shop, { availability: state }: Item): HTMLElement {
  const texts = { "in-stock": product.inStock, "out-of-stock": product.soldOut, "pre-order": product.preOrder, "back-order": product.backOrder };
  return h("span", { class: `availability ${state}` }, texts[state]);
}

/** The merchant's own page of the item, where it has one elsewhere on the web. */
function outsideLink({ link }: Item): string | undefined {
  try {
    const { protocol, origin } = new URL(link);
    return /^https?:$/.test(protocol) && origin !== location.origin ? link : undefined;
  } catch {
    return undefined;
  }
}

function colours(shop: Shop, item: Item, variants: readonly Item[]): HTMLElement {
  const { product } = shop.words;
  return h(
    "nav",
    { class: "colours", "aria-label": product.colour },
    h("p", {}, `${product.colour}: `, h("strong", {}, colourOf(item) ?? "")),
    h(
      "ul",
      {},
      variants.map((variant) =>
        h(
          "li",
          {},
          h(
            "a",
            {
              href: to.product(variant.id),
              title: colourOf(variant),
              "aria-label": colourOf(variant),
              "aria-current": variant.id === item.id ? "true" : undefined,
              class: canBuy(variant) ? undefined : "sold-out",
            },
            picture(shop, variant, true),
          ),
        ),
      ),
    ),
  );
}

/** Sizes and the button; a size must be chosen where there are several. */
function purchase(shop: Shop, item: Item): HTMLElement {
  const { words } = shop;
  const sizes = sizesOf(item);
  const message = h("p", { class: "message", role: "status" });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const size = new FormData(form).get("size");
    if (sizes.length > 0 && typeof size !== "string") {
      message.className = "message wrong";
      message.textContent = words.product.chooseSize;
      form.querySelector<HTMLInputElement>('input[name="size"]')?.focus();
      return;
    }
    const added = shop.cart.add(item.id, typeof size === "string" ? size : "");
    if (added) void shop.client.track({ type: "add_to_cart", itemId: item.id });
    message.className = "message done";
    fill(message, words.product.added(item.title), " ", h("a", { href: to.cart }, words.product.view));
  };
  const form = h(
    "form",
    { class: "purchase", onsubmit: submit, novalidate: true },
    sizes.length > 0 &&
      h(
        "fieldset",
        { class: "sizes" },
        h("legend", {}, words.product.size),
        sizes.map((size) => h("label", {}, h("input", { type: "radio", name: "size", value: size }), h("span", {}, size))),
      ),
    h("button", { class: "button wide", type: "submit", disabled: !canBuy(item) }, canBuy(item) ? words.product.add : words.product.soldOut),
    message,
  );
  return form;
}

function details(shop: Shop, item: Item): HTMLElement | null {
  const rows = item.attributes.filter(([name]) => !SHOWN_ELSEWHERE.has(name.toLowerCase()));
  if (rows.length === 0) return null;
  return h(
    "section",
    { class: "details" },
    h("h2", {}, shop.words.product.details),
    h("dl", {}, rows.map(([name, value]) => [h("dt", {}, attributeLabel(name, shop.words)), h("dd", {}, value)])),
  );
}
