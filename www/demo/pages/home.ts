import { card, picture } from "../card.js";
import { itemsBelow } from "../catalogue.js";
import { h } from "../dom.js";
import type { Footer } from "../footer.js";
import { icon, type IconName } from "../icons.js";
import { to } from "../router.js";
import type { Shop } from "../shop.js";
import { recommendations } from "../widgets.js";
import heroUrl from "../hero.svg?url";
import type { Page } from "./page.js";

/** One picture for all visits to this page, so that coming back asks for nothing. */
const heroPicture = h("img", { class: "hero-picture", src: heroUrl, alt: "", width: 1040, height: 680 });
/** Category tiles on the home page. */
const MOST_TILES = 12;
/** Items shown where there are no categories to choose from. */
const FIRST_ITEMS = 24;

export async function homePage(shop: Shop, footer: Footer): Promise<Page> {
  const tiles = await categoryTiles(shop);
  return {
    name: "home",
    title: shop.name,
    content: [
      shop.own ? seasonHero(shop, footer) : plainHero(shop, footer),
      recommendations(shop, "for-you"),
      tiles.length > 0 && section(shop.words.home.departments, h("ul", { class: "tiles" }, tiles)),
      recommendations(shop, "trending"),
      promises(shop),
      recommendations(shop, "recently-viewed", { hideEmpty: true }),
      tiles.length === 0 && (await firstItems(shop)),
    ],
  };
}

function section(title: string, content: HTMLElement): HTMLElement {
  return h("section", {}, h("h2", {}, title), content);
}

function seasonHero({ words }: Shop, footer: Footer): HTMLElement {
  const { hero } = words;
  return h(
    "section",
    { class: "hero" },
    heroPicture,
    h(
      "div",
      { class: "hero-text" },
      h("p", { class: "kicker" }, hero.kicker),
      h("h1", {}, hero.title),
      h("p", {}, hero.text),
      h(
        "p",
        { class: "actions" },
        h("a", { class: "button", href: to.category([]) }, hero.shop),
        h("button", { class: "button quiet-button", type: "button", onclick: () => footer.open() }, hero.how),
      ),
    ),
  );
}

function plainHero({ words }: Shop, footer: Footer): HTMLElement {
  const { hero } = words;
  return h(
    "section",
    { class: "hero plain" },
    h(
      "div",
      { class: "hero-text" },
      h("h1", {}, hero.otherTitle),
      h("p", {}, hero.otherText),
      h(
        "p",
        { class: "actions" },
        h("a", { class: "button", href: to.category([]) }, hero.otherShop),
        h("button", { class: "button quiet-button", type: "button", onclick: () => footer.open() }, hero.how),
      ),
    ),
  );
}

/** The largest categories, each pictured by its first item. */
async function categoryTiles(shop: Shop): Promise<HTMLElement[]> {
  const categories = await shop.categories();
  const parents = new Set(categories.map(({ path }) => path.slice(0, -1).join("\n")));
  const leaves = categories.filter(({ path }) => !parents.has(path.join("\n")));
  const largest = [...leaves].sort((a, b) => b.count - a.count).slice(0, MOST_TILES);
  const items = await shop.items(largest.map(({ first }) => first));
  return largest.flatMap(({ path, count }, at) => {
    const item = items[at];
    if (!item) return [];
    const above = path.length > 1 ? path.at(0) : undefined;
    return h(
      "li",
      {},
      h(
        "a",
        { href: to.category(path) },
        picture(shop, item),
        h("span", { class: "tile-name" }, path.at(-1) ?? ""),
        above && h("span", { class: "quiet" }, above),
        h("span", { class: "quiet" }, shop.words.category.items(count)),
      ),
    );
  });
}

function promises({ words }: Shop): HTMLElement {
  const icons: Record<keyof typeof words.promise, IconName> = { private: "lock", instant: "bolt", yours: "hand" };
  const names = ["private", "instant", "yours"] as const;
  return h(
    "section",
    { class: "promises", "aria-label": words.home.promises },
    names.map((name) => h("div", {}, icon(icons[name]), h("h3", {}, words.promise[name][0] ?? ""), h("p", {}, words.promise[name][1] ?? ""))),
  );
}

async function firstItems(shop: Shop): Promise<HTMLElement> {
  const items = (await itemsBelow(shop, [])).slice(0, FIRST_ITEMS);
  return section(shop.words.home.allTitle, h("ul", { class: "grid" }, items.map((item) => card(shop, item))));
}
