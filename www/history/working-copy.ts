import type { HistoryEntry, TrackedEvent } from "../client/types.js";
import { entryOf, type HistoryRecord } from "./records.js";

/** Looking at one item again within this time is one look: a reload, or a step back. */
const SAME_LOOK_MILLIS = 30 * 60_000;

type EventRecord = HistoryRecord & { readonly type: "event" };

/**
 * What the page knows of the history: what the database holds, and what lives as long as the page.
 *
 * Records are in order of time, each id once.
 */
export class WorkingCopy {
  #records: readonly HistoryRecord[] = [];
  /** Ids of the records that the database holds too. */
  #stored = new Set<string>();

  get records(): readonly HistoryRecord[] {
    return this.#records;
  }

  get entries(): HistoryEntry[] {
    return this.#events().map(entryOf);
  }

  get eventCount(): number {
    return this.#events().length;
  }

  /** Events that the database holds. */
  get storedEventCount(): number {
    return this.#events().filter(({ id }) => this.#stored.has(id)).length;
  }

  /** Ids that the shopper asked not to see, the oldest wish first. */
  get hidden(): string[] {
    return this.#records.filter((record) => record.type === "not-interested").map(({ itemId }) => itemId);
  }

  /** What the shopper has had kept for size advice. */
  get measurements(): (HistoryRecord & { readonly type: "measurements" }) | undefined {
    return this.#records.findLast((record) => record.type === "measurements");
  }

  /** Records that live as long as the page only. */
  get unstored(): HistoryRecord[] {
    return this.#records.filter(({ id }) => !this.#stored.has(id));
  }

  /** Whether the event repeats the last one, so that it says nothing new. */
  isSameLook(event: TrackedEvent, nowMillis: number): boolean {
    const last = this.#events().at(-1);
    return (
      event.type === "view" &&
      last?.event === "view" &&
      last.itemId === event.itemId &&
      nowMillis - last.timeMillis < SAME_LOOK_MILLIS
    );
  }

  add(record: HistoryRecord): void {
    this.#records = inOrder([...this.#records, record]);
  }

  /** The database holds these now too. */
  markStored(records: readonly HistoryRecord[]): void {
    for (const { id } of records) this.#stored.add(id);
  }

  /** Takes over what the database holds now; what only the page knows stays. */
  reload(loaded: readonly HistoryRecord[]): void {
    const ids = new Set(loaded.map(({ id }) => id));
    this.#records = inOrder([...loaded, ...this.unstored.filter(({ id }) => !ids.has(id))]);
    this.#stored = ids;
  }

  drop(ids: readonly string[]): void {
    const gone = new Set(ids);
    this.#records = this.#records.filter(({ id }) => !gone.has(id));
    for (const id of ids) this.#stored.delete(id);
  }

  clear(): void {
    this.#records = [];
    this.#stored.clear();
  }

  #events(): EventRecord[] {
    return this.#records.filter((record) => record.type === "event");
  }
}

/** Sorting is stable: records of one moment stay in the order they came. */
function inOrder(records: readonly HistoryRecord[]): HistoryRecord[] {
  return [...records].sort((a, b) => a.timeMillis - b.timeMillis);
}
