/**
 * What the page asks of the thread that owns the wasm.
 *
 * Errors cross as data: structured clone drops the `code` of an Error.
 */

import type { BackendChoice, BackendStatus, Category, Explanation, Ground, Item, ItemEmbeddings, ItemPage, ItemRef, LocalModel, MadeRequest, Recommendation, Recommendations, SearchResults } from "../client/types.js";
import type { ChatItem, ChatLoaded, ChatReply, ChatTurn } from "../chat/types.js";
import type { Pixels } from "../vision/decode.js";
import type { Companion, Design, Edit, FitPreference, Fitting, GarmentCategory, GarmentLook, Likeness, LookMatch, Measurements, PictureHeader, SizeAdvice, SizeChart, Slot, VisionLoaded } from "../vision/types.js";
import type { Bindings, Tensors } from "./model.js";
import type { IndexIntent, IndexSearch } from "./search.js";
import type { ShelfRequest } from "./shelf.js";

/** Which build of the wasm to run. */
export type Simd = "relaxed" | "baseline";

/** A value, or the error that took its place. */
export type Answer<T> = { readonly value: T } | { readonly error: { readonly code: string; readonly message: string } };

/** How far the pack is loaded. */
export interface Loaded {
  readonly itemCount: number;
  /** Whether no chunk of pictures is missing. */
  readonly pictures: boolean;
  readonly models: readonly string[];
  /** Whether embeddings come in shards, which are fetched as lists need them. */
  readonly sharded: boolean;
}

/** A picture out of the pack, ready for a Blob. */
export interface Picture {
  readonly mime: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A ground whose events are places in the request's history: the page knows what lies there. */
export interface PlacedGround extends Omit<Ground, "events"> {
  readonly events: readonly number[];
}

/** A list, and why the model had no part in it where it failed. */
export interface Recommended extends Pick<Recommendations, "refinedBy"> {
  readonly items: readonly (Omit<Recommendation, "grounds"> & { readonly grounds: readonly PlacedGround[] })[];
  readonly modelFailure?: string;
  /** Why shards that the list needed are not there. */
  readonly shardFailure?: { readonly code: string; readonly message: string };
}

/** What the shopper says to want, in the words of the request's locale. */
export type ShelfIntent = Omit<IndexIntent, "locale" | "filter">;

/** What a worker tells of its own accord. */
export interface Told {
  readonly made: readonly MadeRequest[];
}

/** The owner of the wasm, in a worker or on the main thread. No method makes a request but the first three; a search
 * before `refine` has it fetch its module. Where embeddings come in shards, `recommend` and `explain` fetch those that they
 * need once `refine` is through. */
export interface ShelfHost {
  /** Fetches wasm, manifest and first-stage chunks. `pack` is absolute and ends with a slash; `decoys` are files of something
   * else to fetch with each shard. */
  start(pack: string, simd: Simd, decoys?: number): Promise<Answer<Loaded>>;
  /** Fetches the pictures. */
  pictures(): Promise<Answer<Loaded>>;
  /** Fetches whatever else the pack holds: embeddings, then models. */
  refine(): Promise<Answer<Loaded>>;
  knows(id: string): Promise<Answer<boolean>>;
  recommend(request: ShelfRequest, locale: string, intent?: ShelfIntent): Promise<Answer<Recommended>>;
  explain(request: ShelfRequest, itemId: string): Promise<Answer<Explanation | undefined>>;
  items(which: readonly ItemRef[], locale: string): Promise<Answer<readonly Item[]>>;
  image(which: ItemRef): Promise<Answer<Picture | undefined>>;
  search(asked: IndexSearch): Promise<Answer<SearchResults>>;
  categories(locale: string): Promise<Answer<readonly Category[]>>;
  itemsInCategory(
    path: readonly string[],
    locale: string,
    offset: number,
    limit: number,
  ): Promise<Answer<ItemPage>>;
}

/** Where a model shall run. */
export interface Where {
  readonly choice: BackendChoice;
  /** The shopper saves power or data. */
  readonly saving: boolean;
}

/** A model that runs, and the handle to ask it by. */
export interface OpenedModel extends Pick<LocalModel, "inputs" | "outputs" | "executor"> {
  readonly id: number;
}

/** The owner of the models that a page brings. Only `open` makes requests. */
export interface ModelHost {
  /** `source` is an absolute address, or the bytes of a plan or an ONNX file. */
  open(source: string | Uint8Array<ArrayBuffer>, bind: Bindings, simd: Simd, where: Where): Promise<Answer<OpenedModel>>;
  openItems(embeddings: ItemEmbeddings, approximate: boolean, simd: Simd, where: Where): Promise<Answer<number>>;
  run(id: number, inputs: Tensors): Promise<Answer<Tensors>>;
  backend(id: number): Promise<Answer<BackendStatus>>;
  setBackend(id: number, choice: BackendChoice): Promise<Answer<undefined>>;
  /** Whether the page is in sight. */
  setShown(shown: boolean): Promise<Answer<undefined>>;
  close(id: number): Promise<Answer<undefined>>;
}

/** The owner of the shop assistant. `start` and `refine` make requests, none of which depends on what is said. */
export interface ChatHost {
  /** Fetches the assistant and what it answers with while its model isn't there. */
  start(pack: string, simd: Simd): Promise<Answer<ChatLoaded>>;
  setItems(items: readonly ChatItem[]): Promise<Answer<undefined>>;
  /** Fetches the model, where the pack has one. */
  refine(): Promise<Answer<ChatLoaded>>;
  reply(message: string, turn: ChatTurn): Promise<Answer<ChatReply>>;
}

/** What is worn after something was put on, and what was seen of that. */
export interface WornNow extends Fitting {
  readonly slot: Slot;
  readonly look: GarmentLook;
}

/**
 * The owner of what is seen and tried on. `start` makes requests, and whatever first needs the models; none of them depends on
 * a picture. Pixels that come in stay in its memory until `close`, or another picture takes their place. `width` is that of the
 * picture that comes back.
 */
export interface VisionHost {
  /** Fetches the module and the looks of the pack's pictures. */
  start(pack: string, simd: Simd): Promise<Answer<VisionLoaded>>;
  /** Fetches the models that see. */
  prepare(): Promise<Answer<undefined>>;
  /** What a file says of its picture, read before anything is decoded; `undefined` where it is none that is read. */
  header(file: Blob): Promise<Answer<PictureHeader | undefined>>;
  see(pixels: Pixels): Promise<Answer<GarmentLook>>;
  similar(to: number | GarmentLook, likeness: Likeness, count: number, except: readonly number[]): Promise<Answer<readonly LookMatch[]>>;
  /** What goes with it; `onBody`: and can be tried on. */
  goesWith(to: number | GarmentLook, count: number, except: readonly number[], onBody: boolean): Promise<Answer<readonly Companion[]>>;
  /** An item's kind, by catalogue or model; `undefined` where its picture was not looked at. */
  kind(item: number): Promise<Answer<GarmentCategory | "other" | undefined>>;
  /** Key of a colour of each item that the shopper's views, newest first, show to be liked. */
  liked(viewed: readonly number[], items: readonly number[]): Promise<Answer<readonly (string | undefined)[]>>;
  /** Opens a try-on, to be asked by the number. */
  open(): Promise<Answer<number>>;
  close(id: number): Promise<Answer<undefined>>;
  /** Takes the person of a photo. */
  photo(id: number, pixels: Pixels, width: number): Promise<Answer<Fitting>>;
  /** Puts on the garment of a picture, where its kind is worn, or `as` another kind. */
  wear(id: number, pixels: Pixels, width: number, as?: GarmentCategory): Promise<Answer<WornNow>>;
  edit(id: number, edits: readonly Edit[], width: number): Promise<Answer<Fitting>>;
  /** The garment alone, on nothing. */
  garment(id: number, slot: Slot, width: number): Promise<Answer<Pixels>>;
  design(id: number, slot: Slot, item: Design["item"], sizes: readonly string[]): Promise<Answer<Design>>;
  /** Reads a size chart: CSV, or what JSON holds. */
  chart(chart: string | object): Promise<Answer<SizeChart>>;
  advise(chart: SizeChart, measurements: Measurements, preference: FitPreference): Promise<Answer<SizeAdvice>>;
}

/** The hosts that a worker can be, by its name. */
export interface Hosts {
  readonly shelf: ShelfHost;
  readonly models: ModelHost;
  readonly chat: ChatHost;
  readonly vision: VisionHost;
}
export type HostName = keyof Hosts;
