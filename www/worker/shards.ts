import { NearshelfError } from "../client/error.js";
import { fetchBytes, urlInPack } from "./fetch.js";
import type { Shelf, ShelfRequest } from "./shelf.js";
import { startShards } from "./wasm.js";

/** Rows of items as the shelf takes them in. */
export interface Rows {
  readonly items: Uint32Array;
  readonly dim: number;
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/** What a list looks for among embeddings. */
export interface Sought {
  readonly queries: readonly (readonly number[])[];
  /** A bit an item. */
  readonly wanted: readonly number[];
}

/** The lists of a pack's embeddings, as `src/web_shards` binds them. Throws errors that carry a `code`. */
export interface ShardIndex {
  readonly decoys: number;
  listsOf(items: Uint32Array): Uint32Array;
  nearest(sought: Sought): Uint32Array;
  missing(lists: Uint32Array, decoys: number, seed: Uint32Array): readonly { readonly file: number; readonly path: string }[];
  add(file: number, bytes: Uint8Array): void;
  rows(lists: Uint32Array): Rows;
}

/** The glue module that wasm-bindgen writes beside the wasm. */
export interface ShardModule {
  default(): Promise<unknown>;
  Shards: new (manifest: Uint8Array, lists: Uint8Array) => ShardIndex;
}

/** Newest events whose items' rows the model reads. */
const EVENTS = 32;

/** Embeddings that are fetched as lists need them: the one thing that asks for files after the load. */
export class Shards {
  readonly #index: ShardIndex;
  readonly #pack: string;
  readonly #decoys: number;
  /** What is being fetched, so that two lists of a page don't ask twice. */
  readonly #coming = new Map<number, Promise<NearshelfError | undefined>>();
  /** Files that were fetched and are of no use. */
  readonly #refused = new Set<number>();

  private constructor(index: ShardIndex, pack: string, decoys: number) {
    this.#index = index;
    this.#pack = pack;
    this.#decoys = decoys;
  }

  /** `decoys`: files of something else fetched with each; default: as the pack says. */
  static async open(pack: string, manifest: Uint8Array, lists: Uint8Array, decoys: number | undefined): Promise<Shards> {
    const module = await startShards();
    const index = new module.Shards(manifest, lists);
    return new Shards(index, pack, decoys ?? index.decoys);
  }

  /**
   * Fetches what a list needs, and says how to put it in the shelf, which is to be done right before the shelf is asked:
   * other lists put theirs there, too. What could not be fetched is missing, and the reason is told.
   */
  async fetched(shelf: Shelf, request: ShelfRequest, also: readonly string[] = []): Promise<{ put(): void; failure?: NearshelfError }> {
    const known = [...also, ...request.anchors, ...request.history.slice(-EVENTS).map(({ itemId }) => itemId)];
    const own = this.#index.listsOf(Uint32Array.from(known.flatMap((id) => shelf.indexOf(id) ?? [])));
    const first = await this.#fetch(own);
    this.#put(shelf, own);
    const near = this.#index.nearest(shelf.sought(request));
    const second = await this.#fetch(near);
    const failure = first ?? second;
    return { put: () => this.#put(shelf, Uint32Array.from([...own, ...near])), ...(failure && { failure }) };
  }

  #put(shelf: Shelf, lists: Uint32Array): void {
    const { items, dim, values, scales } = this.#index.rows(lists);
    shelf.setRows(items, dim, values, scales);
  }

  /** Has the lists' files come in, among others and in no order; the first failure. */
  async #fetch(lists: Uint32Array): Promise<NearshelfError | undefined> {
    const seed = crypto.getRandomValues(new Uint32Array(2));
    const files = this.#index.missing(lists, this.#decoys, seed);
    const failures = await Promise.all(files.map(({ file, path }) => this.#come(file, path)));
    return failures.find((failure) => failure !== undefined);
  }

  #come(file: number, path: string): Promise<NearshelfError | undefined> {
    let coming = this.#coming.get(file);
    if (!coming) {
      coming = this.#take(file, path).finally(() => this.#coming.delete(file));
      this.#coming.set(file, coming);
    }
    return coming;
  }

  async #take(file: number, path: string): Promise<NearshelfError | undefined> {
    try {
      // As with other files: what was refused must not come damaged out of the browser's cache once more.
      const cache = this.#refused.has(file) ? "reload" : "default";
      const bytes = await fetchBytes(urlInPack(this.#pack, path), "chunk-unreachable", cache);
      this.#refused.add(file);
      this.#index.add(file, bytes);
      this.#refused.delete(file);
      return undefined;
    } catch (cause) {
      return NearshelfError.from(cause, "pack-invalid");
    }
  }
}
