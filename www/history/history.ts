import { NearshelfError } from "../client/error.js";
import type {
  Consent,
  HistoryEntry,
  HistoryExport,
  HistoryStatus,
  Measurements,
  ShopperHistory,
  TrackedEvent,
} from "../client/types.js";
import { checkedItemId } from "../client/validate.js";
import { DatabaseStore, deleteDatabase } from "./database.js";
import { exportOf } from "./export.js";
import { type HistoryStore, memoryStore } from "./memory.js";
import { mayReadStored, type Place, placeHere, sendsGlobalPrivacyControl } from "./policy.js";
import {
  clampRetention,
  DEFAULT_SETTINGS,
  type HistoryRecord,
  type HistorySettings,
  MAX_EVENTS,
  newId,
  overdue,
} from "./records.js";
import { type TabMessage, Tabs } from "./tabs.js";
import { WorkingCopy } from "./working-copy.js";

/** What the history asks of its surroundings. */
export interface HistorySurroundings {
  /** Titles for an export, by item id. */
  titles(itemIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The browser refused to store or to erase; history goes on in memory. */
  failed(error: NearshelfError): void;
}

/**
 * The shopper's history of one shop.
 *
 * Holds a working copy in memory. Behind it is the encrypted database where policy allows one; where policy keeps new
 * events in memory but a database from before exists, it is read, shortened and erased, and nothing is added to it.
 * Operations run one after the other, so that a reader never sees half of a change.
 */
export class LocalHistory implements ShopperHistory {
  readonly #name: string;
  readonly #surroundings: HistorySurroundings;
  readonly #listeners = new Set<() => void>();
  readonly #tabs: Tabs;
  readonly #copy = new WorkingCopy();
  /** Items hidden while nothing may be recorded: until the page closes. */
  readonly #hiddenHere = new Set<string>();
  #consent: Consent;
  #place: Place;
  #store: HistoryStore = memoryStore;
  #settings: HistorySettings = DEFAULT_SETTINGS;
  #keyLost = false;
  #queue: Promise<unknown> = Promise.resolve();

  /** `name`: of the database; shops on one origin take different ones. */
  constructor(name: string, consent: Consent, surroundings: HistorySurroundings) {
    this.#name = name;
    this.#consent = consent;
    this.#surroundings = surroundings;
    this.#place = placeHere(consent);
    this.#tabs = new Tabs(name, (message) => void this.#onTab(message));
    if (consent === "denied") this.#tabs.tell("denied");
    void this.#serial(() => this.#settle()).catch((cause: unknown) => this.#report(cause));
  }

  /** Resolves once what was stored is known. */
  get opened(): Promise<unknown> {
    return this.#queue;
  }

  /** Remembers an event; `false` where consent or pause forbids it. */
  record(event: TrackedEvent, nowMillis: number): Promise<boolean> {
    return this.#serial(async () => {
      if (!this.#mayRecord()) return false;
      if (this.#copy.isSameLook(event, nowMillis)) return true;
      const { type, itemId, quantity = 1 } = event;
      await this.#keep({ type: "event", id: newId(), event: type, itemId, timeMillis: nowMillis, quantity });
      await this.#prune(nowMillis);
      this.#changed();
      return true;
    });
  }

  /** The last `count` events, oldest first. */
  recent(count: number): Promise<readonly HistoryEntry[]> {
    return this.#serial(() => Promise.resolve(this.#copy.entries.slice(-count)));
  }

  list(): Promise<readonly HistoryEntry[]> {
    return this.#serial(() => Promise.resolve(this.#copy.entries.reverse()));
  }

  async recentlyViewed(limit = 20): Promise<readonly string[]> {
    const entries = await this.list();
    const views = entries.filter((entry) => entry.type === "view").map((entry) => entry.itemId);
    return [...new Set(views)].slice(0, limit);
  }

  notInterested(): Promise<readonly string[]> {
    return this.#serial(() => Promise.resolve([...new Set([...this.#copy.hidden, ...this.#hiddenHere])]));
  }

  setNotInterested(itemId: string, value: boolean): Promise<boolean> {
    return this.#serial(async () => {
      checkedItemId(itemId);
      const known = this.#copy.records.filter((record) => record.type === "not-interested" && record.itemId === itemId);
      const kept = this.#mayRecord();
      if (!value) {
        this.#hiddenHere.delete(itemId);
        await this.#drop(known.map(({ id }) => id));
      } else if (known.length === 0 && kept) {
        await this.#keep({ type: "not-interested", id: newId(), itemId, timeMillis: Date.now() });
      } else if (known.length === 0) {
        this.#hiddenHere.add(itemId);
      }
      this.#changed();
      return kept || known.length > 0;
    });
  }

  measurements(): Promise<Measurements | undefined> {
    return this.#serial(() => Promise.resolve(this.#copy.measurements?.measurements));
  }

  setMeasurements(measurements: Measurements | undefined): Promise<boolean> {
    return this.#serial(async () => {
      const known = this.#copy.measurements;
      const kept = measurements !== undefined && this.#place.storage === "encrypted" && this.#mayRecord();
      if (known) await this.#drop([known.id]);
      if (kept) await this.#keep({ type: "measurements", id: newId(), timeMillis: Date.now(), measurements });
      this.#changed();
      return kept;
    });
  }

  async export(): Promise<HistoryExport> {
    const [entries, hidden] = await Promise.all([this.recent(MAX_EVENTS), this.notInterested()]);
    const titles = await this.#surroundings.titles([...new Set(entries.map((entry) => entry.itemId))]);
    return exportOf(entries, hidden, titles, this.#settings.retentionDays, await this.measurements());
  }

  pause(): Promise<void> {
    return this.#configure({ paused: true });
  }

  resume(): Promise<void> {
    return this.#configure({ paused: false });
  }

  setRetention(days: number): Promise<void> {
    return this.#configure({ retentionDays: clampRetention(days) });
  }

  erase(): Promise<void> {
    return this.#serial(async () => {
      try {
        await this.#eraseStored();
        this.#forget();
      } finally {
        // A store that failed was let go.
        if (this.#store === memoryStore && this.#place.storage !== "none") await this.#settle();
      }
      this.#changed("erased");
    });
  }

  /** Obeys a new answer: moves what memory holds into the database, or erases. Rejects where erasing failed. */
  setConsent(consent: Consent): Promise<void> {
    return this.#serial(async () => {
      if (consent === this.#consent) return;
      this.#consent = consent;
      const place = placeHere(consent);
      // From one answer that allows the database to another: all stays where it is.
      const stays = this.#place.storage === "encrypted" && place.storage === "encrypted";
      this.#place = place;
      try {
        if (!stays) await this.#settle();
      } catch (cause) {
        this.#report(cause);
        throw cause;
      } finally {
        this.#changed(consent === "denied" ? "denied" : "changed");
      }
    });
  }

  status(): HistoryStatus {
    return {
      ...this.#place,
      ...this.#settings,
      maxEvents: MAX_EVENTS,
      eventCount: this.#copy.eventCount,
      storedEventCount: this.#copy.storedEventCount,
      keyLost: this.#keyLost,
      globalPrivacyControl: sendsGlobalPrivacyControl(),
    };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Closes the database and the channel to other tabs. */
  close(): void {
    this.#tabs.close();
    this.#letGo();
    this.#listeners.clear();
  }

  /** Brings store and working copy in line with {@link #place}. */
  async #settle(): Promise<void> {
    this.#letGo();
    if (this.#place.storage === "none") {
      this.#forget();
      await this.#eraseStored();
      return;
    }
    try {
      if (this.#place.storage === "encrypted") this.#store = await DatabaseStore.open(this.#name);
      else if (mayReadStored(this.#place)) this.#store = (await DatabaseStore.openExisting(this.#name)) ?? memoryStore;
      if (this.#store === memoryStore) return;
      await this.#reload();
      await this.#putUnstored();
      await this.#prune(Date.now());
    } catch (cause) {
      this.#toMemory(cause);
    }
  }

  async #reload(): Promise<void> {
    const { records, settings, keyLost } = await this.#store.load();
    this.#copy.reload(records);
    this.#settings = settings ?? this.#settings;
    this.#keyLost ||= keyLost;
  }

  #forget(): void {
    this.#copy.clear();
    this.#hiddenHere.clear();
    this.#keyLost = false;
  }

  /** Empties the open store; where there is none, or it fails, deletes the database whole. */
  async #eraseStored(): Promise<void> {
    try {
      if (this.#store !== memoryStore) {
        await this.#store.erase();
        return;
      }
    } catch {
      this.#letGo();
    }
    try {
      await deleteDatabase(this.#name);
    } catch (cause) {
      const message = "the browser refused to erase the stored history: clear this site's data in its settings";
      throw new NearshelfError("history-not-erased", message, { cause });
    }
  }

  #configure(change: Partial<HistorySettings>): Promise<void> {
    return this.#serial(async () => {
      this.#settings = { ...this.#settings, ...change };
      await this.#write((store) => store.saveSettings(this.#settings));
      await this.#prune(Date.now());
      this.#changed();
    });
  }

  async #prune(nowMillis: number): Promise<void> {
    await this.#drop(overdue(this.#copy.records, this.#settings.retentionDays, nowMillis));
  }

  async #keep(record: HistoryRecord): Promise<void> {
    this.#copy.add(record);
    await this.#write(() => this.#putUnstored());
  }

  async #putUnstored(): Promise<void> {
    if (this.#place.storage !== "encrypted") return;
    const records = this.#copy.unstored;
    await this.#store.put(records);
    this.#copy.markStored(records);
  }

  async #drop(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    this.#copy.drop(ids);
    await this.#write((store) => store.remove(ids));
  }

  async #write(change: (store: HistoryStore) => Promise<void>): Promise<void> {
    try {
      await change(this.#store);
    } catch (cause) {
      this.#toMemory(cause);
    }
  }

  #toMemory(cause: unknown): void {
    if (this.#place.storage === "encrypted") {
      const full = cause instanceof DOMException && cause.name === "QuotaExceededError";
      this.#place = { storage: "memory", reason: full ? "storage-full" : "no-storage" };
    }
    this.#letGo();
    this.#report(cause);
  }

  #report(cause: unknown): void {
    const detail = cause instanceof Error ? cause.message : String(cause);
    const message = `history can't be stored and stays in memory: ${detail}`;
    const known = cause instanceof NearshelfError;
    this.#surroundings.failed(known ? cause : new NearshelfError("history-unavailable", message, { cause }));
  }

  #letGo(): void {
    this.#store.close();
    this.#store = memoryStore;
  }

  async #onTab(message: TabMessage): Promise<void> {
    await this.#serial(async () => {
      if (message === "denied") {
        this.#consent = "denied";
        this.#place = placeHere("denied");
        await this.#settle();
      } else if (message === "erased") {
        this.#forget();
        // Opened anew: an erase may have deleted the database under this connection.
        if (this.#place.storage !== "none") await this.#settle();
      } else if (this.#store !== memoryStore) {
        await this.#reload();
      }
    }).catch((cause: unknown) => this.#toMemory(cause));
    this.#notify();
  }

  #changed(message: TabMessage = "changed"): void {
    this.#tabs.tell(message);
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }

  #serial<T>(operation: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(operation);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  #mayRecord(): boolean {
    return this.#place.storage !== "none" && !this.#settings.paused;
  }
}
