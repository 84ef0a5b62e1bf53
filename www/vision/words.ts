import { NearshelfError, type NearshelfErrorCode } from "../client/error.js";
import type { PictureError, PictureNote } from "./decode.js";
import type { VisionWords } from "./words-en.js";

export type { VisionWords };

/** Words that have been fetched, by language: a shopper reads one, and fetches no other. */
const fetched = new Map<string, VisionWords>();

/** The words for a language, once they are fetched; in its place those that are there, if any are. */
export function wordsFor(messageLanguage: string): VisionWords | undefined {
  return fetched.get(messageLanguage) ?? [...fetched.values()][0];
}

/** Fetches the words for a language. */
export async function fetchWords(messageLanguage: string): Promise<void> {
  const words = messageLanguage === "zh-CN" ? (await import("./words-zh-cn.js")).zhCn : (await import("./words-en.js")).en;
  fetched.set(messageLanguage, words);
}

/** What was done with a picture that had more than is used. */
export function noteWords(notes: readonly PictureNote[], words: VisionWords): string {
  return notes.map((note) => words.notes[note]).join(" ");
}

/** What `nearshelf-error` tells: a `fault` of this page's before any code. */
export function failure(thrown: unknown, fallback?: NearshelfErrorCode): { readonly code: string; readonly message: string } {
  const { code, message } = NearshelfError.from(thrown, fallback);
  return { code: (thrown as Partial<PictureError>).fault ?? code, message };
}

/** Why a picture or the camera can't be used: by a `fault` of this page's or a `code` of the worker's. */
export function faultWords(thrown: unknown, words: VisionWords): string {
  const { fault, code, header } = thrown as Partial<PictureError> & { readonly code?: string };
  const said = words.faults[(fault ?? code) as keyof VisionWords["faults"]] as VisionWords["faults"][keyof VisionWords["faults"]] | undefined;
  if (typeof said === "function") return said(header?.width ?? 0, header?.height ?? 0);
  return said ?? (/unreachable|unavailable|^pack-/.test(code ?? "") ? words.failed : words.faults.other);
}
