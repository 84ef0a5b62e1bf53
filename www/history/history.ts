import { deleteDB } from "idb";
import type {
  Consent,
  HistoryEntry,
  HistoryExport,
  HistoryStatus,
  ShopperHistory,
  TrackedEvent,
} from "../client/types.js";
import { DatabaseStore } from "./database.js";
import { exportOf } from "./export.js";
import { type HistoryStore, memoryStore } from "./memory.js";
import { type Place, placeHere, sendsGlobalPrivacyControl } from "./policy.js";
import {
  clampRetention,
  DEFAULT_SETTINGS,
  entryOf,
  type HistoryRecord,
  type HistorySettings,
  MAX_EVENTS,
  overdue,
} from "./records.js";
import { Tabs } from "./tabs.js";

/** Looking at one item again within this time is one look: a reload, or a step back. */
const SAME_LOOK_MILLIS = 30 * 60_000;

/** What the history asks of its surroundings. */
export interface HistorySurroundings {
  /** Titles for an export, by item id. */
  titles(itemIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Storing failed; history goes on in memory. */
  failed(cause: unknown): void;
}

/**
 * The shopper's history of one shop.
 *
 * Holds a working copy in memory; the store behind it is the encrypted database where policy allows one.
 * Operations run one after the other, so that a reader never sees half of a change.
 */
export class LocalHistory implements ShopperHistory {
  readonly #name: string;
  readonly #surroundings: HistorySurroundings;
  readonly #listeners = new Set<() => void>();
  readonly #tabs: Tabs;
  #consent: Consent;
  #place: Place;
  #store: HistoryStore = memoryStore;
  #records: HistoryRecord[] = [];
  #settings: HistorySettings = DEFAULT_SETTINGS;
  #keyLost = false;
  #queue: Promise<unknown>;

  /** `name`: of the database; shops on one origin take different ones. */
  constructor(name: string, consent: Consent, surroundings: HistorySurroundings) {
    this.#name = name;
    this.#consent = consent;
    this.#surroundings = surroundings;
    this.#place = placeHere(consent);
    this.#tabs = new Tabs(name, (message) => void this.#onTab(message));
    this.#queue = this.#settle();
  }

  /** Resolves once what was stored is known. */
  get opened(): Promise<unknown> {
    return this.#queue;
  }

  /** Remembers an event; `false` where consent or pause forbids it. */
  record(event: TrackedEvent, nowMillis: number): Promise<boolean> {
    return this.#serial(async () => {
      if (this.#place.storage === "none" || this.#settings.paused) return false;
      if (this.#isSameLook(event, nowMillis)) return true;
      const record: HistoryRecord = {
        type: "event",
        id: newId(),
        event: event.type,
        itemId: event.itemId,
        timeMillis: nowMillis,
        quantity: event.quantity ?? 1,
      };
      this.#records.push(record);
      await this.#write((store) => store.put([record]));
      await this.#prune(nowMillis);
      this.#changed();
      return true;
    });
  }

  /** The last `count` events, oldest first. */
  recent(count: number): Promise<readonly HistoryEntry[]> {
    return this.#serial(() => Promise.resolve(this.#entries().slice(-count)));
  }

  list(): Promise<readonly HistoryEntry[]> {
    return this.#serial(() => Promise.resolve(this.#entries().reverse()));
  }

  async recentlyViewed(limit = 20): Promise<readonly string[]> {
    const entries = await this.list();
    const views = entries.filter((entry) => entry.type === "view").map((entry) => entry.itemId);
    return [...new Set(views)].slice(0, limit);
  }

  notInterested(): Promise<readonly string[]> {
    return this.#serial(() => Promise.resolve(this.#hidden().map((record) => record.itemId)));
  }

  setNotInterested(itemId: string, value: boolean): Promise<void> {
    return this.#serial(async () => {
      const known = this.#hidden().filter((record) => record.itemId === itemId);
      if (value === known.length > 0) return;
      if (value) {
        const record: HistoryRecord = { type: "not-interested", id: newId(), itemId, timeMillis: Date.now() };
        this.#records.push(record);
        await this.#write((store) => store.put([record]));
      } else {
        await this.#drop(known.map((record) => record.id));
      }
      this.#changed();
    });
  }

  async export(): Promise<HistoryExport> {
    const [entries, hidden] = await Promise.all([this.recent(MAX_EVENTS), this.notInterested()]);
    const titles = await this.#surroundings.titles([...new Set(entries.map((entry) => entry.itemId))]);
    return exportOf(entries, hidden, titles, this.#settings.retentionDays);
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
      this.#records = [];
      this.#keyLost = false;
      await this.#forgetStored();
      this.#changed("erased");
    });
  }

  /** Obeys a new answer: moves what memory holds into the database, or erases. */
  setConsent(consent: Consent): Promise<void> {
    return this.#serial(async () => {
      if (consent === this.#consent) return;
      this.#consent = consent;
      this.#place = placeHere(consent);
      this.#store.close();
      this.#store = memoryStore;
      await this.#settle();
      this.#changed();
    });
  }

  status(): HistoryStatus {
    return {
      ...this.#place,
      ...this.#settings,
      maxEvents: MAX_EVENTS,
      eventCount: this.#records.filter((record) => record.type === "event").length,
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
    this.#store.close();
    this.#listeners.clear();
  }

  /** Brings store and working copy in line with {@link #place}. */
  async #settle(): Promise<void> {
    if (this.#place.storage === "none") {
      this.#records = [];
      await this.#forgetStored();
      return;
    }
    if (this.#place.storage !== "encrypted") return;
    try {
      this.#store = await DatabaseStore.open(this.#name);
      const inMemory = this.#records;
      await this.#reload();
      this.#records.push(...inMemory);
      await this.#store.put(inMemory);
      await this.#prune(Date.now());
    } catch (cause) {
      this.#toMemory(cause);
    }
  }

  async #reload(): Promise<void> {
    const { records, settings, keyLost } = await this.#store.load();
    this.#records = [...records].sort((a, b) => a.timeMillis - b.timeMillis);
    this.#settings = settings ?? this.#settings;
    this.#keyLost ||= keyLost;
  }

  async #forgetStored(): Promise<void> {
    try {
      // Without an open store there may still be a database from before.
      if (this.#store === memoryStore) await deleteDB(this.#name);
      else await this.#store.erase();
    } catch (cause) {
      if (this.#place.storage === "encrypted") this.#toMemory(cause);
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
    await this.#drop(overdue(this.#records, this.#settings.retentionDays, nowMillis));
  }

  async #drop(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const gone = new Set(ids);
    this.#records = this.#records.filter((record) => !gone.has(record.id));
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
    const full = cause instanceof DOMException && cause.name === "QuotaExceededError";
    this.#place = { storage: "memory", reason: full ? "storage-full" : "no-storage" };
    this.#store.close();
    this.#store = memoryStore;
    this.#surroundings.failed(cause);
  }

  async #onTab(message: "changed" | "erased"): Promise<void> {
    await this.#serial(async () => {
      if (message === "erased") this.#records = [];
      if (this.#place.storage === "encrypted") await this.#reload().catch((cause: unknown) => this.#toMemory(cause));
    });
    this.#notify();
  }

  #changed(message: "changed" | "erased" = "changed"): void {
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

  #isSameLook(event: TrackedEvent, nowMillis: number): boolean {
    const last = this.#records.findLast((record) => record.type === "event");
    return (
      event.type === "view" &&
      last?.event === "view" &&
      last.itemId === event.itemId &&
      nowMillis - last.timeMillis < SAME_LOOK_MILLIS
    );
  }

  #entries(): HistoryEntry[] {
    return this.#records.filter((record) => record.type === "event").map(entryOf);
  }

  #hidden(): HistoryRecord[] {
    return this.#records.filter((record) => record.type === "not-interested");
  }
}

/** A random id. `randomUUID` exists in secure contexts only; memory-only history must work without. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
