import { createNearshelf, formatMoney, type Category, type Item, type Money, type Nearshelf } from "nearshelf";
import { Cart } from "./cart.js";
import { localeOf, type Locale, type Words, wordsOf } from "./words.js";

const LOCALE_KEY = "nearshelf-demo-locale";
const DEFAULT_PACK = "/nearshelf/";

/** What every part of the page needs: the client, the cart, the language. */
export class Shop extends EventTarget {
  readonly client: Nearshelf;
  readonly cart: Cart;
  readonly #announcer: HTMLElement;
  #locale: Locale;
  #own = false;
  #categories = new Map<Locale, Promise<readonly Category[]>>();

  constructor(announcer: HTMLElement) {
    super();
    this.#announcer = announcer;
    const query = new URLSearchParams(location.search);
    this.#locale = localeOf(query.get("lang")) ?? localeOf(storedLocale()) ?? localeOf(navigator.language) ?? "en";
    this.client = createNearshelf({ pack: query.get("pack") ?? DEFAULT_PACK, locale: this.#locale });
    this.cart = new Cart(new URL(this.client.pack).pathname);
  }

  get locale(): Locale {
    return this.#locale;
  }

  get words(): Words {
    return wordsOf(this.#locale);
  }

  /** Whether the pack is that of the demo shop itself, rather than some merchant's. */
  get own(): boolean {
    return this.#own;
  }

  get name(): string {
    return this.#own ? this.words.shopName : this.words.otherShop;
  }

  /** Resolves when the catalogue can be asked. */
  async open(): Promise<void> {
    await this.client.ready;
    const [first] = await this.client.items([0]);
    // The demo's own catalogue links into this very page.
    this.#own = first?.link.startsWith("#/p/") ?? false;
    this.dispatchEvent(new Event("open"));
  }

  setLocale(locale: Locale): void {
    this.#locale = locale;
    try {
      localStorage.setItem(LOCALE_KEY, locale);
    } catch {
      // The address keeps it too.
    }
    const url = new URL(location.href);
    url.searchParams.set("lang", locale);
    history.replaceState(history.state, "", url);
    this.dispatchEvent(new Event("locale"));
  }

  money(money: Money): string {
    return formatMoney(money, this.#locale);
  }

  items(which: readonly (string | number)[]): Promise<readonly Item[]> {
    return this.client.items(which, this.#locale);
  }

  categories(locale: Locale = this.#locale): Promise<readonly Category[]> {
    let known = this.#categories.get(locale);
    if (!known) {
      known = this.client.categories(locale);
      this.#categories.set(locale, known);
    }
    return known;
  }

  /** Tells people who do not see the page change. */
  announce(text: string): void {
    this.#announcer.textContent = "";
    // A change from empty is spoken even when the text is the same as before.
    requestAnimationFrame(() => {
      this.#announcer.textContent = text;
    });
  }
}

function storedLocale(): string | null {
  try {
    return localStorage.getItem(LOCALE_KEY);
  } catch {
    return null;
  }
}
