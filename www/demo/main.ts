/** The demo shop: builds the frame of the page and shows the route's page in it. */
import { fill, h } from "./dom.js";
import { Footer } from "./footer.js";
import { Header } from "./header.js";
import { cartPage } from "./pages/cart.js";
import { categoryPage } from "./pages/category.js";
import { chatPage } from "./pages/chat.js";
import { homePage } from "./pages/home.js";
import { lostPage, failedPage } from "./pages/lost.js";
import type { Page } from "./pages/page.js";
import { privacyPage } from "./pages/privacy.js";
import { productPage } from "./pages/product.js";
import { searchPage } from "./pages/search.js";
import { tryOnPage } from "./pages/try-on.js";
import { parseRoute, type Route } from "./router.js";
import { Shop } from "./shop.js";
import { keepLinksInside } from "./widgets.js";

const announcer = h("p", { class: "spoken", role: "status" });
const shop = new Shop(announcer);
const header = new Header(shop);
const footer = new Footer(shop);
const main = h("main", { id: "main", tabindex: "-1" });
const skip = h("a", { class: "skip", href: "#main", onclick: skipToMain });

let turn = 0;
/** Where the page was scrolled to, by history entry. */
const scrolled = new Map<string, number>();
let entry = currentEntry();

document.body.replaceChildren(skip, header.element, main, footer.element, footer.drawer, announcer);
keepLinksInside(document.body);
history.scrollRestoration = "manual";
window.addEventListener("hashchange", () => void navigated());
window.addEventListener("scroll", () => scrolled.set(entry, window.scrollY), { passive: true });
shop.addEventListener("locale", () => void speak());
speakFrame();
void start();

async function start(): Promise<void> {
  main.replaceChildren(h("div", { class: "waiting", "aria-busy": "true" }, h("span"), h("span"), h("span")));
  try {
    await shop.open();
  } catch (cause) {
    show(failedPage(shop, cause, () => void shop.client.retry().then(start, start)));
    return;
  }
  await render();
}

function pageOf(route: Route): Promise<Page> | Page {
  switch (route.page) {
    case "home":
      return homePage(shop, footer);
    case "category":
      return categoryPage(shop, route.path);
    case "product":
      return productPage(shop, route.id);
    case "search":
      return searchPage(shop, route.query);
    case "cart":
      return cartPage(shop);
    case "privacy":
      return privacyPage(shop);
    case "chat":
      return chatPage(shop, route.id);
    case "try-on":
      return tryOnPage(shop, route.id);
    case "lost":
      return lostPage(shop);
  }
}

/** Shows the page that the address asks for, unless the address changes meanwhile. */
async function render(): Promise<Page | undefined> {
  const mine = ++turn;
  try {
    const page = await pageOf(parseRoute(location.hash));
    if (mine !== turn) return undefined;
    show(page);
    return page;
  } catch (cause) {
    if (mine === turn) show(failedPage(shop, cause, () => void render()));
    return undefined;
  }
}

function show(page: Page): void {
  fill(main, page.content);
  main.className = `page-${page.name}`;
  document.title = page.title === shop.name ? shop.name : `${page.title} · ${shop.name}`;
}

async function navigated(): Promise<void> {
  const wasSearch = main.className === "page-search";
  const isSearch = parseRoute(location.hash).page === "search";
  entry = currentEntry();
  const before = scrolled.get(entry);
  if (!(await render())) return;
  // While the shopper types, the results change and the field keeps the focus.
  if (isSearch && wasSearch) return;
  window.scrollTo({ top: before ?? 0, behavior: "instant" });
  if (isSearch) return;
  // As a new document would: reading goes on at the page's heading.
  const heading = main.querySelector<HTMLElement>("h1") ?? main;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** Says everything in the language chosen now. */
async function speak(): Promise<void> {
  speakFrame();
  await render();
}

function speakFrame(): void {
  document.documentElement.lang = shop.locale;
  skip.textContent = shop.words.skip;
}

function skipToMain(event: MouseEvent): void {
  // The hash is the route: the link must not change it.
  event.preventDefault();
  main.focus();
}

function currentEntry(): string {
  const { navigation } = window as { navigation?: { currentEntry?: { key: string } | null } };
  return navigation?.currentEntry?.key ?? location.href;
}
