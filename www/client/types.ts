/**
 * Every type that a shop's code sees. Words are those of product feeds and recommender papers:
 * item, event (`view`, `add_to_cart`, `purchase`, `remove`), kind, reason.
 */

import type { NearshelfError } from "./error.js";

export type * from "./model-types.js";

/** What a list of recommendations is about. */
export type Kind = "for-you" | "related" | "bought-together" | "goes-with" | "outfit" | "trending" | "recently-viewed" | "buy-again";

/** What the shopper did with an item. */
export type EventType = "view" | "add_to_cart" | "purchase" | "remove";

/** Whether an item can be bought now. */
export type Availability = "in-stock" | "out-of-stock" | "pre-order" | "back-order";

/** A price: `minorUnits` 1299 with `currency` "GBP" is £12.99; JPY has no decimals, so 1299 is ¥1,299. */
export interface Money {
  readonly minorUnits: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

/** One item in one locale. Texts are plain text, never markup. */
export interface Item {
  /** Position in the catalogue; valid for this pack only. */
  readonly index: number;
  /** The shop's own id; stable over packs. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly brand: string;
  /** From the widest category to the narrowest. */
  readonly category: readonly string[];
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly price?: Money;
  readonly salePrice?: Money;
  readonly availability: Availability;
  /** Address of the product page as the catalogue states it; may be empty. */
  readonly link: string;
  /** The catalogue's own image address; showing it makes a request. Prefer {@link Nearshelf.image}. */
  readonly image: string;
  /** Whether the pack holds a picture of it; `false` until {@link Status.pictures}. */
  readonly hasImage: boolean;
}

/** An item by position in the catalogue (number) or by the shop's id (string). */
export type ItemRef = number | string;

/** A category with its number of items, and an item to picture it with. */
export interface Category {
  /** From the widest name to this one. */
  readonly path: readonly string[];
  readonly count: number;
  /** Index of its first item. */
  readonly first: number;
}

/** Which items may be recommended at all. Prices are minor units of `currency`. */
export interface Filter {
  readonly inStockOnly?: boolean;
  /** Category paths; an item passes when it lies in or below any of them. */
  readonly categories?: readonly (readonly string[])[];
  /** An item passes when it is of any of them. */
  readonly brands?: readonly string[];
  /** An item passes when it has one of the values of each attribute. */
  readonly attributes?: readonly (readonly [name: string, values: readonly string[]])[];
  readonly priceMin?: number;
  readonly priceMax?: number;
  readonly currency?: string;
}

/** What the shopper says to want in the middle of a visit: "cheaper than this", "in blue". */
export interface Intent {
  /** Words of any kind that texts may say; what has them all comes first, then what has some. */
  readonly text?: string;
  readonly colour?: string;
  readonly brand?: string;
  readonly category?: string;
  /** Id of an item: only what costs less is recommended. */
  readonly cheaperThan?: string;
  /** Id of an item: only what costs more is recommended. */
  readonly dearerThan?: string;
}

/** What to recommend. Only `kind` is needed; history and "not interested" are added by the client. */
export interface RecommendRequest {
  readonly kind: Kind;
  /** Ids of the item that is looked at, or of the cart's items. */
  readonly anchors?: readonly string[];
  /** Most items to return; default 8. */
  readonly limit?: number;
  /** BCP 47; default: the client's locale. */
  readonly locale?: string;
  readonly filter?: Filter;
  /** Ids that come first, in this order, where the filter lets them pass. */
  readonly pins?: readonly string[];
  /** Ids never to return. */
  readonly exclude?: readonly string[];
  /** Ids that another list on the page shows already. */
  readonly alreadyShown?: readonly string[];
  /** For `for-you`: whether what was bought may come again, as with groceries. Default `false`. */
  readonly repeatPurchases?: boolean;
  /** 0: by score alone; 1: as varied as possible. Default: the recommender's own. */
  readonly diversity?: number | undefined;
  /** 0 (default): demand as it is; 1: what everybody buys has no score left, and the rest comes forward. */
  readonly novelty?: number | undefined;
  /** What the shopper says to want: what fits comes first. */
  readonly intent?: Intent;
}

/** Machine-readable grounds of a recommendation; the elements put them into words. */
export type ReasonCode =
  | "because-viewed"
  | "because-bought"
  | "because-in-cart"
  | "bought-together-with"
  | "similar-to"
  | "trending"
  | "popular"
  | "recently-viewed"
  | "matches-your-taste"
  | "goes-with"
  | "as-asked"
  | "due-again"
  | "pinned"
  | "catalogue";

/** One ground, with the item it speaks of where it has one. */
export interface Reason {
  readonly code: ReasonCode;
  readonly item?: { readonly id: string; readonly title: string };
}

/** What was done with one item of the history, and what that did for a recommended one. */
export interface Ground {
  readonly item: { readonly id: string; readonly title: string };
  /** The strongest thing that was done with it. */
  readonly was: "viewed" | "in-cart" | "bought";
  /** Its events, oldest first: what {@link points} would be missing without. */
  readonly events: readonly HistoryEntry[];
  /** How much lower the score would be if these events had not happened; above 0. */
  readonly points: number;
}

/** One recommended item. */
export interface Recommendation {
  readonly item: Item;
  /** Comparable within one answer only. */
  readonly score: number;
  /** Strongest first; at least one. `catalogue` is that of an item which fills up a list. */
  readonly reasons: readonly Reason[];
  /**
   * Which events of this shopper's history raised its score, most first: each was left out, and the item scored anew
   * on this device. Empty where the history had no part in it.
   */
  readonly grounds: readonly Ground[];
}

/** A list of recommendations. */
export interface Recommendations {
  readonly items: readonly Recommendation[];
  /** "pack": from neighbours and popularity alone; "model": a model has ranked them too. */
  readonly refinedBy: "pack" | "model";
}

/** Values that results have of one kind, most frequent first. */
export interface Facet {
  /** `brand`, `category`, or the attribute's name. */
  readonly name: string;
  /** Whether the name is an attribute's. */
  readonly attribute: boolean;
  /** With the number of results that have them; categories as their names joined by ` > `. */
  readonly values: readonly (readonly [value: string, count: number])[];
}

/** What a search found. */
export interface SearchResults extends ItemPage {
  /** What the results can be narrowed by; values that all of them share are left out. */
  readonly facets: readonly Facet[];
  /** Words of the query that none of the results has: what is found is shown instead. Empty where nothing is found. */
  readonly unmatched: readonly string[];
}

/** Which page of results, and which items at all. */
export interface SearchOptions extends PageOptions {
  readonly filter?: Filter;
}

/** What the score of one item is made of. */
export interface Explanation {
  /** The parts' sum times the factor; 0 where they sum to less. */
  readonly score: number;
  /** Measures with points, most first; what is learnt of the shopper may take some away. */
  readonly parts: readonly (readonly [measure: string, points: number])[];
  /** What the shop's rules, stock, novelty and "not interested" make of it. */
  readonly factor: number;
  /** Whether filters, rules and the history let it be shown. */
  readonly mayBeShown: boolean;
  /** The shop's rules that speak of it in this list, by their places in its file, from 1. */
  readonly rules: readonly { readonly number: number; readonly name: string; readonly effect: string }[];
}

/** A page of items. */
export interface ItemPage {
  readonly items: readonly Item[];
  /** How many there are without `offset` and `limit`. */
  readonly total: number;
}

/** Where a page begins and how long it is. */
export interface PageOptions {
  readonly locale?: string;
  readonly offset?: number;
  /** Default 60. */
  readonly limit?: number;
}

/** Something the shopper did, as the shop's code reports it. */
export interface TrackedEvent {
  readonly type: EventType;
  readonly itemId: string;
  /** Default 1. */
  readonly quantity?: number;
}

/**
 * What the shopper has agreed to. The shop asks; Nearshelf only obeys.
 * - `granted`: history is kept, encrypted, in this browser. Overrides Global Privacy Control.
 * - `denied`: nothing is recorded, and what was kept is erased, in other tabs of the shop too.
 * - `pending`: the question is open: events stay in memory until it is answered.
 * - `not-required` (default): the shop says that it need not ask. With Global Privacy Control on,
 *   events stay in memory.
 *
 * What was stored under an earlier answer stays the shopper's while events stay in memory: it is shown, grows old and
 * can be erased.
 */
export type Consent = "granted" | "denied" | "pending" | "not-required";

/** One remembered event. */
export interface HistoryEntry {
  readonly id: string;
  readonly type: EventType;
  readonly itemId: string;
  readonly timeMillis: number;
  readonly quantity: number;
}

/** Why history is in memory only, or not kept at all. */
export type MemoryReason =
  | "consent-denied"
  | "consent-pending"
  | "global-privacy-control"
  | "insecure-context"
  | "no-storage"
  | "storage-full";

/** Where history is and what happens to it. */
export interface HistoryStatus {
  /** `encrypted`: IndexedDB with AES-GCM; `memory`: gone when the page closes; `none`: nothing is recorded. */
  readonly storage: "encrypted" | "memory" | "none";
  /** Set whenever `storage` is not `encrypted`. */
  readonly reason?: MemoryReason;
  readonly paused: boolean;
  readonly retentionDays: number;
  readonly maxEvents: number;
  readonly eventCount: number;
  /**
   * How many of them lie encrypted in this browser. While `storage` is `memory` these are from before: they are shown,
   * grow old and can be erased, and no event is added to them.
   */
  readonly storedEventCount: number;
  /** Stored events could not be decrypted (the key was lost), so history began anew. */
  readonly keyLost: boolean;
  /** The browser sends Global Privacy Control. */
  readonly globalPrivacyControl: boolean;
}

/** What a shopper measured for size advice. */
export interface Measurements extends Readonly<Partial<Record<"chest" | "waist" | "hip" | "inseam" | "length" | "height", number>>> {
  readonly unit: "cm" | "in";
}

/** What a shopper gets when they export their history. */
export interface HistoryExport {
  readonly format: "nearshelf-history";
  readonly version: 1;
  /** RFC 3339. */
  readonly exportedAt: string;
  /** Origin of the shop. */
  readonly shop: string;
  readonly retentionDays: number;
  readonly events: readonly {
    readonly event: EventType;
    readonly itemId: string;
    /** Title at the time of the export, where the item is still in the catalogue. */
    readonly title?: string;
    readonly quantity: number;
    /** RFC 3339. */
    readonly time: string;
  }[];
  /** Ids the shopper asked not to see. */
  readonly notInterested: readonly string[];
  /** Where the shopper has had them kept. */
  readonly measurements?: Measurements;
}

/** The shopper's own history: theirs to see, export, pause and erase. */
export interface ShopperHistory {
  /** Newest first. */
  list(): Promise<readonly HistoryEntry[]>;
  /** Ids of the items looked at last, newest first, each once. */
  recentlyViewed(limit?: number): Promise<readonly string[]>;
  /** Ids the shopper asked not to see. */
  notInterested(): Promise<readonly string[]>;
  /**
   * Keeps `itemId` out of every list from now on; `false` takes it back. Resolves with `false` where pause or a denied
   * consent lets it last only until the page closes.
   */
  setNotInterested(itemId: string, value: boolean): Promise<boolean>;
  /** What the shopper has had kept for size advice. */
  measurements(): Promise<Measurements | undefined>;
  /**
   * Keeps measurements, encrypted, until they are taken back (`undefined`) or the history is erased. Resolves with `false` where
   * consent, pause or the browser lets nothing be stored; then what was kept is gone, too.
   */
  setMeasurements(measurements: Measurements | undefined): Promise<boolean>;
  export(): Promise<HistoryExport>;
  /** Records nothing until {@link resume}; what is kept stays. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /**
   * Deletes every event, the "not interested" list, measurements and the key, here and in other tabs.
   *
   * Rejects with `history-not-erased` where the browser refuses; everything is still there then.
   */
  erase(): Promise<void>;
  /** Deletes events older than `days` now and from now on; 1 to 730. */
  setRetention(days: number): Promise<void>;
  status(): HistoryStatus;
  /** Calls back after every change, also one made in another tab. Returns the way to stop. */
  onChange(listener: () => void): () => void;
}

/** How far loading has come. */
export type Phase = "loading" | "ready" | "refined" | "failed";

/** What runs where; for support, tests and the curious. */
export interface Status {
  readonly phase: Phase;
  /** Absolute address of the pack. */
  readonly pack: string;
  /** Which build of the wasm runs; absent until it does. */
  readonly simd?: "relaxed" | "baseline";
  readonly thread?: "worker" | "main";
  readonly itemCount: number;
  /** Whether the pack's pictures are in. */
  readonly pictures: boolean;
  /** Names of the models that are loaded. */
  readonly models: readonly string[];
  /**
   * Whether embeddings come in shards, which are fetched as lists need them: then requests go on after `refined`, and tell
   * the pack's host roughly what the shopper is after (docs/privacy.md).
   */
  readonly sharded: boolean;
  readonly history: HistoryStatus;
  /** The error that stopped loading, or the last one. */
  readonly error?: NearshelfError;
}

/** What {@link Nearshelf.subscribe} tells about. */
export interface NearshelfEvents {
  /** First-stage data is in: recommendations work. */
  ready: Status;
  /** The pack's pictures are in. */
  pictures: Status;
  /** Refinements and models are in: asking again may give better answers. No request follows this one, but for shards. */
  refined: Status;
  /** The history or its settings changed, here or in another tab. */
  history: HistoryStatus;
  error: NearshelfError;
}

/** One request of a worker. */
export interface MadeRequest {
  readonly url: string;
  /** When it began, since the epoch. */
  readonly timeMillis: number;
  /** What the worker hosts: the recommender, models that the page brought, the assistant, or what sees pictures. */
  readonly worker: "shelf" | "models" | "chat" | "vision";
  /** Whether the browser had the file already, so that nobody was asked. */
  readonly fromCache: boolean;
}

/** How to start. */
export interface NearshelfOptions {
  /** Folder of the pack; default: the parent of the folder that the script lies in. */
  readonly pack?: string | URL;
  /** BCP 47; default: the document's language, then the browser's. */
  readonly locale?: string;
  /**
   * Default: the page's `<meta name="nearshelf-consent" content="…">`, else `not-required`.
   */
  readonly consent?: Consent;
  /** `false` keeps everything on the main thread. Default: a worker where there can be one. */
  readonly worker?: boolean;
  /** Files of something else to fetch with each shard, in random order, from 0 to 64; default: as the pack says. */
  readonly decoys?: number;
}

/** One loaded pack, shared by all elements on the page that name it. */
export interface Nearshelf {
  /** Absolute address of the pack's folder, with a slash at its end. */
  readonly pack: string;
  /** Resolves once recommendations work; rejects with a {@link NearshelfError}. */
  readonly ready: Promise<void>;
  readonly locale: string;
  readonly history: ShopperHistory;

  /** Recommends from the pack and the local history. Makes no request, but for shards where the pack has them. */
  recommend(request: RecommendRequest): Promise<Recommendations>;
  /** Items in the order asked for; unknown ones are left out. */
  items(which: readonly ItemRef[], locale?: string): Promise<readonly Item[]>;
  /**
   * Address of the picture that the pack holds: a blob URL, cached; `undefined` where there is none. Waits for the
   * pictures, which are fetched after the first lists.
   */
  image(which: ItemRef): Promise<string | undefined>;
  /** Revokes the blob URLs handed out so far. */
  releaseImages(): void;
  /** What the score of an item would be made of in a list; `undefined` for an unknown one. For support and the curious. */
  explain(itemId: string, request: RecommendRequest): Promise<Explanation | undefined>;
  /** What is found for words the shopper typed, best first. Makes no request once {@link Status.phase} is `refined`. */
  search(query: string, options?: SearchOptions): Promise<SearchResults>;
  categories(locale?: string): Promise<readonly Category[]>;
  /** Items in or below a category, in catalogue order; `path` in the words of `locale`. */
  itemsInCategory(path: readonly string[], options?: PageOptions): Promise<ItemPage>;

  /**
   * Remembers an event in this browser. `false` when consent, pause or an id unknown to the pack forbids it; rejects
   * with `request-invalid` what is no event.
   */
  track(event: TrackedEvent): Promise<boolean>;
  /** Tells the shopper's answer; takes effect before the next event. Rejects where a `denied` could not erase. */
  setConsent(consent: Consent): Promise<void>;
  /**
   * Requests that the page's workers have made, also those that have ended, as the browser notes them: a page's own resource
   * timing lacks them. Empty where there is no worker (see {@link Status.thread}).
   */
  requests(): Promise<readonly MadeRequest[]>;
  subscribe<K extends keyof NearshelfEvents>(
    type: K,
    listener: (detail: NearshelfEvents[K]) => void,
  ): () => void;
  status(): Status;
  /** Tries again what failed: the load, or pictures, refinements and models after it. */
  retry(): Promise<void>;
  /** Stops the worker and revokes images; what was asked and not answered rejects with `disposed`. */
  dispose(): void;
}
