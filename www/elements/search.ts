import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { NearshelfError } from "../client/error.js";
import type { Facet, Filter, Item, SearchResults } from "../client/types.js";
import { formatMoney } from "../i18n/format.js";
import { countOf } from "./attributes.js";
import { define, NearshelfElement } from "./base.js";
import { safeHref } from "./card.js";
import { type Picture, picturesOf } from "./pictures.js";
import { type SearchMessages, searchMessages } from "./search-messages.js";
import { searchStyles } from "./search-styles.js";
import { shared } from "./styles.js";

/** How long typing may pause before the results change. */
const TYPING_MILLIS = 80;
/** Facets that are shown; more would be a form to fill in. */
const MOST_FACETS = 4;

/**
 * `<nearshelf-search>`: a search box whose results appear while one types, found on this device.
 *
 * Attributes: `limit` (8 results), `label`, `placeholder`, `locale`, `pack`, `no-facets`, `in-stock-only`,
 * `remote-images` (show pictures that are not in the pack: a request to their host for each).
 *
 * Events, all bubbling and composed: `nearshelf-select` { itemId, index, href } (cancelable: prevents following the
 * link), `nearshelf-submit` { query, filter, itemIds, total } when Enter is pressed with no result chosen,
 * `nearshelf-error` { code, message }.
 *
 * Parts: label, input, panel, list, option, image, placeholder, title, price, facets, facet, message.
 */
export class NearshelfSearch extends NearshelfElement {
  static override styles = [shared, searchStyles];
  static override properties: PropertyDeclarations = {
    limit: { type: Number },
    label: {},
    placeholder: {},
    noFacets: { attribute: "no-facets", type: Boolean },
    inStockOnly: { attribute: "in-stock-only", type: Boolean },
    remoteImages: { attribute: "remote-images", type: Boolean },
    _query: { state: true },
    _results: { state: true },
    _pictures: { state: true },
    _chosen: { state: true },
    _active: { state: true },
    _open: { state: true },
  };

  declare limit: number;
  declare label: string | undefined;
  declare placeholder: string | undefined;
  declare noFacets: boolean;
  declare inStockOnly: boolean;
  declare remoteImages: boolean;
  private declare _query: string;
  private declare _results: SearchResults | undefined;
  private declare _pictures: readonly Picture[];
  /** Chosen values by facet. */
  private declare _chosen: ReadonlyMap<string, string>;
  /** Which result the keyboard is on; -1 for none. */
  private declare _active: number;
  private declare _open: boolean;

  /** Facets of the words without any value chosen: what can be chosen instead. */
  #facets: readonly Facet[] = [];
  #typing: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  /** Whether the results are those of other words or choices than the box has now. */
  #behind = false;

  constructor() {
    super();
    this.limit = 8;
    this.noFacets = false;
    this.inStockOnly = false;
    this.remoteImages = false;
    this._query = "";
    this._pictures = [];
    this._chosen = new Map();
    this._active = -1;
    this._open = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#typing);
  }

  protected override render(): TemplateResult {
    const search = searchMessages(this.messageLanguage);
    const results = this._results;
    const shown = this._open && results !== undefined;
    const active = this._active >= 0 ? `option-${this._active}` : nothing;
    return html`<div role="search" lang=${this.messageLanguage} @focusout=${this.#left}>
      <label part="label" for="input">${this.label ?? search.label}</label>
      <input
        part="input"
        id="input"
        type="search"
        role="combobox"
        autocomplete="off"
        spellcheck="false"
        enterkeyhint="search"
        aria-autocomplete="list"
        aria-controls="list"
        aria-expanded=${shown && results.items.length > 0}
        aria-activedescendant=${active}
        placeholder=${this.placeholder ?? search.placeholder}
        .value=${this._query}
        @input=${this.#typed}
        @keydown=${this.#pressed}
        @focus=${this.#reopen}
      />
      <div part="panel" ?hidden=${!shown}>
        ${shown && results.unmatched.length > 0 ? html`<p part="message">${search.without(results.unmatched)}</p>` : nothing}
        <ul part="list" id="list" role="listbox" aria-label=${search.results(results?.total ?? 0)}>
          ${shown ? results.items.map((item, position) => this.#option(item, position)) : nothing}
        </ul>
        ${shown && results.items.length === 0 ? html`<p part="message">${search.none(this._query)}</p>` : nothing}
        ${shown && !this.noFacets ? this.#facetFields() : nothing}
      </div>
      <span class="spoken" role="status">${shown ? said(search, results) : ""}</span>
    </div>`;
  }

  #option(item: Item, position: number): TemplateResult {
    const price = item.salePrice ?? item.price;
    const picture = this._pictures[position];
    const initial = /./u.exec(item.title)?.[0] ?? "";
    return html`<li
      part="option"
      role="option"
      id="option-${position}"
      aria-selected=${position === this._active}
      data-item-id=${item.id}
      @pointerdown=${(event: Event) => event.preventDefault()}
      @click=${() => this.#select(item)}
    >
      ${picture
        ? html`<img part="image" src=${picture} alt="" referrerpolicy="no-referrer" />`
        : html`<span part="placeholder" data-initial=${initial.toLocaleUpperCase()} aria-hidden="true"></span>`}
      <span part="title" lang=${this.language}>${item.title}</span>
      <span part="price">${price ? formatMoney(price, this.language) : nothing}</span>
    </li>`;
  }

  #facetFields(): TemplateResult | typeof nothing {
    const search = searchMessages(this.messageLanguage);
    const facets = this.#facets.slice(0, MOST_FACETS);
    if (facets.length === 0) return nothing;
    return html`<div part="facets" role="group" aria-label=${search.narrow}>
      ${facets.map((facet) => {
        const name = facet.attribute ? facet.name : search.facet[facet.name as "brand" | "category"];
        const chosen = this._chosen.get(facet.name);
        return html`<label part="facet">
          <span>${name}</span>
          <select @change=${(event: Event) => this.#choose(facet, (event.target as HTMLSelectElement).value)}>
            <option value="" ?selected=${chosen === undefined}>${search.any}</option>
            ${facet.values.map(
              ([value, count]) => html`<option value=${value} ?selected=${value === chosen}>${value} (${count})</option>`,
            )}
          </select>
        </label>`;
      })}
    </div>`;
  }

  readonly #typed = (event: Event): void => {
    this._query = (event.target as HTMLInputElement).value;
    this._chosen = new Map();
    this._active = -1;
    this.#behind = true;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => void this.#ask(), TYPING_MILLIS);
  };

  #choose({ name }: Facet, value: string): void {
    const chosen = new Map(this._chosen);
    if (value === "") chosen.delete(name);
    else chosen.set(name, value);
    this._chosen = chosen;
    this.#behind = true;
    void this.#ask();
  }

  #filter(): Filter {
    const chosen = [...this._chosen].map(([name, value]) => ({ facet: this.#facets.find((facet) => facet.name === name), value }));
    const of = (name: string) => chosen.filter(({ facet }) => facet && !facet.attribute && facet.name === name);
    return {
      inStockOnly: this.inStockOnly,
      brands: of("brand").map(({ value }) => value),
      categories: of("category").map(({ value }) => value.split(" > ")),
      attributes: chosen.flatMap(({ facet, value }) => (facet?.attribute ? [[facet.name, [value]] as const] : [])),
    };
  }

  /** Answers what the box asks now; the answer is shown unless something newer was asked, or the box closed meanwhile. */
  async #ask(open = true): Promise<SearchResults | undefined> {
    clearTimeout(this.#typing);
    const turn = ++this.#asked;
    const query = this._query.trim();
    if (query === "") {
      this._results = undefined;
      this._open = this.#behind = false;
      return undefined;
    }
    try {
      const client = this.nearshelf;
      const results = await client.search(query, { locale: this.language, limit: countOf(this.limit), filter: this.#filter() });
      const pictures = client.status().pictures ? await picturesOf(client, results.items, this.remoteImages) : [];
      if (turn === this.#asked) {
        if (this._chosen.size === 0) this.#facets = results.facets;
        this._results = results;
        this._pictures = pictures;
        this._active = -1;
        this._open = open;
        this.#behind = false;
      }
      return results;
    } catch (cause) {
      if (turn === this.#asked) {
        const { code, message } = NearshelfError.from(cause);
        this.tell("nearshelf-error", { code, message });
      }
      return undefined;
    }
  }

  readonly #reopen = (): void => {
    if (this.#behind) void this.#ask();
    else this._open = this._query.trim() !== "";
  };

  /** Closes the panel; what is on its way doesn't open it again. */
  #close(): void {
    clearTimeout(this.#typing);
    this.#asked++;
    this._open = false;
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    const count = this._results?.items.length ?? 0;
    const { key } = event;
    if (event.isComposing) return;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (count === 0) return;
      event.preventDefault();
      if (!this._open) this.#reopen();
      // One place beyond either end is the box itself.
      const step = key === "ArrowDown" ? 1 : -1;
      this._active = ((this._active + 1 + step + count + 1) % (count + 1)) - 1;
      void this.updateComplete.then(() => this.renderRoot.querySelector(`#option-${this._active}`)?.scrollIntoView({ block: "nearest" }));
    } else if (key === "Escape" && this._open) {
      event.preventDefault();
      this.#close();
      this._active = -1;
    } else if (key === "Enter") {
      const chosen = this._results?.items[this._active];
      if (chosen) {
        event.preventDefault();
        this.#select(chosen);
      } else {
        void this.#submit();
      }
    }
  };

  readonly #left = (event: FocusEvent): void => {
    if (event.relatedTarget instanceof Node && this.renderRoot.contains(event.relatedTarget)) return;
    this.#close();
  };

  async #submit(): Promise<void> {
    const query = this._query.trim();
    if (query === "") return;
    const filter = this.#filter();
    this.#close();
    const results = this.#behind ? await this.#ask(false) : this._results;
    const { items = [], total = 0 } = results ?? {};
    this.tell("nearshelf-submit", { query, filter, itemIds: items.map(({ id }) => id), total });
  }

  #select(item: Item): void {
    this.#close();
    const href = safeHref(item.link) ?? "";
    if (this.tell("nearshelf-select", { itemId: item.id, index: item.index, href }, true) && href !== "") {
      location.assign(href);
    }
  }
}

function said(search: SearchMessages, { total, unmatched }: SearchResults): string {
  return unmatched.length > 0 ? `${search.without(unmatched)} ${search.results(total)}` : search.results(total);
}

define("nearshelf-search", NearshelfSearch);

declare global {
  interface HTMLElementTagNameMap {
    "nearshelf-search": NearshelfSearch;
  }
}
