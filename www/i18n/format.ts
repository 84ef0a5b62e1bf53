import type { Money } from "../client/types.js";

const moneyFormats = new Map<string, Intl.NumberFormat>();

/**
 * A price in the words of a locale: `{ minorUnits: 1299, currency: "GBP" }` → "£12.99".
 *
 * A currency the browser does not know is written as its code after the number, with two decimals.
 */
export function formatMoney(money: Money, locale: string): string {
  const key = `${locale} ${money.currency}`;
  let format = moneyFormats.get(key);
  if (!format) {
    try {
      format = new Intl.NumberFormat(locale, { style: "currency", currency: money.currency });
    } catch {
      return `${(money.minorUnits / 100).toFixed(2)} ${money.currency}`;
    }
    moneyFormats.set(key, format);
  }
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(money.minorUnits / 10 ** decimals);
}

/** Date and time of an event, short. */
export function formatTime(timeMillis: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(timeMillis);
}
