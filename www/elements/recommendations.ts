import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { NearshelfError } from "../client/error.js";
import type { Kind, Nearshelf, Recommendation } from "../client/types.js";
import { anchorsOf, countOf, DEFAULT_LIMIT, kindOf } from "./attributes.js";
import { define, NearshelfElement } from "./base.js";
import { card, reasonText, safeHref } from "./card.js";
import { onNavigation } from "./navigation.js";
import { type PageShelves, type Shelf, shelvesOf } from "./page-shelves.js";
import { recommendationsStyles } from "./recommendations-styles.js";
import { type Picture, picturesOf } from "./pictures.js";
import { failure, layoutClass, skeleton, type View } from "./recommendations-view.js";
import { rovingTarget } from "./roving.js";
import { shared } from "./styles.js";

/** A list is filled when it comes this close to the viewport. */
const NEAR = "400px";
/** Properties that change what is asked for. */
const ASKING = ["kind", "itemId", "itemIds", "limit", "locale", "pack", "client", "inStockOnly", "remoteImages", "diversity", "novelty"] as const;

/**
 * `<nearshelf-recommendations>`: a list of recommended items.
 *
 * Attributes: `kind` (for-you), `item-id`, `item-ids` (separated by spaces or commas), `limit` (8), `locale`,
 * `diversity` and `novelty` (0 to 1), `heading`, `heading-level` (2), `layout` (row | grid), `pack`, `no-reasons`, `in-stock-only`, `hide-empty`,
 * `remote-images` (show pictures that are not in the pack: a request to their host for each).
 *
 * Events, all bubbling and composed: `nearshelf-ready` { kind, itemIds, refinedBy }, `nearshelf-select`
 * { itemId, index, href } (cancelable: prevents following the link), `nearshelf-error` { code, message }.
 *
 * Parts: heading, list, card, link, frame, image, placeholder, title, price, sale-price, regular-price,
 * availability, reason, not-interested, undo-panel, undo, message, retry.
 */
export class NearshelfRecommendations extends NearshelfElement implements Shelf {
  static override styles = [shared, recommendationsStyles];
  static override properties: PropertyDeclarations = {
    kind: { reflect: true },
    itemId: { attribute: "item-id", reflect: true },
    itemIds: { attribute: "item-ids" },
    limit: { type: Number },
    diversity: { type: Number },
    novelty: { type: Number },
    heading: {},
    headingLevel: { attribute: "heading-level", type: Number },
    layout: { reflect: true },
    noReasons: { attribute: "no-reasons", type: Boolean },
    inStockOnly: { attribute: "in-stock-only", type: Boolean },
    hideEmpty: { attribute: "hide-empty", type: Boolean },
    remoteImages: { attribute: "remote-images", type: Boolean },
    _view: { state: true },
    _active: { state: true },
    _gone: { state: true },
    _said: { state: true },
  };

  declare kind: Kind;
  declare itemId: string;
  declare itemIds: string;
  declare limit: number;
  declare diversity: number | undefined;
  declare novelty: number | undefined;
  declare heading: string | undefined;
  declare headingLevel: number;
  declare layout: "row" | "grid";
  declare noReasons: boolean;
  declare inStockOnly: boolean;
  declare hideEmpty: boolean;
  declare remoteImages: boolean;
  private declare _view: View;
  private declare _active: number;
  private declare _gone: ReadonlySet<string>;
  private declare _said: string;

  /** Items that stay hidden only until the page closes. */
  readonly #forNow = new Set<string>();
  #near = false;
  #interacted = false;
  #fills = 0;
  #shelves: PageShelves | undefined;
  #subscriptions: (() => void)[] = [];
  #disconnect: () => void = () => undefined;

  constructor() {
    super();
    this.kind = "for-you";
    this.itemId = "";
    this.itemIds = "";
    this.limit = DEFAULT_LIMIT;
    this.headingLevel = 2;
    this.layout = "row";
    this.noReasons = false;
    this.inStockOnly = false;
    this.hideEmpty = false;
    this.remoteImages = false;
    this._view = { state: "loading" };
    this._active = 0;
    this._gone = new Set();
    this._said = "";
  }

  /** When it chooses among the lists of a page; see `page-shelves.ts`. */
  get turn(): number {
    return ["bought-together", "goes-with", "outfit"].includes(this.kind) ? 0 : this.kind === "related" ? 1 : 2;
  }

  /** Ids of the items it shows; empty until it is filled. */
  get shownIds(): readonly string[] {
    return this._view.state === "shown" ? this._view.items.map(({ item }) => item.id) : [];
  }

  /** Asks again, with the history as it is now. */
  refresh(): void {
    this.#interacted = false;
    if (this.#near && this.isConnected) this.#shelves?.request(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) this.#approach();
      },
      { rootMargin: NEAR },
    );
    observer.observe(this);
    const stopListening = onNavigation(() => this.refresh());
    this.#disconnect = () => {
      observer.disconnect();
      stopListening();
    };
    if (this.#near) this.#approach();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
    this.#disconnect();
  }

  async fill(alreadyShown: readonly string[]): Promise<void> {
    const turn = ++this.#fills;
    const client = this.nearshelf;
    try {
      const { items, refinedBy } = await client.recommend({
        kind: kindOf(this.kind),
        anchors: anchorsOf(this.itemId, this.itemIds),
        limit: countOf(this.limit),
        locale: this.language,
        // What one has looked at is shown as it was, whatever else is on the page.
        alreadyShown: this.kind === "recently-viewed" ? [] : alreadyShown,
        filter: { inStockOnly: this.inStockOnly },
        diversity: this.diversity,
        novelty: this.novelty,
      });
      // A list does not wait for the pack's pictures; where they are in, it comes with them.
      const pictures = client.status().pictures ? await this.#pictures(items) : items.map(() => null);
      if (turn !== this.#fills || !this.isConnected) return;
      this._gone = new Set();
      if (!this.shadowRoot?.activeElement) this._active = 0;
      this._view = { state: "shown", items, pictures };
      await this.updateComplete;
      this.tell("nearshelf-ready", { kind: this.kind, itemIds: this.shownIds, refinedBy });
      if (pictures.includes(null)) void this.#showPictures();
    } catch (cause) {
      if (turn === this.#fills && this.isConnected) this.#fail(NearshelfError.from(cause));
    }
  }

  protected override languageChanged(): void {
    super.languageChanged();
    if (this.#near && !this.locale) this.#shelves?.request(this);
  }

  protected override updated(changed: PropertyValues): void {
    if (!this.#near || !ASKING.some((name) => changed.has(name))) return;
    if (changed.has("pack") || changed.has("client")) {
      this.#leave();
      this.#approach();
    } else {
      this.#shelves?.request(this);
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const view = this._view;
    if (this.hideEmpty && view.state === "shown" && view.items.length === 0) return nothing;
    const { messages } = this;
    return html`<section
      aria-labelledby="heading"
      lang=${this.messageLanguage}
      @pointerdown=${this.#touch}
      @focusin=${this.#touch}
    >
      <div part="heading" id="heading" role="heading" aria-level=${this.headingLevel}>
        ${this.heading ?? messages.heading[kindOf(this.kind)]}
      </div>
      ${this.#body(view)}
      <span class="spoken" role="status">${view.state === "loading" ? messages.list.loading : this._said}</span>
    </section>`;
  }

  #body(view: View): TemplateResult {
    const { messages, layout } = this;
    if (view.state === "loading") return skeleton(countOf(this.limit), layout, !this.noReasons);
    if (view.state === "failed") return failure(view.error, messages, this.#retry);
    if (view.items.length === 0) return html`<p part="message">${messages.list.empty[kindOf(this.kind)]}</p>`;
    return html`<ul
      part="list"
      class=${layoutClass(layout)}
      role="list"
      @keydown=${this.#roam}
      @scroll=${this.#touch}
    >
      ${view.items.map((recommendation, position) => this.#card(recommendation, position, view.pictures[position]))}
    </ul>`;
  }

  #card(recommendation: Recommendation, position: number, picture: Picture): TemplateResult {
    const { item } = recommendation;
    const { messages } = this;
    const hidden = this.#forNow.has(item.id) ? messages.card.hiddenForNow : messages.card.hidden;
    return card({
      item: recommendation.item,
      position,
      picture,
      locale: this.language,
      messages,
      reason: this.noReasons ? undefined : reasonText(recommendation, messages),
      hidden: this._gone.has(item.id) ? hidden : undefined,
      tabIndex: this.layout === "grid" || position === this._active ? 0 : -1,
      onSelect: (event) => {
        const detail = { itemId: item.id, index: item.index, href: safeHref(item.link) ?? "" };
        if (!this.tell("nearshelf-select", detail, true)) event.preventDefault();
      },
      onHide: () => void this.#setGone(recommendation, position, true),
      onUndo: () => void this.#setGone(recommendation, position, false),
    });
  }

  async #setGone({ item }: Recommendation, position: number, gone: boolean): Promise<void> {
    const kept = await this.nearshelf.history.setNotInterested(item.id, gone);
    const ids = new Set(this._gone);
    if (gone) ids.add(item.id);
    else ids.delete(item.id);
    this._gone = ids;
    if (kept) this.#forNow.delete(item.id);
    else this.#forNow.add(item.id);
    const { card } = this.messages;
    this._said = !gone ? "" : kept ? card.hidden : card.hiddenForNow;
    await this.updateComplete;
    const place = this.renderRoot.querySelectorAll("li")[position];
    place?.querySelector<HTMLElement>(gone ? '[part="undo"]' : '[part="not-interested"]')?.focus();
  }

  readonly #touch = (event: Event): void => {
    this.#interacted = true;
    if (event.type !== "focusin" || !(event.target instanceof HTMLElement)) return;
    const position = Number(event.target.dataset["position"]);
    if (Number.isInteger(position)) this._active = position;
  };

  readonly #roam = (event: KeyboardEvent): void => {
    if (this.layout === "grid" || event.altKey || event.ctrlKey || event.metaKey) return;
    const links = this.renderRoot.querySelectorAll<HTMLElement>('[part="link"]');
    const rightToLeft = getComputedStyle(this).direction === "rtl";
    const target = rovingTarget(event.key, this._active, links.length, rightToLeft);
    if (target === undefined) return;
    event.preventDefault();
    this._active = target;
    links[target]?.focus();
  };

  readonly #retry = (): void => {
    this._view = { state: "loading" };
    // Whether it worked shows when the list asks.
    void this.nearshelf.retry().catch(() => undefined);
    this.#shelves?.request(this);
  };

  /** Near enough to be seen soon: joins the page's lists and asks. */
  #approach(): void {
    if (this.#shelves) return;
    this.#near = true;
    let client: Nearshelf;
    try {
      client = this.nearshelf;
    } catch (cause) {
      this.#fail(NearshelfError.from(cause));
      return;
    }
    const shelves = shelvesOf(client);
    this.#shelves = shelves;
    shelves.join(this);
    let events = client.status().history.eventCount;
    this.#subscriptions = [
      client.subscribe("ready", () => {
        // Another list's retry has worked.
        if (this._view.state === "failed") shelves.request(this);
      }),
      client.subscribe("pictures", () => void this.#showPictures()),
      client.subscribe("refined", () => this.#refined()),
      client.subscribe("history", ({ eventCount }) => {
        // After an erase nothing on the page may still speak of what was erased.
        if (eventCount === 0 && events > 0) this.refresh();
        events = eventCount;
      }),
      client.subscribe("error", (error) => {
        // Refinement failed; a failed first load is told by the list's own turn.
        if (this._view.state === "shown" && !error.code.startsWith("history-")) this.#tellError(error);
      }),
    ];
    shelves.request(this);
  }

  #leave(): void {
    this.#shelves?.leave(this);
    this.#shelves = undefined;
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#subscriptions = [];
  }

  /** Better answers are there. A list that the shopper is using keeps its items. */
  #refined(): void {
    if (!this.#interacted && !this.matches(":hover")) this.#shelves?.request(this);
  }

  async #showPictures(): Promise<void> {
    const view = this._view;
    if (view.state !== "shown") return;
    const pictures = await this.#pictures(view.items);
    if (this._view === view) this._view = { ...view, pictures };
  }

  #pictures(items: readonly Recommendation[]): Promise<Picture[]> {
    return picturesOf(
      this.nearshelf,
      items.map(({ item }) => item),
      this.remoteImages,
    );
  }

  #fail(error: NearshelfError): void {
    this._view = { state: "failed", error };
    this.#tellError(error);
  }

  #tellError({ code, message }: NearshelfError): void {
    this.tell("nearshelf-error", { code, message });
  }
}

define("nearshelf-recommendations", NearshelfRecommendations);

declare global {
  interface HTMLElementTagNameMap {
    "nearshelf-recommendations": NearshelfRecommendations;
  }
}
