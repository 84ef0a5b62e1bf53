import { LocalHistory } from "../history/history.js";
import { unwrap } from "../worker/answer.js";
import { bestSimd } from "../worker/simd.js";
import type { Answer, Loaded, ShelfHost, ShelfIntent, Simd } from "../worker/protocol.js";
import type { ShelfRequest } from "../worker/shelf.js";
import { type Connection, connect, madeByWorkers } from "./connection.js";
import { Emitter } from "./emitter.js";
import { NearshelfError } from "./error.js";
import { idle } from "./idle.js";
import { Images } from "./images.js";
import type {
  Category,
  Consent,
  Explanation,
  HistoryEntry,
  Intent,
  Item,
  ItemPage,
  ItemRef,
  MadeRequest,
  Nearshelf,
  NearshelfEvents,
  PageOptions,
  Phase,
  Recommendations,
  RecommendRequest,
  SearchOptions,
  SearchResults,
  Status,
  TrackedEvent,
} from "./types.js";
import { checkedEvent } from "./validate.js";

const DEFAULT_LIMIT = 8;
const DEFAULT_PAGE = 60;
/** Events that a request carries; older ones hardly weigh. */
const HISTORY_WINDOW = 200;
/** Longest wait for a quiet moment: pictures are missed at once, better lists are not. */
const PICTURES_PATIENCE_MILLIS = 100;
const REFINEMENT_PATIENCE_MILLIS = 2000;

/** {@link Nearshelf}'s options with their defaults filled in. */
export interface ClientSettings {
  readonly pack: string;
  readonly locale: string;
  readonly consent: Consent;
  readonly worker: boolean;
  readonly decoys: number | undefined;
  onDispose(): void;
}

/** See {@link Nearshelf}. */
export class Client implements Nearshelf {
  readonly pack: string;
  readonly locale: string;
  readonly history: LocalHistory;
  readonly #settings: ClientSettings;
  readonly #emitter = new Emitter<NearshelfEvents>();
  readonly #images = new Images((which) => this.#ask((host) => host.image(which)));
  #phase: Phase = "loading";
  #error: NearshelfError | undefined;
  #simd: Simd | undefined;
  #connection: Connection<ShelfHost> | undefined;
  #loaded: Loaded = { itemCount: 0, pictures: false, models: [], sharded: false };
  #ready: Promise<void>;
  /** Settled once the pictures are in, or won't come. */
  #pictures: Promise<void> = Promise.resolve();
  #refining: Promise<void> | undefined;
  #pending = 0;
  /** Ids that lists were asked about. */
  readonly #checked = new Set<string>();
  #disposed = false;
  /** Ways to end what waits for the worker. */
  readonly #waiting = new Set<(error: NearshelfError) => void>();

  constructor(settings: ClientSettings) {
    this.#settings = settings;
    this.pack = settings.pack;
    this.locale = settings.locale;
    this.history = new LocalHistory(`nearshelf:${new URL(settings.pack).pathname}`, settings.consent, {
      titles: (ids) => this.#titles(ids),
      failed: (error) => this.#emitter.emit("error", error),
    });
    this.history.onChange(() => this.#emitter.emit("history", this.history.status()));
    void this.history.opened.then(() => this.#emitter.emit("history", this.history.status()));
    this.#ready = this.#load();
  }

  get ready(): Promise<void> {
    return this.#ready;
  }

  async recommend(request: RecommendRequest): Promise<Recommendations> {
    const { locale = this.locale, intent, anchors = [] } = request;
    let history: readonly HistoryEntry[] = [];
    const { modelFailure, shardFailure, refinedBy, items } = await this.#ask(async (host) => {
      history = await this.history.recent(HISTORY_WINDOW);
      const wanted = await this.#wanted(request, history);
      void this.#warnOfUnknown(host, anchors);
      return host.recommend(wanted, locale, intent && inWords(intent));
    });
    if (modelFailure !== undefined) this.#tellOnce(new NearshelfError("model-run-failed", modelFailure));
    if (shardFailure) this.#tellOnce(new NearshelfError(shardFailure.code, shardFailure.message));
    const events = (places: readonly number[]) => places.flatMap((place) => history[place] ?? []);
    return {
      refinedBy,
      items: items.map((shown) => ({
        ...shown,
        grounds: shown.grounds.map((ground) => ({ ...ground, events: events(ground.events) })),
      })),
    };
  }

  explain(itemId: string, request: RecommendRequest): Promise<Explanation | undefined> {
    return this.#ask(async (host) => {
      return host.explain(await this.#wanted(request, await this.history.recent(HISTORY_WINDOW)), itemId);
    });
  }

  async #wanted(request: RecommendRequest, history: readonly HistoryEntry[]): Promise<ShelfRequest> {
    const { kind, anchors = [], limit = DEFAULT_LIMIT, filter, diversity, novelty } = request;
    return {
      kind,
      anchors,
      limit,
      history: history.map(({ itemId, type, timeMillis }) => ({ itemId, kind: type, timeMillis })),
      pins: request.pins ?? [],
      exclude: request.exclude ?? [],
      notInterested: await this.history.notInterested(),
      alreadyShown: request.alreadyShown ?? [],
      nowMillis: Date.now(),
      repeatPurchases: request.repeatPurchases ?? false,
      ...(filter && { filter }),
      diversity,
      novelty,
    };
  }

  /** Says once of each id that the pack doesn't have it: the list would look right and be another. */
  async #warnOfUnknown(host: ShelfHost, ids: readonly string[]): Promise<void> {
    for (const id of ids.filter((id) => !this.#checked.has(id))) {
      this.#checked.add(id);
      const known = await host.knows(id).catch(() => undefined);
      if (known && "value" in known && !known.value) {
        console.warn(`nearshelf: the pack has no item ${JSON.stringify(id)}: use the ids of the catalogue it was made of`);
      }
    }
  }

  items(which: readonly ItemRef[], locale = this.locale): Promise<readonly Item[]> {
    return this.#ask((host) => host.items(which, locale));
  }

  async image(which: ItemRef): Promise<string | undefined> {
    await this.#ready;
    await this.#pictures;
    return this.#images.get(which);
  }

  releaseImages(): void {
    this.#images.releaseAll();
  }

  search(query: string, options: SearchOptions = {}): Promise<SearchResults> {
    const { locale = this.locale, offset = 0, limit = DEFAULT_PAGE, filter } = options;
    return this.#ask((host) => host.search({ query, locale, offset, limit, nowMillis: Date.now(), ...(filter && { filter }) }));
  }

  categories(locale = this.locale): Promise<readonly Category[]> {
    return this.#ask((host) => host.categories(locale));
  }

  itemsInCategory(path: readonly string[], options: PageOptions = {}): Promise<ItemPage> {
    const { locale = this.locale, offset = 0, limit = DEFAULT_PAGE } = options;
    return this.#ask((host) => host.itemsInCategory(path, locale, offset, limit));
  }

  async track(event: TrackedEvent): Promise<boolean> {
    const checked = checkedEvent(event);
    if (this.#disposed) return false;
    // Before the pack is in, the id can't be checked; an unknown one does no harm.
    const loaded = this.#phase === "ready" || this.#phase === "refined";
    if (loaded && !(await this.#ask((host) => host.knows(checked.itemId)))) return false;
    return this.history.record(checked, Date.now());
  }

  setConsent(consent: Consent): Promise<void> {
    return this.history.setConsent(consent);
  }

  requests(): Promise<readonly MadeRequest[]> {
    return Promise.resolve([...madeByWorkers]);
  }

  subscribe<K extends keyof NearshelfEvents>(type: K, listener: (detail: NearshelfEvents[K]) => void): () => void {
    return this.#emitter.on(type, listener);
  }

  status(): Status {
    return {
      phase: this.#phase,
      pack: this.pack,
      ...this.#loaded,
      history: this.history.status(),
      ...(this.#simd && { simd: this.#simd }),
      ...(this.#connection && { thread: this.#connection.thread }),
      ...(this.#error && { error: this.#error }),
    };
  }

  retry(): Promise<void> {
    if (this.#disposed || this.#phase === "loading") return this.#ready;
    if (this.#phase === "failed") {
      this.#ready = this.#load();
      return this.#ready;
    }
    return this.#refine();
  }

  dispose(): void {
    this.#disposed = true;
    for (const end of this.#waiting) end(disposed());
    this.#images.releaseAll();
    this.#connection?.close();
    this.#connection = undefined;
    this.history.close();
    this.#emitter.clear();
    this.#settings.onDispose();
  }

  #load(): Promise<void> {
    this.#phase = "loading";
    this.#error = undefined;
    const loading = this.#untilDisposed(this.#loadFirst());
    loading.then(
      () => void this.#refine(),
      (cause: unknown) => this.#fail(NearshelfError.from(cause)),
    );
    return loading;
  }

  async #loadFirst(): Promise<void> {
    try {
      this.#simd = bestSimd();
      if (!this.#simd) {
        throw new NearshelfError("simd-missing", "this browser runs no WebAssembly SIMD: update the browser");
      }
      this.#connection?.close();
      this.#connection = await connect("shelf", this.#settings.worker);
      if (this.#disposed) throw disposed();
      this.#loaded = unwrap(await this.#connection.host.start(this.pack, this.#simd, this.#settings.decoys));
      this.#phase = "ready";
      this.#emitter.emit("ready", this.status());
    } catch (cause) {
      this.#connection?.close();
      this.#connection = undefined;
      throw NearshelfError.from(cause);
    }
  }

  /** Whatever makes lists better, after the first ones are painted. What fails leaves the lists as they are. */
  #refine(): Promise<void> {
    this.#refining ??= this.#refineAll().finally(() => (this.#refining = undefined));
    return this.#refining;
  }

  async #refineAll(): Promise<void> {
    if (!this.#loaded.pictures) {
      this.#pictures = this.#step("pictures", PICTURES_PATIENCE_MILLIS, (host) => host.pictures());
      await this.#pictures;
    }
    if (this.#phase === "ready") await this.#step("refined", REFINEMENT_PATIENCE_MILLIS, (host) => host.refine());
  }

  /** One step of {@link #refine}, which waits for every list that is being filled. */
  async #step(
    done: "pictures" | "refined",
    patienceMillis: number,
    fetched: (host: ShelfHost) => Promise<Answer<Loaded>>,
  ): Promise<void> {
    do await idle(patienceMillis);
    while (this.#pending > 0);
    const { host } = this.#connection ?? {};
    if (!host) return;
    try {
      this.#loaded = unwrap(await this.#untilDisposed(fetched(host)));
      if (done === "refined") this.#phase = "refined";
      this.#emitter.emit(done, this.status());
    } catch (cause) {
      if (!this.#disposed) this.#report(NearshelfError.from(cause));
    }
  }

  async #ask<T>(question: (host: ShelfHost) => Promise<Answer<T>>): Promise<T> {
    // Counted from here on, so that refining waits for every list that is being filled.
    this.#pending += 1;
    try {
      await this.#ready;
      const { host } = this.#connection ?? {};
      if (!host) throw disposed();
      return unwrap(await this.#untilDisposed(question(host)));
    } finally {
      this.#pending -= 1;
    }
  }

  /** Rejects at once when this is disposed: a worker that was stopped answers nothing any more. */
  #untilDisposed<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      void work.then(resolve, reject).finally(() => this.#waiting.delete(reject));
    });
  }

  async #titles(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    // An export must work without the catalogue too.
    const items = await this.items(ids).catch(() => []);
    return new Map(items.map(({ id, title }) => [id, title]));
  }

  /** A model that does not work, or a file that does not come, fails on every list. */
  #tellOnce(error: NearshelfError): void {
    if (this.#error?.message !== error.message) this.#report(error);
  }

  #fail(error: NearshelfError): void {
    if (this.#disposed) return;
    this.#phase = "failed";
    this.#report(error);
  }

  #report(error: NearshelfError): void {
    this.#error = error;
    console.error(`nearshelf: ${error.code}: ${error.message}`);
    this.#emitter.emit("error", error);
  }
}

/** An intent as the index reads it: words are words, whatever they are about. */
function inWords({ colour, brand, category, text, ...prices }: Intent): ShelfIntent {
  return { ...prices, words: [colour, brand, category, text].filter((words) => words).join(" ") };
}

function disposed(): NearshelfError {
  return new NearshelfError("disposed", "this Nearshelf was disposed: create a new one");
}
