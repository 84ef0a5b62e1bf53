import { transfer } from "comlink";
import { NearshelfError } from "../client/error.js";
import type { Category, Explanation, Ground, Item, ItemPage, ItemRef, SearchResults } from "../client/types.js";
import { answer } from "./answer.js";
import { fetchBytes, urlInPack } from "./fetch.js";
import { safePicture } from "./picture.js";
import type { Answer, Loaded, Picture, Recommended, ShelfHost, ShelfIntent, Simd } from "./protocol.js";
import type { Shards } from "./shards.js";
import type { Shelf, ShelfModule, ShelfRequest, WantedFile } from "./shelf.js";
import type { IndexSearch, SearchIndex } from "./search.js";
import { startSearch, startWasm } from "./wasm.js";

type Named = Ground["item"];

/** Owns one wasm instance and the pack in it. */
export class Host implements ShelfHost {
  /** Paths of files that were fetched and are of no use. */
  readonly #refused = new Set<string>();
  #pack = "";
  #shelf: Shelf | undefined;
  #manifest = new Uint8Array();
  /** Chunks by path, until the search has read them, too. */
  readonly #kept = new Map<string, Uint8Array>();
  #search: Promise<SearchIndex> | undefined;
  #shards: Shards | undefined;
  #decoys: number | undefined;

  start(pack: string, simd: Simd, decoys?: number): Promise<Answer<Loaded>> {
    return answer(async () => {
      this.#pack = pack;
      this.#decoys = decoys;
      // The manifest is revalidated, so that a new pack is seen; chunks are named by their content.
      const [module, manifest] = await Promise.all([
        startWasm(simd),
        fetchBytes(urlInPack(pack, "manifest.json"), "manifest-unreachable", "no-cache"),
      ]);
      const shelf = construct(module, manifest);
      this.#shelf = shelf;
      this.#manifest = manifest;
      await this.#add(shelf.wanted().filter((file) => file.stage === "first"));
      if (!shelf.ready) {
        throw new NearshelfError("pack-invalid", `the manifest of ${pack} lacks chunks that the first stage needs`);
      }
      return this.#loaded(shelf);
    });
  }

  pictures(): Promise<Answer<Loaded>> {
    return answer(async () => {
      const shelf = this.#started();
      await this.#add(shelf.wanted().filter(isPictures));
      return this.#loaded(shelf);
    });
  }

  refine(): Promise<Answer<Loaded>> {
    return answer(async () => {
      const shelf = this.#started();
      // Pictures have had their own turn.
      const wanted = shelf.wanted().filter((file) => !isPictures(file));
      await this.#add(wanted.filter((file) => !isModel(file)));
      await this.#add(wanted.filter(isModel));
      // Nothing is fetched after this, so the search must be there.
      await this.#searched();
      return this.#loaded(shelf);
    });
  }

  knows(id: string): Promise<Answer<boolean>> {
    return answer(() => this.#started().indexOf(id) !== undefined);
  }

  recommend(request: ShelfRequest, locale: string, intent?: ShelfIntent): Promise<Answer<Recommended>> {
    return answer(async () => {
      const { filter } = request;
      const index = intent && (await this.#searched());
      const wanted = index?.intend({ ...intent, words: intent?.words ?? "", locale, ...(filter && { filter }) });
      const asked = { ...request, ...wanted };
      const shards = await this.#shards?.fetched(this.#started(), asked);
      shards?.put();
      const response = this.#started().recommend(asked);
      const items = this.#byRef(response.items.map((hit) => hit.index), locale);
      const named = response.items.flatMap((hit) => [...hit.reasons, ...hit.grounds].flatMap(({ item }) => item ?? []));
      const known = this.#byRef([...new Set(named)], locale);
      return {
        refinedBy: response.refinedBy,
        ...(response.modelFailure !== undefined && { modelFailure: response.modelFailure }),
        ...(shards?.failure && { shardFailure: { code: shards.failure.code, message: shards.failure.message } }),
        items: response.items.flatMap(({ index, score, reasons, grounds }) => {
          const item = items.get(index);
          if (!item) return [];
          return {
            item,
            score,
            reasons: reasons.map(({ code, item }) => ({ code, ...mention(item, known) })),
            grounds: grounds.flatMap((ground) => {
              const { item } = mention(ground.item, known);
              return item ? { ...ground, item } : [];
            }),
          };
        }),
      };
    });
  }

  items(which: readonly ItemRef[], locale: string): Promise<Answer<readonly Item[]>> {
    return answer(() => {
      const found = this.#byRef(which, locale);
      return which.flatMap((ref) => found.get(ref) ?? []);
    });
  }

  async image(which: ItemRef): Promise<Answer<Picture | undefined>> {
    const picture = await answer(() => {
      const index = this.#index(which);
      return index === undefined ? undefined : safePicture(this.#started().image(index));
    });
    // Moved to the page rather than copied.
    return "value" in picture && picture.value ? transfer(picture, [picture.value.bytes.buffer]) : picture;
  }

  explain(request: ShelfRequest, itemId: string): Promise<Answer<Explanation | undefined>> {
    return answer(async () => {
      const shards = await this.#shards?.fetched(this.#started(), request, [itemId]);
      shards?.put();
      return this.#started().explain(request, itemId);
    });
  }

  search(asked: IndexSearch): Promise<Answer<SearchResults>> {
    return answer(async () => {
      const index = await this.#searched();
      const shelf = this.#started();
      const meaning = shelf.embed(asked.query);
      const { items, total, facets, unmatched } = index.search({ ...asked, ...(meaning && { meaning }) });
      return { items: shelf.items(Uint32Array.from(items), asked.locale), total, facets, unmatched };
    });
  }

  /** The search's own module, which reads what the shelf has read. */
  async #searched(): Promise<SearchIndex> {
    this.#search ??= this.#startSearch().catch((cause: unknown) => {
      this.#search = undefined;
      throw cause;
    });
    const search = await this.#search;
    for (const [path, bytes] of this.#kept) search.addChunk(path, bytes);
    this.#kept.clear();
    return search;
  }

  async #startSearch(): Promise<SearchIndex> {
    this.#started();
    const { Search } = await startSearch();
    return new Search(this.#manifest);
  }

  categories(locale: string): Promise<Answer<readonly Category[]>> {
    return answer(() => this.#started().categories(locale));
  }

  itemsInCategory(
    path: readonly string[],
    locale: string,
    offset: number,
    limit: number,
  ): Promise<Answer<ItemPage>> {
    return answer(() => {
      const shelf = this.#started();
      const indexes = shelf.itemsInCategory(path, locale);
      return { items: shelf.items(indexes.slice(offset, offset + limit), locale), total: indexes.length };
    });
  }

  async #add(files: readonly WantedFile[]): Promise<void> {
    const shelf = this.#started();
    await Promise.all(
      files.map(async (file) => {
        // Asked for again after it was refused, a file must not come damaged out of the browser's cache once more.
        const cache = this.#refused.has(file.path) ? "reload" : "default";
        const bytes = await fetchBytes(urlInPack(this.#pack, file.path), "chunk-unreachable", cache);
        this.#refused.add(file.path);
        if (file.kind === LISTS) this.#shards = await this.#openShards(bytes);
        if (isModel(file)) shelf.loadModel(file.path, bytes);
        else shelf.addChunk(file.path, bytes);
        if (isRead(file)) this.#kept.set(file.path, bytes);
        this.#refused.delete(file.path);
      }),
    );
  }

  /** A chunk of its own: only packs with shards need it. */
  async #openShards(lists: Uint8Array): Promise<Shards> {
    const { Shards } = await import("./shards.js");
    return Shards.open(this.#pack, this.#manifest, lists, this.#decoys);
  }

  #byRef(refs: readonly ItemRef[], locale: string): ReadonlyMap<ItemRef, Item> {
    const indexed = refs.flatMap((ref) => {
      const index = this.#index(ref);
      return index === undefined ? [] : [{ ref, index }];
    });
    const views = this.#started().items(Uint32Array.from(indexed, ({ index }) => index), locale);
    const byIndex = new Map(views.map((view) => [view.index, view]));
    return new Map(
      indexed.flatMap(({ ref, index }) => {
        const view = byIndex.get(index);
        return view ? [[ref, view] as const] : [];
      }),
    );
  }

  #index(ref: ItemRef): number | undefined {
    const shelf = this.#started();
    if (typeof ref === "string") return shelf.indexOf(ref);
    return Number.isInteger(ref) && ref >= 0 && ref < shelf.itemCount ? ref : undefined;
  }

  #loaded(shelf: Shelf): Loaded {
    const wanted = shelf.wanted();
    const sharded = this.#shards !== undefined || wanted.some(({ kind }) => kind === LISTS);
    return { itemCount: shelf.itemCount, pictures: !wanted.some(isPictures), models: [...shelf.models], sharded };
  }

  #started(): Shelf {
    if (!this.#shelf) throw new NearshelfError("internal", "the shelf was asked before it was started");
    return this.#shelf;
  }
}

/** The kind of chunk that embeddings in shards have in place of embeddings. */
const LISTS = "lists";

function isModel(file: WantedFile): boolean {
  return file.kind === "model";
}

/** Whether the search reads it, too: all that is there first, and where texts lie. */
function isRead({ stage, kind }: WantedFile): boolean {
  return stage === "first" || kind === "embeddings" || kind === "text-embeddings";
}

function isPictures(file: WantedFile): boolean {
  return file.kind === "images";
}

/** The item that something is about, if it is about one. */
function mention(ref: ItemRef | undefined, known: ReadonlyMap<ItemRef, Item>): { readonly item?: Named } {
  const item = ref === undefined ? undefined : known.get(ref);
  return item ? { item: { id: item.id, title: item.title } } : {};
}

function construct(module: ShelfModule, manifest: Uint8Array): Shelf {
  try {
    return new module.Shelf(manifest);
  } catch (cause) {
    throw NearshelfError.from(cause, "pack-invalid");
  }
}
