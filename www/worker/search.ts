/** The JavaScript API of `nearshelf_search.wasm`, as `src/web_search` binds it. */

import type { Facet, Filter } from "../client/types.js";

/** A search as the index reads it. */
export interface IndexSearch {
  readonly query: string;
  readonly locale: string;
  readonly offset: number;
  readonly limit: number;
  readonly filter?: Filter;
  readonly nowMillis: number;
  /** Where the words lie in the space of the items' texts. */
  readonly meaning?: Float32Array;
}

/** What the shopper says to want: words, and ids of items to be cheaper or dearer than. */
export interface IndexIntent {
  readonly words: string;
  readonly locale: string;
  readonly cheaperThan?: string;
  readonly dearerThan?: string;
  readonly filter?: Filter;
}

/** A pack's texts, indexed. Throws errors that carry a `code`. */
export interface SearchIndex {
  addChunk(path: string, bytes: Uint8Array): void;
  search(page: IndexSearch): { readonly items: readonly number[]; readonly total: number; readonly facets: readonly Facet[]; readonly unmatched: readonly string[] };
  intend(page: IndexIntent): { readonly filter: Filter; readonly wishes: readonly (readonly [number, number])[] };
}

/** The glue module that wasm-bindgen writes beside the wasm. */
export interface SearchModule {
  default(): Promise<unknown>;
  Search: new (manifest: Uint8Array) => SearchIndex;
}
