/**
 * The JavaScript API of `nearshelf.wasm`, as `src/web` binds it.
 *
 * Stated here as well, so that the shell's types check before the wasm is built.
 */

import type { Sought } from "./shards.js";
import type { Availability, Explanation, Filter, Ground, Kind, Money, ReasonCode } from "../client/types.js";

/** A file that the pack still wants. */
export interface WantedFile {
  /** Relative to the pack's folder. */
  readonly path: string;
  /** `model` for a compiled model, else the kind of chunk. */
  readonly kind: string;
  readonly stage: "first" | "refine";
  readonly sizeBytes: number;
}

/** An item as the wasm tells it. */
export interface ItemView {
  readonly index: number;
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly brand: string;
  readonly category: readonly string[];
  readonly attributes: readonly (readonly [string, string])[];
  readonly price?: Money;
  readonly salePrice?: Money;
  readonly availability: Availability;
  readonly link: string;
  readonly image: string;
  readonly hasImage: boolean;
}

/** An event as the recommender reads it. */
export interface ShelfEvent {
  readonly itemId: string;
  readonly kind: string;
  readonly timeMillis: number;
}

/** A request as the recommender reads it; oldest event first. */
export interface ShelfRequest {
  readonly kind: Kind;
  readonly anchors: readonly string[];
  readonly history: readonly ShelfEvent[];
  readonly limit: number;
  readonly filter?: Filter;
  readonly pins: readonly string[];
  readonly exclude: readonly string[];
  readonly notInterested: readonly string[];
  readonly alreadyShown: readonly string[];
  readonly nowMillis: number;
  readonly diversity?: number | undefined;
  readonly novelty?: number | undefined;
  /** How well items fit what the shopper says to want, by index, rising. */
  readonly wishes?: readonly (readonly [number, number])[];
  readonly repeatPurchases: boolean;
}

/** The recommender's answer. */
export interface ShelfResponse {
  readonly items: readonly {
    readonly index: number;
    readonly id: string;
    readonly score: number;
    readonly reasons: readonly { readonly code: ReasonCode; readonly item?: number | string }[];
    readonly grounds: readonly {
      readonly item: number;
      readonly was: Ground["was"];
      /** Places in the request's history. */
      readonly events: readonly number[];
      readonly points: number;
    }[];
  }[];
  readonly refinedBy: "pack" | "model";
  /** Why the model was not asked or its answer not used. */
  readonly modelFailure?: string;
}

/** One pack in wasm memory. Throws errors that carry a `code`. */
export interface Shelf {
  wanted(): readonly WantedFile[];
  addChunk(path: string, bytes: Uint8Array): void;
  loadModel(path: string, bytes: Uint8Array): void;
  readonly ready: boolean;
  readonly itemCount: number;
  readonly models: readonly string[];
  indexOf(id: string): number | undefined;
  items(indexes: Uint32Array, locale: string): readonly ItemView[];
  image(index: number): { readonly mime: string; readonly bytes: Uint8Array } | undefined;
  categories(locale: string): readonly { path: readonly string[]; count: number; first: number }[];
  itemsInCategory(path: readonly string[], locale: string): Uint32Array;
  /** Where words lie in the space of the items' texts, where the pack brings an encoder. */
  embed(words: string): Float32Array | undefined;
  explain(request: ShelfRequest, id: string): Explanation | undefined;
  recommend(request: ShelfRequest): ShelfResponse;
  /** What the list that a request asks for will look for among embeddings. */
  sought(request: ShelfRequest): Sought;
  /** Puts rows of some items, which rise, in the place of embeddings. */
  setRows(items: Uint32Array, dim: number, values: Int8Array, scales: Float32Array): void;
  free(): void;
}

/** The glue module that wasm-bindgen writes beside the wasm. */
export interface ShelfModule {
  /** Fetches and starts the wasm. */
  default(): Promise<unknown>;
  Shelf: new (manifest: Uint8Array) => Shelf;
}
