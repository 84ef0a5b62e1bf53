import type { Category, Item } from "nearshelf";
import { card } from "../card.js";
import { childrenOf, findCategory, itemsBelow } from "../catalogue.js";
import { fill, h } from "../dom.js";
import { choose, type Choice, type Facets, facetsOf, isChosen, NO_CHOICE, SORTS } from "../facets.js";
import { to } from "../router.js";
import type { Shop } from "../shop.js";
import { recommendations } from "../widgets.js";
import { lostPage } from "./lost.js";
import type { Page } from "./page.js";

/** Items shown at first, and added by each "show more". */
const STEP = 36;

/** The goods of a category, or all of them, with filters and an order. */
export async function categoryPage(shop: Shop, path: readonly string[]): Promise<Page> {
  const { words } = shop;
  const found = path.length > 0 ? await findCategory(shop, path) : undefined;
  if (path.length > 0 && !found) return lostPage(shop, words.category.missing);
  const own = found?.path ?? [];
  const [categories, items] = await Promise.all([shop.categories(), itemsBelow(shop, own)]);
  const title = own.at(-1) ?? words.nav.all;
  return {
    name: "category",
    title,
    content: [
      breadcrumb(shop, own.slice(0, -1)),
      h("h1", {}, title),
      narrower(shop, childrenOf(categories, own)),
      new Listing(shop, items).element,
      recommendations(shop, "for-you"),
    ],
  };
}

/** Links to the categories above. */
export function breadcrumb({ words }: Shop, path: readonly string[]): HTMLElement {
  const steps = [h("a", { href: to.home }, words.nav.home), ...path.map((name, depth) => h("a", { href: to.category(path.slice(0, depth + 1)) }, name))];
  return h("nav", { class: "breadcrumb", "aria-label": words.nav.here }, h("ol", {}, steps.map((step) => h("li", {}, step))));
}

function narrower({ words }: Shop, categories: readonly Category[]): HTMLElement | null {
  if (categories.length === 0) return null;
  return h(
    "nav",
    { class: "chips", "aria-label": words.category.inside },
    categories.map(({ path, count }) => h("a", { href: to.category(path) }, path.at(-1) ?? "", h("span", { class: "quiet" }, count))),
  );
}

/** The grid with its filters. */
class Listing {
  readonly element = h("div", { class: "listing" });
  readonly #shop: Shop;
  readonly #items: readonly Item[];
  readonly #facets: Facets;
  readonly #grid = h("ul", { class: "grid" });
  readonly #below = h("div", { class: "below" });
  readonly #count = h("p", { class: "quiet count-line", role: "status" });
  readonly #filters = h("form", { class: "filters", onsubmit: (event: SubmitEvent) => event.preventDefault() });
  #choice: Choice = NO_CHOICE;
  #chosen: Item[] = [];

  constructor(shop: Shop, items: readonly Item[]) {
    this.#shop = shop;
    this.#items = items;
    this.#facets = facetsOf(items);
    const { words } = shop;
    const panel = h("details", { class: "filter-panel" }, h("summary", {}, words.category.filters), this.#filters);
    panel.open = window.matchMedia("(min-width: 60rem)").matches;
    this.element.append(
      panel,
      h("div", { class: "results" }, h("div", { class: "results-head" }, this.#count, this.#sorting()), this.#grid, this.#below),
    );
    this.#renderFilters();
    this.#show();
  }

  #set(change: Partial<Choice>): void {
    this.#choice = { ...this.#choice, ...change };
    this.#show();
  }

  #sorting(): HTMLElement {
    const { category } = this.#shop.words;
    const select = h(
      "select",
      { onchange: () => this.#set({ sort: SORTS.find((sort) => sort === select.value) ?? "featured" }) },
      SORTS.map((sort) => h("option", { value: sort }, category.sorts[sort])),
    );
    return h("label", { class: "sorting" }, h("span", {}, category.sort), select);
  }

  #renderFilters(): void {
    const { category, filtersColour } = this.#shop.words;
    const { colours, soldOut, reduced, currency } = this.#facets;
    fill(
      this.#filters,
      soldOut > 0 && this.#checkbox(category.inStock, (on) => this.#set({ inStock: on })),
      reduced > 0 && this.#checkbox(category.onSale, (on) => this.#set({ onSale: on })),
      currency && this.#prices(currency),
      colours.length > 1 &&
        h(
          "fieldset",
          {},
          h("legend", {}, filtersColour),
          colours.slice(0, 12).map(([name, count]) =>
            this.#checkbox(name, (on) => {
              const chosen = new Set(this.#choice.colours);
              if (on) chosen.add(name);
              else chosen.delete(name);
              this.#set({ colours: chosen });
            }, count),
          ),
        ),
      h("button", { class: "link", type: "button", onclick: () => this.#clear() }, category.clear),
    );
  }

  #checkbox(label: string, change: (on: boolean) => void, count?: number): HTMLElement {
    const box = h("input", { type: "checkbox", onchange: () => change(box.checked) });
    return h("label", { class: "check" }, box, h("span", {}, label), count !== undefined && h("span", { class: "quiet" }, count));
  }

  #prices(currency: string): HTMLElement {
    const { category } = this.#shop.words;
    const format = new Intl.NumberFormat(this.#shop.locale, { style: "currency", currency });
    const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
    const symbol = format.formatToParts(0).find(({ type }) => type === "currency")?.value ?? currency;
    const field = (label: string, set: (minorUnits: number | undefined) => void) => {
      const input = h("input", {
        type: "number",
        min: 0,
        step: 1,
        inputmode: "numeric",
        oninput: () => set(input.value === "" ? undefined : Math.round(input.valueAsNumber * 10 ** decimals)),
      });
      return h("label", {}, h("span", {}, `${label} (${symbol})`), input);
    };
    return h(
      "fieldset",
      { class: "prices" },
      h("legend", {}, category.price),
      field(category.from, (from) => this.#set({ from })),
      field(category.to, (most) => this.#set({ to: most })),
    );
  }

  #clear(): void {
    this.#filters.reset();
    this.#set({ ...NO_CHOICE, sort: this.#choice.sort });
  }

  #show(): void {
    const { words, locale } = this.#shop;
    this.#chosen = choose(this.#items, this.#choice, locale);
    this.#count.textContent = words.category.items(this.#chosen.length);
    fill(this.#grid);
    if (this.#chosen.length === 0) {
      fill(
        this.#below,
        h("p", {}, words.category.none),
        isChosen(this.#choice) && h("button", { class: "button", type: "button", onclick: () => this.#clear() }, words.category.clear),
      );
      return;
    }
    this.#extend();
  }

  /** Shows the next items; the reader's focus goes to the first of them. */
  #extend(focus = false): void {
    const { category } = this.#shop.words;
    const before = this.#grid.childElementCount;
    this.#grid.append(...this.#chosen.slice(before, before + STEP).map((item) => card(this.#shop, item)));
    const shown = this.#grid.childElementCount;
    fill(
      this.#below,
      shown < this.#chosen.length && [
        h("p", { class: "quiet" }, category.shown(shown, this.#chosen.length)),
        h("button", { class: "button quiet-button", type: "button", onclick: () => this.#extend(true) }, category.more),
      ],
    );
    if (focus) this.#grid.children[before]?.querySelector("a")?.focus();
  }
}
