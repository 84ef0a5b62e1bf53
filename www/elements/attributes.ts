import type { Kind } from "../client/types.js";

const KINDS: readonly string[] = ["for-you", "related", "bought-together", "goes-with", "outfit", "trending", "recently-viewed", "buy-again"] satisfies Kind[];
/** Items of a list that states no `limit`. */
export const DEFAULT_LIMIT = 8;
const MAX_LIMIT = 100;

/** The kind that an attribute asks for; `for-you` where it says something else. */
export function kindOf(value: string): Kind {
  return isKind(value) ? value : "for-you";
}

/** How many items a `limit` attribute asks for, 1 to 100. */
export function countOf(limit: number): number {
  return Math.min(MAX_LIMIT, Math.max(1, Math.trunc(limit) || DEFAULT_LIMIT));
}

/** Ids out of `item-id` and `item-ids` (separated by spaces or commas). */
export function anchorsOf(itemId: string, itemIds: string): string[] {
  return [itemId.trim(), ...itemIds.split(/[\s,]+/)].filter((id) => id !== "");
}

function isKind(value: string): value is Kind {
  return KINDS.includes(value);
}
