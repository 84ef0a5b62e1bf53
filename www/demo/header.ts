import { childrenOf } from "./catalogue.js";
import { fill, h } from "./dom.js";
import { icon, mark } from "./icons.js";
import { parseRoute, to } from "./router.js";
import type { Shop } from "./shop.js";
import { localeOf, LOCALES } from "./words.js";

/** Departments that fit into the bar; more are behind "All products". */
const MOST_DEPARTMENTS = 6;
/** How long typing may pause before the results change. */
const TYPING_MILLIS = 120;
const LANGUAGE_NAMES = { en: "English", "zh-CN": "简体中文" } as const;

/** The bar on top: name, departments, search, language, cart. */
export class Header {
  readonly element = h("header", { class: "bar" });
  readonly #shop: Shop;
  readonly #search: HTMLInputElement;
  readonly #departments = h("ul", { class: "departments" });
  readonly #language = h("select", { onchange: () => this.#languageChosen() });
  readonly #cart = h("a", { class: "cart-link", href: to.cart });
  readonly #chat = h("a", { class: "cart-link", href: to.chat() }, icon("chat"));
  #typing: ReturnType<typeof setTimeout> | undefined;

  constructor(shop: Shop) {
    this.#shop = shop;
    this.#search = h("input", {
      type: "search",
      id: "search",
      name: "q",
      autocomplete: "off",
      spellcheck: "false",
      enterkeyhint: "search",
      oninput: () => this.#typed(),
    });
    this.render();
    shop.cart.addEventListener("change", () => this.#renderCart());
    shop.addEventListener("locale", () => this.render());
    shop.addEventListener("open", () => this.render());
    window.addEventListener("hashchange", () => this.#navigated());
    this.#navigated();
  }

  /** Builds the bar anew; its controls keep what they hold and, where they have it, the focus. */
  render(): void {
    const { words, name } = this.#shop;
    const focused = [this.#search, this.#language, this.#chat, this.#cart].find((control) => control === document.activeElement);
    this.#search.placeholder = words.search.placeholder;
    this.#search.setAttribute("aria-label", words.search.label);
    fill(
      this.element,
      h(
        "div",
        { class: "bar-inner" },
        h("a", { class: "logo", href: to.home }, mark(), h("span", { class: "logo-name" }, name)),
        h("nav", { "aria-label": words.nav.label }, this.#departments),
        h("form", { class: "search", role: "search", onsubmit: (event: SubmitEvent) => this.#submitted(event) }, icon("search"), this.#search),
        h("div", { class: "language" }, this.#language),
        this.#chat,
        this.#cart,
      ),
    );
    this.#chat.setAttribute("aria-label", words.chat.title);
    this.#renderLanguages();
    this.#renderCart();
    void this.#renderDepartments();
    focused?.focus();
  }

  #renderLanguages(): void {
    const { words, locale } = this.#shop;
    this.#language.setAttribute("aria-label", words.language);
    fill(this.#language, LOCALES.map((tag) => h("option", { value: tag, lang: tag, selected: tag === locale }, LANGUAGE_NAMES[tag])));
  }

  #languageChosen(): void {
    const chosen = localeOf(this.#language.value);
    if (chosen) this.#shop.setLocale(chosen);
  }

  #renderCart(): void {
    const { words, cart } = this.#shop;
    const { pieces } = cart;
    this.#cart.setAttribute("aria-label", words.cart.count(pieces));
    fill(this.#cart, icon("cart"), pieces > 0 && h("span", { class: "count", "aria-hidden": "true" }, pieces));
  }

  async #renderDepartments(): Promise<void> {
    const { locale, words } = this.#shop;
    if (this.#shop.client.status().itemCount === 0) return;
    const categories = await this.#shop.categories().catch(() => []);
    if (locale !== this.#shop.locale) return;
    const departments = [...childrenOf(categories, [])].sort((a, b) => b.count - a.count);
    const shown = departments.length > MOST_DEPARTMENTS ? [] : departments;
    fill(
      this.#departments,
      shown.map(({ path }) => h("li", {}, h("a", { href: to.category(path) }, path.at(-1) ?? ""))),
      h("li", {}, h("a", { href: to.category([]) }, words.nav.all)),
    );
    this.#markCurrent();
  }

  #navigated(): void {
    const route = parseRoute(location.hash);
    // While someone types, the box leads and the address follows.
    if (document.activeElement !== this.#search) this.#search.value = route.page === "search" ? route.query : "";
    this.#markCurrent();
  }

  #markCurrent(): void {
    const route = parseRoute(location.hash);
    const current = route.page === "category" ? to.category(route.path.slice(0, 1)) : undefined;
    for (const link of this.#departments.querySelectorAll("a")) {
      if (link.getAttribute("href") === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  #typed(): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#show(), TYPING_MILLIS);
  }

  #submitted(event: SubmitEvent): void {
    event.preventDefault();
    clearTimeout(this.#typing);
    this.#show();
  }

  /** The first letter opens the results; further ones change them in place, so that "back" leaves the search. */
  #show(): void {
    const query = this.#search.value.trim();
    const searching = parseRoute(location.hash).page === "search";
    if (query === "" && !searching) return;
    if (searching) location.replace(to.search(query));
    else location.hash = to.search(query);
  }
}
