import { LocalHistory } from "../history/history.js";
import { isEventType } from "../history/records.js";
import { unwrap } from "../worker/answer.js";
import { bestSimd } from "../worker/simd.js";
import type { Answer, Loaded, ShelfHost, Simd } from "../worker/protocol.js";
import { type Connection, connect } from "./connection.js";
import { Emitter } from "./emitter.js";
import { NearshelfError } from "./error.js";
import { idle } from "./idle.js";
import { Images } from "./images.js";
import type {
  Category,
  Consent,
  Item,
  ItemPage,
  ItemRef,
  Nearshelf,
  NearshelfEvents,
  PageOptions,
  Phase,
  Recommendations,
  RecommendRequest,
  Status,
  TrackedEvent,
} from "./types.js";

const DEFAULT_LIMIT = 8;
const DEFAULT_PAGE = 60;
/** Events that a request carries; older ones hardly weigh. */
const HISTORY_WINDOW = 200;

/** {@link Nearshelf}'s options with their defaults filled in. */
export interface ClientSettings {
  readonly pack: string;
  readonly locale: string;
  readonly consent: Consent;
  readonly worker: boolean;
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
  #loaded: Loaded = { itemCount: 0, models: [] };
  #ready: Promise<void>;
  #pending = 0;
  #disposed = false;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
    this.pack = settings.pack;
    this.locale = settings.locale;
    this.history = new LocalHistory(`nearshelf:${new URL(settings.pack).pathname}`, settings.consent, {
      titles: (ids) => this.#titles(ids),
      failed: (cause) => this.#historyFailed(cause),
    });
    this.history.onChange(() => this.#emitter.emit("history", this.history.status()));
    void this.history.opened.then(() => this.#emitter.emit("history", this.history.status()));
    this.#ready = this.#load();
  }

  get ready(): Promise<void> {
    return this.#ready;
  }

  recommend(request: RecommendRequest): Promise<Recommendations> {
    const { kind, anchors = [], limit = DEFAULT_LIMIT, locale = this.locale, filter, diversity } = request;
    return this.#ask(async (host) => {
      const [history, notInterested] = await Promise.all([
        this.history.recent(HISTORY_WINDOW),
        this.history.notInterested(),
      ]);
      const wanted = {
        kind,
        anchors,
        limit,
        history: history.map(({ itemId, type, timeMillis }) => ({ itemId, kind: type, timeMillis })),
        pins: request.pins ?? [],
        exclude: request.exclude ?? [],
        notInterested,
        alreadyShown: request.alreadyShown ?? [],
        nowMillis: Date.now(),
        ...(filter && { filter }),
        ...(diversity !== undefined && { diversity }),
      };
      return host.recommend(wanted, locale);
    });
  }

  items(which: readonly ItemRef[], locale = this.locale): Promise<readonly Item[]> {
    return this.#ask((host) => host.items(which, locale));
  }

  image(which: ItemRef): Promise<string | undefined> {
    return this.#images.get(which);
  }

  releaseImages(): void {
    this.#images.releaseAll();
  }

  search(query: string, options: PageOptions = {}): Promise<readonly Item[]> {
    const { locale = this.locale, offset = 0, limit = DEFAULT_PAGE } = options;
    return this.#ask((host) => host.search(query, locale, offset, limit));
  }

  categories(locale = this.locale): Promise<readonly Category[]> {
    return this.#ask((host) => host.categories(locale));
  }

  itemsInCategory(path: readonly string[], options: PageOptions = {}): Promise<ItemPage> {
    const { locale = this.locale, offset = 0, limit = DEFAULT_PAGE } = options;
    return this.#ask((host) => host.itemsInCategory(path, locale, offset, limit));
  }

  async track(event: TrackedEvent): Promise<boolean> {
    if (this.#disposed || !isEventType(event.type) || event.itemId === "") return false;
    // Before the pack is in, the id can't be checked; an unknown one does no harm.
    const loaded = this.#phase === "ready" || this.#phase === "refined";
    if (loaded && !(await this.#ask((host) => host.knows(event.itemId)))) return false;
    return this.history.record(event, Date.now());
  }

  setConsent(consent: Consent): Promise<void> {
    return this.history.setConsent(consent);
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
    if (this.#phase === "failed" && !this.#disposed) this.#ready = this.#load();
    return this.#ready;
  }

  dispose(): void {
    this.#disposed = true;
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
    const loading = this.#loadFirst();
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
      if (this.#disposed) throw new NearshelfError("disposed", "disposed while loading");
      this.#loaded = unwrap(await this.#connection.host.start(this.pack, this.#simd));
      this.#phase = "ready";
      this.#emitter.emit("ready", this.status());
    } catch (cause) {
      this.#connection?.close();
      this.#connection = undefined;
      throw NearshelfError.from(cause);
    }
  }

  /** Whatever makes lists better, after the first ones are painted. A failure leaves the lists as they are. */
  async #refine(): Promise<void> {
    const { host } = this.#connection ?? {};
    if (!host) return;
    do await idle();
    while (this.#pending > 0);
    try {
      const refined = unwrap(await host.refine());
      if (this.#disposed) return;
      this.#loaded = refined;
      this.#phase = "refined";
      this.#emitter.emit("refined", this.status());
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
      if (!host) throw new NearshelfError("disposed", "this Nearshelf was disposed: create a new one");
      return unwrap(await question(host));
    } finally {
      this.#pending -= 1;
    }
  }

  async #titles(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    // An export must work without the catalogue too.
    const items = await this.items(ids).catch(() => []);
    return new Map(items.map(({ id, title }) => [id, title]));
  }

  #historyFailed(cause: unknown): void {
    const detail = cause instanceof Error ? cause.message : String(cause);
    const message = `history can't be stored and stays in memory: ${detail}`;
    this.#emitter.emit("error", new NearshelfError("history-unavailable", message, { cause }));
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
