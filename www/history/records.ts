import type { EventType, HistoryEntry, Measurements } from "../client/types.js";

/** One remembered thing, as it is sealed. */
export type HistoryRecord =
  | ({ readonly type: "event" } & Omit<StoredEvent, "type">)
  | { readonly type: "not-interested"; readonly id: string; readonly itemId: string; readonly timeMillis: number }
  | { readonly type: "measurements"; readonly id: string; readonly timeMillis: number; readonly measurements: Measurements };

interface StoredEvent {
  readonly type: "event";
  readonly id: string;
  readonly event: EventType;
  readonly itemId: string;
  readonly timeMillis: number;
  readonly quantity: number;
}

/** Settings of the shopper; they say nothing about what was looked at, so they are stored readable. */
export interface HistorySettings {
  readonly paused: boolean;
  readonly retentionDays: number;
}

/** How long and how many, unless the shopper says otherwise. */
export const DEFAULT_SETTINGS: HistorySettings = { paused: false, retentionDays: 180 };
/** Most events that are kept; the oldest go first. */
export const MAX_EVENTS = 2000;
/** Bounds of {@link HistorySettings.retentionDays}. */
export const RETENTION_DAYS = { min: 1, max: 730 } as const;

const DAY_MILLIS = 86_400_000;
const EVENT_TYPES: readonly string[] = ["view", "add_to_cart", "purchase", "remove"] satisfies EventType[];

/** Whether the shop's code named a known event. */
export function isEventType(value: unknown): value is EventType {
  return typeof value === "string" && EVENT_TYPES.includes(value);
}

/** A record as it came out of the database; `undefined` unless it has the right shape. */
export function parseRecord(id: string, value: unknown): HistoryRecord | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { type, itemId, timeMillis, event, quantity, measurements } = value as Record<string, unknown>;
  if (typeof timeMillis !== "number" || !Number.isFinite(timeMillis)) return undefined;
  if (type === "measurements") return typeof measurements === "object" && measurements ? { type, id, timeMillis, measurements: measurements as Measurements } : undefined;
  if (typeof itemId !== "string") return undefined;
  if (type === "not-interested") return { type, id, itemId, timeMillis };
  if (type !== "event" || !isEventType(event) || typeof quantity !== "number") return undefined;
  return { type, id, event, itemId, timeMillis, quantity };
}

/** Settings as they came out of the database, made sane. */
export function parseSettings(value: unknown): HistorySettings {
  if (typeof value !== "object" || value === null) return DEFAULT_SETTINGS;
  const { paused, retentionDays } = value as Record<string, unknown>;
  return {
    paused: paused === true,
    retentionDays: typeof retentionDays === "number" ? clampRetention(retentionDays) : DEFAULT_SETTINGS.retentionDays,
  };
}

/** A number of days inside {@link RETENTION_DAYS}; the default where it is not a number. */
export function clampRetention(days: number): number {
  if (!Number.isFinite(days)) return DEFAULT_SETTINGS.retentionDays;
  return Math.min(RETENTION_DAYS.max, Math.max(RETENTION_DAYS.min, Math.round(days)));
}

/** Ids of the events that are over age or over number. "Not interested" stays until it is taken back. */
export function overdue(records: readonly HistoryRecord[], retentionDays: number, nowMillis: number): string[] {
  const oldest = nowMillis - retentionDays * DAY_MILLIS;
  const events = records.filter((record) => record.type === "event").sort((a, b) => b.timeMillis - a.timeMillis);
  return events.filter((event, rank) => rank >= MAX_EVENTS || event.timeMillis < oldest).map((event) => event.id);
}

/** A random id. `randomUUID` exists in secure contexts only; memory-only history must work without. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What the shop's code and the privacy page see of an event. */
export function entryOf(record: HistoryRecord & { type: "event" }): HistoryEntry {
  const { id, event, itemId, timeMillis, quantity } = record;
  return { id, type: event, itemId, timeMillis, quantity };
}
