import type { HistoryEntry, HistoryExport, Measurements } from "../client/types.js";

/** Puts history into the file a shopper takes away; `events` oldest first. */
export function exportOf(
  events: readonly HistoryEntry[],
  notInterested: readonly string[],
  titles: ReadonlyMap<string, string>,
  retentionDays: number,
  measurements: Measurements | undefined,
): HistoryExport {
  return {
    format: "nearshelf-history",
    version: 1,
    exportedAt: new Date().toISOString(),
    shop: typeof location === "undefined" ? "" : location.origin,
    retentionDays,
    events: events.map(({ type, itemId, quantity, timeMillis }) => {
      const title = titles.get(itemId);
      const time = new Date(timeMillis).toISOString();
      return { event: type, itemId, ...(title === undefined ? {} : { title }), quantity, time };
    }),
    notInterested,
    ...(measurements && { measurements }),
  };
}
