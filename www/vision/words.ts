import type { PictureError, PictureNote } from "./decode.js";
import type { VisionWords } from "./words-en.js";

export type { VisionWords };

/** Words that have been fetched, by language: a shopper reads one, and fetches no other. */
const fetched = new Map<string, VisionWords>();

/** The words for a language, once they are fetched; in its place those that are there, if any are. */
export function wordsFor(messageLanguage: string): VisionWords | undefined {
  return fetched.get(messageLanguage) ?? [...fetched.values()][0];
}

/** Whether the words for a language are there. */
export function hasWords(messageLanguage: string): boolean {
  return fetched.has(messageLanguage);
}

/** Fetches the words for a language. Rejects only where there are none at all. */
export async function fetchWords(messageLanguage: string): Promise<void> {
  try {
    const words = messageLanguage === "zh-CN" ? (await import("./words-zh-cn.js")).zhCn : (await import("./words-en.js")).en;
    fetched.set(messageLanguage, words);
  } catch (cause) {
    if (fetched.size === 0) throw cause;
  }
}

/** What was done with a picture that had more than is used. */
export function noteWords(notes: readonly PictureNote[], words: VisionWords): string {
  return notes.map((note) => words.notes[note]).join(" ");
}

/** Why a picture or the camera can't be used: by a `fault` of this page's or a `code` of the worker's. */
export function faultWords(thrown: unknown, words: VisionWords): string {
  const { fault, code, header } = thrown as Partial<PictureError> & { readonly code?: string };
  const said = words.faults[(fault ?? code) as keyof VisionWords["faults"]] as VisionWords["faults"][keyof VisionWords["faults"]] | undefined;
  if (typeof said === "function") return said(header?.width ?? 0, header?.height ?? 0);
  return said ?? (/unreachable|unavailable|^pack-/.test(code ?? "") ? words.failed : words.faults.other);
}
