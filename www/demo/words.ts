import { en } from "./words-en.js";
import { zhCn } from "./words-zh-cn.js";

/** Languages of the shop's own words. */
export const LOCALES = ["en", "zh-CN"] as const;
export type Locale = (typeof LOCALES)[number];

/** Everything the shop says itself; what the catalogue says comes from the pack. */
export type Words = typeof en;

export function wordsOf(locale: Locale): Words {
  return locale === "zh-CN" ? zhCn : en;
}

/** The shop's language for any BCP 47 tag; `undefined` where it speaks none of it. */
export function localeOf(tag: string | null | undefined): Locale | undefined {
  const language = tag?.toLowerCase().split("-")[0];
  return language === "zh" ? "zh-CN" : language === "en" ? "en" : undefined;
}

/** The name of an attribute as a label: known ones translated, others made readable. */
export function attributeLabel(name: string, words: Words): string {
  const known = (words.attributes as Readonly<Record<string, string>>)[name.toLowerCase()];
  if (known !== undefined) return known;
  const readable = name.replaceAll(/[_-]+/g, " ");
  return readable.charAt(0).toUpperCase() + readable.slice(1);
}
