import { en } from "./en.js";
import type { Messages } from "./messages.js";
import { zhCn } from "./zh-cn.js";

/** The first well-formed BCP 47 tag of the candidates; "en" where there is none. */
export function pickLocale(...candidates: readonly (string | null | undefined)[]): string {
  for (const candidate of candidates) {
    if (!candidate) continue;
    try {
      const [canonical] = Intl.getCanonicalLocales(candidate.replaceAll("_", "-"));
      if (canonical) return canonical;
    } catch {
      // Not a language tag: the next candidate may be one.
    }
  }
  return "en";
}

/** The locale of the page: `explicit`, else the document's language, else the browser's. */
export function pageLocale(explicit?: string | null): string {
  return pickLocale(explicit, document.documentElement.lang, navigator.language);
}

/** The words for a locale; English where the language is not translated. */
export function messagesFor(locale: string): Messages {
  return locale.toLowerCase().split("-")[0] === "zh" ? zhCn : en;
}

/** The language that {@link messagesFor} answers in, for `lang` attributes. */
export function messageLanguage(locale: string): string {
  return messagesFor(locale) === zhCn ? "zh-CN" : "en";
}
