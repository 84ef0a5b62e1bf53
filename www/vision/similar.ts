import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import type { Item } from "../client/types.js";
import { countOf } from "../elements/attributes.js";
import { define } from "../elements/base.js";
import { card, safeHref } from "../elements/card.js";
import { type Picture, picturesOf } from "../elements/pictures.js";
import { recommendationsStyles } from "../elements/recommendations-styles.js";
import { shared } from "../elements/styles.js";
import { unwrap } from "../worker/answer.js";
import { choiceStyles } from "./choice-styles.js";
import { decodePicture, LONGEST, type Pixels } from "./decode.js";
import { SeeingElement } from "./element.js";
import { given } from "./fitting-room.js";
import { fileButton } from "./panels.js";
import { similarStyles } from "./similar-styles.js";
import { paint } from "./stage.js";
import { type Studio, type Visit, visit } from "./studio.js";
import type { Companion, GarmentLook, LookMatch } from "./types.js";
import { failure, faultWords, noteWords, type VisionWords } from "./words.js";

/** What is shown: what looks like the item, goes with it, or is on a picture of the shopper's. */
type SimilarKind = "similar" | "another-colour" | "goes-with" | "photo";
const KINDS: readonly SimilarKind[] = ["similar", "another-colour", "goes-with", "photo"];
/** Items looked at last that tell which colours are liked. */
const LOOKED_AT = 20;

/** An item that is shown, and why. */
interface Found {
  readonly item: Item;
  readonly reason: string;
  readonly picture: Picture;
}

/** A list of the answer. */
interface Answered {
  readonly kind: Exclude<SimilarKind, "photo">;
  readonly found: readonly Found[];
}

type View =
  | { readonly state: "loading" | "missing" | "failed" | "photo" }
  | { readonly state: "shown"; readonly lists: readonly Answered[]; readonly seen?: GarmentLook; readonly pixels?: Pixels };

/**
 * `<nearshelf-similar>`: what looks like an item, what looks like it in another colour, what goes with it, and what in the shop looks like a
 * picture of the shopper's. Compared in the browser; the picture is neither stored nor sent.
 *
 * Attributes: `item-id`, `kinds` (which of `similar another-colour goes-with photo`, default all; without an item, `photo`), `limit` (8),
 * `no-reasons`, `heading`, `heading-level` (2), `locale`, `pack`, `remote-images`.
 *
 * Events, all bubbling and composed: `nearshelf-similar-shown` { kind, itemIds }, `nearshelf-select` { itemId, index, href } (cancelable: prevents
 * following the link), `nearshelf-error` { code, message }. No event carries a pixel.
 *
 * Parts: heading, kinds, choice, photo, button with choose-photo, hint, seen, thumbnail, subheading, list, card, link, frame, image, placeholder, title, price,
 * sale-price, regular-price, availability, reason, message, retry.
 */
export class NearshelfSimilar extends SeeingElement {
  static override styles = [shared, recommendationsStyles, choiceStyles, similarStyles];
  static override properties: PropertyDeclarations = {
    itemId: { attribute: "item-id", reflect: true },
    kinds: {},
    limit: { type: Number },
    noReasons: { attribute: "no-reasons", type: Boolean },
    heading: {},
    headingLevel: { attribute: "heading-level", type: Number },
    remoteImages: { attribute: "remote-images", type: Boolean },
    _kind: { state: true },
    _view: { state: true },
    _message: { state: true },
    _said: { state: true },
  };

  declare itemId: string;
  declare kinds: string;
  declare limit: number;
  declare noReasons: boolean;
  declare heading: string | undefined;
  declare headingLevel: number;
  declare remoteImages: boolean;
  private declare _kind: SimilarKind;
  private declare _view: View;
  private declare _message: string;
  private declare _said: string;

  #visit: Visit | undefined;
  #asked = 0;

  constructor() {
    super();
    this.itemId = "";
    this.kinds = "";
    this.limit = 8;
    this.noReasons = false;
    this.headingLevel = 2;
    this.remoteImages = false;
    this._kind = "similar";
    this._view = { state: "loading" };
    this._message = "";
    this._said = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Moved within the page: it had let go.
    if (this.hasUpdated) void this.#ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asked += 1;
    this.#visit?.leave();
    this.#visit = undefined;
    // A picture goes with the element.
    this._view = { state: "loading" };
  }

  protected override languageChanged(): void {
    super.languageChanged();
    if (this._view.state === "shown" && !this._view.seen) void this.#ask();
  }

  protected override willUpdate(): void {
    const kinds = this.#kinds;
    if (!kinds.includes(this._kind)) this._kind = kinds[0] ?? "similar";
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("itemId") || changed.has("limit") || changed.has("_kind") || changed.has("locale")) void this.#ask();
    if (this._view.state === "shown" && this._view.pixels) paint(this.renderRoot.querySelector("canvas"), this._view.pixels);
  }

  protected override render(): TemplateResult {
    const words = this.words;
    const { similar } = words;
    const kinds = this.#kinds;
    const view = this._view;
    return html`<section aria-labelledby="heading" lang=${words.lang}>
      <div part="heading" id="heading" role="heading" aria-level=${this.headingLevel}>${this.heading ?? similar.heading}</div>
      ${kinds.length > 1
        ? html`<div part="kinds" role="radiogroup" aria-labelledby="heading">
            ${kinds.map(
              (kind) => html`<label part="choice"><input type="radio" name="kind" value=${kind} .checked=${kind === this._kind} @change=${() => (this._kind = kind)} />${similar.kinds[kind]}</label>`,
            )}
          </div>`
        : nothing}
      ${this._kind === "photo" ? this.#photo(words) : nothing}
      ${this._message === "" ? nothing : html`<p part="message" role="alert">${this._message}</p>`}
      ${view.state === "loading" ? html`<p part="message">${similar.looking}</p>` : nothing}
      ${view.state === "missing" ? html`<p part="message">${similar.missing}</p>` : nothing}
      ${view.state === "failed" ? html`<p part="message">${similar.failed} <button part="retry" type="button" @click=${() => void this.#ask()}>${words.retry}</button></p>` : nothing}
      ${view.state === "shown" ? view.lists.map((list) => this.#list(list, view.lists.length > 1)) : nothing}
      <span class="spoken" role="status">${this._said}</span>
    </section>`;
  }

  #photo(words: VisionWords): TemplateResult {
    const { similar } = words;
    const seen = this._view.state === "shown" ? this._view.seen : undefined;
    const category = seen?.categories[0]?.name;
    return html`<div part="photo">
      <p>${fileButton("choose-photo", similar.choose, (file) => void this.#look(file))} <span part="hint">${words.drop}</span></p>
      <p part="hint">${similar.photoHint}</p>
      ${seen && category
        ? html`<p part="seen"><canvas part="thumbnail" aria-hidden="true"></canvas>${similar.seen(words.colours[seen.palette[0]?.name ?? ""] ?? "", words.categories[category])}</p>`
        : nothing}
    </div>`;
  }

  #list({ kind, found }: Answered, isOneOfSeveral: boolean): TemplateResult {
    const { similar } = this.words;
    if (found.length === 0) return isOneOfSeveral ? html`` : html`<p part="message">${similar.none}</p>`;
    return html`${isOneOfSeveral ? html`<div part="subheading" role="heading" aria-level=${this.headingLevel + 1}>${similar.kinds[kind]}</div>` : nothing}
      <ul part="list" class="row" role="list" aria-label=${similar.kinds[kind]}>
        ${found.map(({ item, reason, picture }, at) =>
          card({
            item,
            position: kind === "goes-with" && isOneOfSeveral ? this.limit + at : at,
            locale: this.language,
            messages: this.messages,
            picture,
            reason: this.noReasons ? undefined : reason,
            hidden: undefined,
            tabIndex: 0,
            onSelect: (event) => {
              const detail = { itemId: item.id, index: item.index, href: safeHref(item.link) ?? "" };
              if (!this.tell("nearshelf-select", detail, true)) event.preventDefault();
            },
          }),
        )}
      </ul>`;
  }

  get #kinds(): readonly SimilarKind[] {
    const wanted = this.kinds.split(/[\s,]+/);
    return KINDS.filter((kind) => (this.kinds.trim() === "" || wanted.includes(kind)) && (kind === "photo" || this.itemId !== ""));
  }

  async #studio(): Promise<Studio> {
    this.#visit ??= visit(this.nearshelf);
    try {
      return await this.#visit.studio;
    } catch (cause) {
      this.#visit = undefined;
      throw cause;
    }
  }

  /** Asks for what the chosen kind shows. */
  async #ask(): Promise<void> {
    const turn = (this.#asked += 1);
    this._message = "";
    const kind = this._kind;
    if (kind === "photo") {
      this._view = { state: "photo" };
      return;
    }
    this._view = { state: "loading" };
    try {
      const client = this.nearshelf;
      await client.ready;
      const [studio, [item]] = await Promise.all([this.#studio(), client.items([this.itemId], this.language)]);
      const list = item && studio.loaded.looks ? await this.#listOf(studio, kind, item.index) : undefined;
      if (turn !== this.#asked) return;
      if (studio.loaded.looks) this.#show([list ?? { kind, found: [] }]);
      else this._view = { state: "missing" };
    } catch (cause) {
      if (turn === this.#asked) this.#fail(cause, "failed");
    }
  }

  /** Looks at a picture of the shopper's. */
  async #look(file: File | undefined): Promise<void> {
    if (!file) return;
    const turn = (this.#asked += 1);
    this._message = "";
    this._view = { state: "loading" };
    try {
      const studio = await this.#studio();
      const pixels = await decodePicture(studio.host, file, LONGEST.garment);
      const { looks, models } = studio.loaded;
      if (turn !== this.#asked) return;
      if (!looks || !models) {
        this._view = { state: "missing" };
        return;
      }
      const shown = { width: pixels.width, height: pixels.height, data: pixels.data.slice() };
      const seen = unwrap(await studio.host.see(given({ width: pixels.width, height: pixels.height, data: pixels.data })));
      const lists = [await this.#listOf(studio, "similar", seen), await this.#listOf(studio, "goes-with", seen)];
      if (turn !== this.#asked) return;
      this.#show(lists, { seen, pixels: shown });
      this._message = noteWords(pixels.notes, this.words);
    } catch (cause) {
      if (turn === this.#asked) this.#fail(cause, "photo");
    }
  }

  async #listOf({ host }: Studio, kind: Answered["kind"], to: number | GarmentLook): Promise<Answered> {
    const client = this.nearshelf;
    const except = (await client.items(await client.history.notInterested())).map(({ index }) => index);
    const count = countOf(this.limit);
    const matches: readonly (LookMatch | Companion)[] = unwrap(kind === "goes-with" ? await host.goesWith(to, count, except, false) : await host.similar(to, kind, count, except));
    const numbers = matches.map(({ item }) => item);
    const viewed = (await client.items(await client.history.recentlyViewed(LOOKED_AT))).map(({ index }) => index);
    const [items, liked] = await Promise.all([client.items(numbers, this.language), host.liked(viewed, numbers)]);
    const pictures = await picturesOf(client, items, this.remoteImages);
    const colours = unwrap(liked);
    const found = items.map((item, at) => {
      const number = numbers.indexOf(item.index);
      return { item, picture: pictures[at], reason: this.#reason(kind, matches[number], colours[number]) };
    });
    return { kind, found };
  }

  #reason(kind: Answered["kind"], match: LookMatch | Companion | undefined, liked: string | undefined): string {
    const { similar, colours } = this.words;
    const named = (key: string | undefined) => colours[key ?? ""] ?? "";
    const reason =
      match && "harmony" in match
        ? (similar.harmony[match.harmony] ?? similar.kinds["goes-with"])
        : kind === "another-colour"
          ? similar.because["another-colour"](named(match?.colour))
          : similar.because.similar;
    const colour = named(liked);
    return colour === "" ? reason : similar.liked(reason, colour);
  }

  #show(lists: readonly Answered[], photo: { readonly seen?: GarmentLook; readonly pixels?: Pixels } = {}): void {
    const itemIds = lists.flatMap(({ found }) => found.map(({ item }) => item.id));
    this._view = { state: "shown", lists, ...photo };
    this._said = this.words.similar.found(itemIds.length);
    this.tell("nearshelf-similar-shown", { kind: this._kind, itemIds });
  }

  #fail(cause: unknown, state: "failed" | "photo"): void {
    this._view = { state };
    if (state === "photo") this._message = faultWords(cause, this.words);
    this.tell("nearshelf-error", failure(cause));
  }

  protected override get takesPictures(): boolean {
    return this.#kinds.includes("photo");
  }

  protected override handed(picture: File): void {
    this._kind = "photo";
    void this.updateComplete.then(() => this.#look(picture));
  }
}

define("nearshelf-similar", NearshelfSimilar);

declare global {
  interface HTMLElementTagNameMap {
    "nearshelf-similar": NearshelfSimilar;
  }
}
