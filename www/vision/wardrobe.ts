import { NearshelfError } from "../client/error.js";
import type { Item } from "../client/types.js";
import { picturesOf } from "../elements/pictures.js";
import { unwrap } from "../worker/answer.js";
import { decodePicture, LONGEST, type Pixels } from "./decode.js";
import type { FittingRoom } from "./fitting-room.js";
import { itemPixels } from "./item-picture.js";
import type { Place } from "./session.js";
import type { GarmentCategory, Slot } from "./types.js";
import type { Piece, Suggestion, WardrobeView } from "./view.js";
import { noteWords } from "./words.js";

/** Items offered to go with what is worn. */
const SUGGESTIONS = 8;

/** What is worn, and what could be. */
export class Wardrobe implements WardrobeView {
  readonly #place: Place;
  /** Grows with each wish to wear a piece as something else: only the last one counts. */
  #asked = 0;
  pieces: ReadonlyMap<Slot, Piece> = new Map();
  current: Slot | undefined;
  suggestions: readonly Suggestion[] = [];

  constructor(place: Place) {
    this.#place = place;
  }

  leave(): void {
    this.pieces = new Map();
    this.current = undefined;
    this.suggestions = [];
  }

  /** Puts on what the page asks for, in place of what it asked for before. */
  async wearAsked(turn: number): Promise<void> {
    const { around: { client, itemIds, language }, room, work } = this.#place;
    for (const slot of this.pieces.keys()) room?.edit([{ do: "remove", slot }]);
    this.pieces = new Map();
    await client.ready;
    for (const item of await client.items(itemIds, language)) {
      if (turn === work.turn) await this.#wearItem(item, turn);
    }
    // The first is what the page is about.
    const [asked] = itemIds;
    this.current = [...this.pieces].find(([, { item }]) => item?.id === asked)?.[0] ?? this.current;
    await this.#suggest();
  }

  choose(slot: Slot): void {
    this.current = slot;
    this.#suggests();
    this.#place.around.changed();
  }

  takeOff(slot: Slot): void {
    this.pieces = new Map([...this.pieces].filter(([worn]) => worn !== slot));
    this.#place.room?.edit([{ do: "remove", slot }]);
    if (this.current === slot) this.current = [...this.pieces.keys()].at(-1);
    this.#place.told();
  }

  garment(file: File | undefined): void {
    const { around: { words }, room, studio, work } = this.#place;
    if (!file || !studio) return;
    const { turn } = work;
    const pixels = () => decodePicture(studio.host, file, LONGEST.garment);
    void work.look(async () => {
      const decoded = await pixels();
      await this.#wear({ title: words.own, item: undefined, as: undefined, pixels }, decoded, room, turn);
      if (turn === work.turn) work.message = noteWords(decoded.notes, words);
    });
  }

  wear(item: Item): void {
    const { work } = this.#place;
    void work.look(() => this.#wearItem(item, work.turn));
  }

  wearAs(as: GarmentCategory): void {
    const slot = this.current;
    const piece = slot && this.pieces.get(slot);
    if (!piece) return;
    const { room, work } = this.#place;
    const { turn } = work;
    const asked = (this.#asked += 1);
    void work.look(async () => {
      const pixels = await piece.pixels();
      // Meanwhile it may have been taken off, or something else been chosen for it.
      if (!pixels || asked !== this.#asked || this.pieces.get(slot) !== piece) return;
      await this.#wear({ ...piece, as }, pixels, room, turn);
      // Where it couldn't be put on otherwise, it stays as it was.
      if (this.pieces.get(slot) === piece) this.takeOff(slot);
    });
  }

  tuck(on: boolean): void {
    this.#place.room?.edit([{ do: "tuck", on }]);
    this.#place.told();
  }

  async #wearItem(item: Item, turn: number): Promise<void> {
    const { around: { client, remoteImages }, room, studio, work } = this.#place;
    const pixels = () => itemPixels(client, item, remoteImages);
    // The catalogue often knows better than the model what an item is.
    const kind = studio && unwrap(await studio.host.kind(item.index));
    if (kind === "other") throw new NearshelfError("garment-unsuitable", `the item ${item.id} can't be tried on: choose clothes for body or legs`);
    const read = await pixels();
    if (turn !== work.turn) return;
    if (!read) throw Object.assign(new Error(`the item ${item.id} has no picture to try on`), { code: "no-picture" });
    await this.#wear({ title: item.title, item, as: kind, pixels }, read, room, turn);
  }

  /** Nothing happens where the shopper has left the room meanwhile; what the page no longer asks for is taken off again. */
  async #wear(piece: Piece, pixels: Pixels, room: FittingRoom | undefined, turn: number): Promise<void> {
    const place = this.#place;
    if (!room || room !== place.room) return;
    const { slot, worn } = await room.wear(pixels, piece.as);
    if (room !== place.room) return;
    if (turn !== place.work.turn) {
      room.edit([{ do: "remove", slot }]);
      return;
    }
    const still = new Set(worn.map((one) => one.slot));
    this.pieces = new Map([...[...this.pieces].filter(([one]) => still.has(one)), [slot, piece]]);
    this.current = slot;
    place.told();
    this.#suggests();
  }

  #suggests(): void {
    void this.#suggest().catch((cause: unknown) => this.#place.work.fail(cause));
  }

  get #item(): Item | undefined {
    return this.current && this.pieces.get(this.current)?.item;
  }

  /** Items that go with what is chosen, where the pack knows. */
  async #suggest(): Promise<void> {
    const item = this.#item;
    const { around: { client, language, remoteImages, changed }, studio } = this.#place;
    this.suggestions = [];
    if (!item || !studio?.loaded.looks) return;
    const companions = unwrap(await studio.host.goesWith(item.index, SUGGESTIONS, [], true));
    const items = await client.items(companions.map((one) => one.item), language);
    const pictures = await picturesOf(client, items, remoteImages);
    // Meanwhile another piece may have been chosen, or the room left.
    if (studio !== this.#place.studio || item !== this.#item) return;
    this.suggestions = items.map((one, at) => ({ item: one, picture: pictures[at] }));
    changed();
  }
}
