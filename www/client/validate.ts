import { isEventType } from "../history/records.js";
import { NearshelfError } from "./error.js";
import type { TrackedEvent } from "./types.js";

/** An event as a shop's code stated it, types or no types; throws `request-invalid`. */
export function checkedEvent(event: unknown): TrackedEvent {
  const { type, itemId, quantity = 1 } = (event ?? {}) as Partial<Record<keyof TrackedEvent, unknown>>;
  if (!isEventType(type)) {
    throw invalid(`type ${stated(type)} is none of view, add_to_cart, purchase, remove`);
  }
  if (typeof quantity !== "number" || !Number.isFinite(quantity) || quantity <= 0) {
    throw invalid(`quantity ${stated(quantity)} is no number above 0`);
  }
  return { type, itemId: checkedItemId(itemId), quantity };
}

/** An item's id as a shop's code stated it; throws `request-invalid`. */
export function checkedItemId(itemId: unknown): string {
  if (typeof itemId === "string" && itemId !== "") return itemId;
  const remedy = typeof itemId === "number" ? ": write it in quotes" : "";
  throw invalid(`itemId ${stated(itemId)} is no text${remedy}`);
}

function invalid(message: string): NearshelfError {
  return new NearshelfError("request-invalid", message);
}

function stated(value: unknown): string {
  return typeof value === "string" ? `"${value}"` : String(value);
}
