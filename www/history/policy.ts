import type { Consent, MemoryReason } from "../client/types.js";
import { canEncrypt } from "./crypto.js";

/** Where history may go. */
export type Place =
  | { readonly storage: "encrypted" }
  | { readonly storage: "memory" | "none"; readonly reason: MemoryReason };

/**
 * Decides before the first event is kept.
 *
 * Global Privacy Control outweighs a shop that says it need not ask, and yields to the shopper's own yes.
 */
export function placeFor(consent: Consent, gpc: boolean, secure: boolean): Place {
  if (consent === "denied") return { storage: "none", reason: "consent-denied" };
  if (consent === "pending") return { storage: "memory", reason: "consent-pending" };
  if (gpc && consent !== "granted") return { storage: "memory", reason: "global-privacy-control" };
  if (!secure) return { storage: "memory", reason: "insecure-context" };
  return { storage: "encrypted" };
}

/**
 * Whether a database from before may be opened, to show, shorten and erase it: it can be, and no answer of the
 * shopper's, nor the browser, has ended it.
 */
export function mayReadStored(place: Place): boolean {
  return (
    place.storage === "memory" && (place.reason === "consent-pending" || place.reason === "global-privacy-control") && canEncrypt()
  );
}

/** Whether this browser sends Global Privacy Control. */
export function sendsGlobalPrivacyControl(): boolean {
  return "globalPrivacyControl" in navigator && navigator.globalPrivacyControl === true;
}

/** {@link placeFor} in this page. */
export function placeHere(consent: Consent): Place {
  return placeFor(consent, sendsGlobalPrivacyControl(), canEncrypt());
}

/** Whether `value` is one of the answers. */
export function isConsent(value: unknown): value is Consent {
  return value === "granted" || value === "denied" || value === "pending" || value === "not-required";
}
