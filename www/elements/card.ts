import { html, nothing, type TemplateResult } from "lit";
import type { Item, ReasonCode, Recommendation } from "../client/types.js";
import { formatMoney } from "../i18n/format.js";
import type { Messages } from "../i18n/messages.js";
import type { Picture } from "./pictures.js";

/** Everything a card shows and tells. */
export interface CardView {
  readonly item: Item;
  readonly position: number;
  readonly locale: string;
  readonly messages: Messages;
  readonly picture: Picture;
  /** Why it is there; `undefined` leaves no place for it. */
  readonly reason: string | undefined;
  /** What is said in its place where the shopper isn't interested; the card keeps its place and offers an undo. */
  readonly hidden: string | undefined;
  /** -1 takes its controls out of the tab order (a row is one stop). */
  readonly tabIndex: 0 | -1;
  onSelect(event: MouseEvent): void;
  /** Where absent, the card has no button for it. */
  readonly onHide?: () => void;
  readonly onUndo?: () => void;
}

/** Reasons whose words are about another item; without its title they say nothing. */
const ABOUT_AN_ITEM: ReadonlySet<ReasonCode> = new Set([
  "because-viewed",
  "because-bought",
  "because-in-cart",
  "bought-together-with",
  "similar-to",
  "goes-with",
]);

/** A second deed is named when it did at least this part of what the first did. */
const ALSO = 0.5;


/** One item as a list item. Catalogue text goes in as text nodes and attributes only. */
export function card(view: CardView): TemplateResult {
  const { item, position, messages, hidden } = view;
  return html`<li part="card" class=${hidden === undefined ? "" : "gone"} data-item-id=${item.id}>
    ${link(view)}
    ${view.reason === undefined ? nothing : html`<p part="reason">${view.reason}</p>`}
    ${hidden !== undefined
      ? html`<div part="undo-panel">
          <span>${hidden}</span>
          <button part="undo" type="button" aria-label=${messages.card.undoOf(item.title)} @click=${view.onUndo}>
            ${messages.card.undo}
          </button>
        </div>`
      : view.onHide
        ? html`<button
            part="not-interested"
            type="button"
            tabindex=${view.tabIndex}
            data-position=${position}
            aria-label=${messages.card.notInterested(item.title)}
            title=${messages.card.notInterestedShort}
            @click=${view.onHide}
          >
            <span aria-hidden="true">✕</span>
          </button>`
        : nothing}
  </li>`;
}

/** An empty card of the same size. */
export function skeletonCard(showReason: boolean): TemplateResult {
  const bar = html`<span class="bar"></span>`;
  return html`<li part="card" class="skeleton" aria-hidden="true">
    <span part="frame"></span>
    <span part="title">${bar}</span>
    <span part="price">${bar}</span>
    ${showReason ? html`<p part="reason">${bar}</p>` : nothing}
  </li>`;
}

/** The first reason that can be put into words, with the deeds it rests on; empty where there is none. */
export function reasonText({ item: own, reasons, grounds }: Recommendation, messages: Messages): string {
  const [first, second] = grounds.filter(({ item }) => item.id !== own.id);
  for (const { code, item } of reasons) {
    if (code === "because-bought" && item?.id === own.id) return messages.card.boughtBefore;
    // What one deed did is told of two, where the second did about as much.
    if (code.startsWith("because-") && first && second && second.points >= ALSO * first.points) {
      return messages.because([first, second].map(({ was, item }) => ({ was, title: item.title })));
    }
    // A newer pack may have reasons that this widget doesn't know.
    const words = (messages.reason as Partial<Messages["reason"]>)[code];
    if (words && (item || !ABOUT_AN_ITEM.has(code))) return words(item?.title ?? "");
  }
  return "";
}

/** The address to link to, or `undefined`: a catalogue can't make a link run script. */
export function safeHref(link: string): string | undefined {
  if (link === "") return undefined;
  try {
    const { protocol } = new URL(link, document.baseURI);
    return protocol === "https:" || protocol === "http:" ? link : undefined;
  } catch {
    return undefined;
  }
}

function link(view: CardView): TemplateResult {
  const { item, position, hidden, messages } = view;
  const href = safeHref(item.link);
  const names = `title-${position} price-${position}`;
  const tabIndex = hidden === undefined ? view.tabIndex : -1;
  const content = html`
    <span part="frame">${picture(item, view.picture)}</span>
    <span part="title" id="title-${position}" lang=${view.locale}>${item.title}</span>
    <span part="price" id="price-${position}">${price(item, view)}</span>
    <span hidden id="sale-${position}">${isReduced(item) ? messages.card.sale : nothing}</span>
  `;
  if (href === undefined) {
    return html`<button
      part="link"
      type="button"
      tabindex=${tabIndex}
      data-position=${position}
      aria-labelledby=${names}
      aria-describedby="sale-${position}"
      @click=${view.onSelect}
    >
      ${content}
    </button>`;
  }
  return html`<a
    part="link"
    href=${href}
    tabindex=${tabIndex}
    data-position=${position}
    aria-labelledby=${names}
    aria-describedby="sale-${position}"
    @click=${view.onSelect}
  >
    ${content}
  </a>`;
}

function picture(item: Item, url: Picture): TemplateResult | typeof nothing {
  if (url === null) return nothing;
  if (url === undefined) {
    // Drawn by the style sheet, so that the letter is no part of the link's text.
    const initial = /./u.exec(item.title)?.[0] ?? "";
    return html`<span part="placeholder" data-initial=${initial.toLocaleUpperCase()}></span>`;
  }
  return html`<img part="image" src=${url} alt=${item.title} referrerpolicy="no-referrer" decoding="async" draggable="false" />`;
}

/** A sale price counts when it is lower, in the same currency. */
function isReduced({ price: regular, salePrice: sale }: Item): boolean {
  return regular !== undefined && sale?.currency === regular.currency && sale.minorUnits < regular.minorUnits;
}

function price(item: Item, { locale, messages }: CardView): TemplateResult {
  const { price: regular, salePrice: sale, availability } = item;
  const soldOut =
    availability === "out-of-stock" ? html`<span part="availability">${messages.card.soldOut}</span>` : nothing;
  if (!regular) return html`${soldOut}`;
  if (!sale || !isReduced(item)) return html`<span>${formatMoney(regular, locale)}</span>${soldOut}`;
  return html`<span part="sale-price">${formatMoney(sale, locale)}</span>
    <s part="regular-price">${formatMoney(regular, locale)}</s>${soldOut}`;
}
