import type { PictureError, PictureNote } from "./decode.js";
import { en, type VisionWords } from "./words-en.js";
import { zhCn } from "./words-zh-cn.js";

export type { VisionWords };

/** The words for a language. */
export function wordsFor(messageLanguage: string): VisionWords {
  return messageLanguage === "zh-CN" ? zhCn : en;
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
