import { NearshelfError } from "../client/error.js";
import type { Item, Nearshelf } from "../client/types.js";
import { picturesOf } from "../elements/pictures.js";
import { unwrap } from "../worker/answer.js";
import { Camera } from "./camera.js";
import { decodePicture, LONGEST, type PictureNote, type Pixels, pngOf } from "./decode.js";
import { FittingRoom } from "./fitting-room.js";
import { itemPixels } from "./item-picture.js";
import { save } from "./picked.js";
import { type ChartSource, SizeAdvisor } from "./size-advisor.js";
import { type Studio, type Visit, visit } from "./studio.js";
import type { Edit, Fitting, GarmentCategory, Pattern, Slot } from "./types.js";
import type { Measured, Piece, RoomActions, Suggestion, Who } from "./view.js";
import { failure, faultWords, noteWords, type VisionWords } from "./words.js";

/** Items offered to go with what is worn. */
const SUGGESTIONS = 8;
/** Width of a design's picture. */
const DESIGN_WIDTH = 1024;

/** What the try-on asks of its element. */
export interface Surroundings {
  readonly client: Nearshelf;
  readonly words: VisionWords;
  readonly language: string;
  readonly remoteImages: boolean;
  /** Ids of the items to begin with; empty ones are left out. */
  readonly itemIds: readonly string[];
  readonly chart: ChartSource | undefined;
  /** The video of the camera, while it is shown. */
  readonly video: HTMLVideoElement | null;
  changed(): void;
  /** Dispatches an event; `false` when its default was prevented. */
  tell(name: string, detail: unknown, cancelable?: boolean): boolean;
}

/** One shopper in the fitting room: who is dressed, in what, and what they do. Ends with {@link leave}; pictures end with it. */
export class Session implements RoomActions {
  readonly #around: Surroundings;
  #visit: Visit | undefined;
  #studio: Studio | undefined;
  #room: FittingRoom | undefined;
  #isOpeningCamera = false;
  /** Grows with everything that makes what is on its way useless. */
  #turn = 0;
  phase: "idle" | "starting" | "ready" | "missing" | "failed" = "idle";
  shownWho: Who = "mannequin";
  figure = { build: "", tone: "" };
  fitting: Fitting | undefined;
  /** The person without what is worn. */
  bare: Pixels | undefined;
  hasPhoto = false;
  pieces: ReadonlyMap<Slot, Piece> = new Map();
  current: Slot | undefined;
  suggestions: readonly Suggestion[] = [];
  camera: Camera | undefined;
  isAdjusting = false;
  before = 0;
  /** How much is being done, and how many pictures are being looked at. */
  busy = 0;
  looking = 0;
  /** What the shopper has to read. */
  message = "";
  /** What is told to those who don't see the change. */
  said = "";
  readonly sizes: SizeAdvisor;

  constructor(around: Surroundings) {
    this.#around = around;
    this.sizes = new SizeAdvisor(() => around.changed());
  }

  get loaded(): Studio["loaded"] | undefined {
    return this.#studio?.loaded;
  }

  /** Opens the fitting room and puts on what the page asks for. */
  async enter(): Promise<void> {
    const { words, client } = this.#around;
    const turn = (this.#turn += 1);
    this.phase = "starting";
    const entered = (this.#visit = visit(client));
    try {
      const studio = await entered.studio;
      if (turn !== this.#turn) return;
      this.#studio = studio;
      if (!studio.loaded.models) {
        this.phase = "missing";
        this.#around.changed();
        return;
      }
      await this.#openRoom(studio, turn);
      if (turn !== this.#turn) return;
      this.phase = "ready";
      if (this.said === "") this.said = words.ready;
      this.#around.tell("nearshelf-try-on-ready", {});
      void this.#working(() => this.sizes.open(studio.host, client, this.#around.chart));
      await this.#looking(async () => {
        unwrap(await studio.host.prepare());
        await this.#wearAsked(turn);
      });
    } catch (cause) {
      if (turn !== this.#turn) return;
      entered.leave();
      this.phase = "failed";
      this.#fail(cause);
    }
  }

  /** Ends it: the camera goes off, pictures are forgotten. */
  leave(): void {
    this.#turn += 1;
    this.camera?.stop();
    this.#room?.close();
    this.#visit?.leave();
    this.#visit = this.#studio = this.#room = undefined;
    this.fitting = this.bare = this.current = undefined;
    this.pieces = new Map();
    this.suggestions = [];
    this.hasPhoto = false;
    this.shownWho = "mannequin";
    this.busy = this.looking = 0;
    this.message = "";
    this.phase = "idle";
  }

  /** The page asks for other items: they take the place of those that it asked for before. */
  async asksAnew(): Promise<void> {
    if (this.phase !== "ready" || !this.#room) return;
    const turn = (this.#turn += 1);
    for (const slot of this.pieces.keys()) this.#room.edit([{ do: "remove", slot }]);
    this.pieces = new Map();
    await this.#looking(() => this.#wearAsked(turn));
  }

  async readsChart(): Promise<void> {
    const studio = this.#studio;
    if (studio) await this.#working(() => this.sizes.open(studio.host, this.#around.client, this.#around.chart));
  }

  /** Pictures are to be as wide as this from now on; 0 is a stage that isn't shown. */
  fitWidth(width: number): void {
    if (!this.#room || width === 0 || this.#room.width === width) return;
    this.#room.width = width;
    // What is shown may be of the width before last: only what was asked last tells.
    if (this.fitting) this.#room.edit([]);
  }

  move(edits: readonly Edit[], more: boolean): void {
    this.#room?.edit(edits, more);
  }

  say(words: string): void {
    this.said = words;
    this.#around.changed();
  }

  who(who: Who): void {
    this.shownWho = who;
    // It was about whom was chosen before.
    this.message = "";
    if (who !== "camera") this.camera?.stop();
    if (who === "mannequin" && this.hasPhoto) this.#dressFigure();
    this.#around.changed();
  }

  build(build: string): void {
    this.figure = { ...this.figure, build };
    this.#dressFigure();
  }

  tone(tone: string): void {
    this.figure = { ...this.figure, tone };
    this.#dressFigure();
  }

  photo(file: File | undefined): void {
    const room = this.#room;
    if (file && room) void this.#looking(async () => this.#dressPhoto(room, await decodePicture(file, LONGEST.photo)));
  }

  startCamera(): void {
    // One at a time: of two, nobody would end the first.
    if (this.#isOpeningCamera || this.camera) return;
    this.#isOpeningCamera = true;
    const turn = this.#turn;
    void this.#working(async () => {
      const opening = Camera.open(() => this.#cameraEnded());
      const camera = await opening.finally(() => (this.#isOpeningCamera = false));
      // Meanwhile the shopper may have gone.
      if (turn !== this.#turn || this.shownWho !== "camera" || document.visibilityState === "hidden") camera.stop();
      else this.camera = camera;
      if (this.camera) this.#around.tell("nearshelf-camera", { on: true });
    });
  }

  take(): void {
    const { video } = this.#around;
    const { camera } = this;
    const room = this.#room;
    if (!room || !camera || !video || video.videoWidth === 0) return;
    void this.#looking(() => this.#dressPhoto(room, { ...camera.take(video), notes: [] }));
  }

  cancelCamera(): void {
    this.camera?.stop();
  }

  choose(slot: Slot): void {
    this.current = slot;
    void this.#suggest().catch((cause: unknown) => this.#fail(cause));
    this.#around.changed();
  }

  takeOff(slot: Slot): void {
    this.pieces = new Map([...this.pieces].filter(([worn]) => worn !== slot));
    this.#room?.edit([{ do: "remove", slot }]);
    if (this.current === slot) this.current = [...this.pieces.keys()].at(-1);
    this.#told();
  }

  garment(file: File | undefined): void {
    if (!file) return;
    const [room, turn] = [this.#room, this.#turn];
    void this.#looking(async () => {
      const decoded = await decodePicture(file, LONGEST.garment);
      await this.#wear({ title: this.#around.words.own, item: undefined, as: undefined, pixels: () => decodePicture(file, LONGEST.garment) }, decoded, room, turn);
      this.#noted(decoded.notes);
    });
  }

  wear(item: Item): void {
    void this.#looking(() => this.#wearItem(item, this.#turn));
  }

  wearAs(as: GarmentCategory): void {
    const slot = this.current;
    const piece = slot && this.pieces.get(slot);
    if (!piece) return;
    const [room, turn] = [this.#room, this.#turn];
    void this.#looking(async () => {
      const pixels = await piece.pixels();
      if (!pixels || room !== this.#room) return;
      this.takeOff(slot);
      await this.#wear({ ...piece, as }, pixels, room, turn);
    });
  }

  tuck(on: boolean): void {
    this.#room?.edit([{ do: "tuck", on }]);
    this.#told();
  }

  colour(hex: string | undefined): void {
    if (this.current) this.#room?.edit([{ do: "colour", slot: this.current, hex }]);
  }

  pattern(pattern: Pattern | undefined): void {
    if (this.current) this.#room?.edit([{ do: "pattern", slot: this.current, pattern }]);
  }

  adjust(on: boolean): void {
    this.isAdjusting = on;
    this.said = on ? this.#around.words.adjustHint : "";
    this.#around.changed();
  }

  undo(): void {
    this.#room?.edit([{ do: "undo" }]);
  }

  redo(): void {
    this.#room?.edit([{ do: "redo" }]);
  }

  reset(): void {
    if (this.current) this.#room?.edit([{ do: "reset", slot: this.current }]);
  }

  compare(before: number): void {
    this.before = before;
    this.#around.changed();
  }

  save(): void {
    const room = this.#room;
    if (!room) return;
    void this.#working(async () => {
      save("try-on.png", await pngOf(await room.picture()));
      this.say(this.#around.words.saved);
    });
  }

  design(as: "json" | "png"): void {
    const room = this.#room;
    const slot = this.current;
    const piece = slot && this.pieces.get(slot);
    if (!room || !piece) return;
    void this.#working(async () => {
      const { advised } = this.sizes;
      const sizes = typeof advised === "object" && advised.size !== undefined ? [advised.size] : [];
      const design = await room.design(slot, { id: piece.item?.id ?? "own", title: piece.title }, sizes);
      if (!this.#around.tell("nearshelf-design", { design }, true)) return;
      if (as === "json") save("design.json", new Blob([JSON.stringify(design, null, 2)], { type: "application/json" }));
      else save("design.png", await pngOf(await room.garment(slot, DESIGN_WIDTH)));
      this.say(this.#around.words.saved);
    });
  }

  startOver(): void {
    // The thread and its models stay; what it was shown goes.
    const stays = visit(this.#around.client);
    this.leave();
    this.sizes.forget();
    this.figure = { build: "", tone: "" };
    this.said = this.#around.words.startedOver;
    this.isAdjusting = false;
    this.before = 0;
    void this.enter();
    stays.leave();
  }

  measure(change: Partial<Measured>): void {
    void this.#working(() => this.sizes.measure(this.#around.client, change));
  }

  advise(): void {
    const studio = this.#studio;
    if (studio) void this.#working(() => this.sizes.advise(studio.host, this.#around.client));
  }

  async #openRoom(studio: Studio, turn: number): Promise<void> {
    const { builds, tones } = studio.loaded.mannequins;
    const room = await FittingRoom.open(
      studio.host,
      (fitting) => this.#shown(fitting),
      (cause) => this.#fail(cause),
    );
    if (turn !== this.#turn) {
      room.close();
      return;
    }
    this.#room = room;
    this.figure = { build: this.figure.build || (builds[0] ?? ""), tone: this.figure.tone || (tones[Math.floor(tones.length / 2)]?.name ?? "") };
    this.#dressFigure();
  }

  #shown(fitting: Fitting): void {
    this.fitting = fitting;
    this.bare = fitting.before ?? this.bare;
    this.#around.changed();
  }

  #dressFigure(): void {
    this.hasPhoto = false;
    this.#room?.edit([{ do: "mannequin", ...this.figure }]);
    this.#told();
  }

  /** Nothing happens where the shopper has left the room meanwhile. */
  async #dressPhoto(room: FittingRoom, pixels: Pixels & { readonly notes: readonly PictureNote[] }): Promise<void> {
    if (room !== this.#room) return;
    await room.photo(pixels);
    if (room !== this.#room) return;
    this.hasPhoto = true;
    // It may have been dropped on the figure.
    if (this.shownWho === "mannequin") this.shownWho = "photo";
    this.#noted(pixels.notes);
    this.#told();
  }

  async #wearAsked(turn: number): Promise<void> {
    const { client, itemIds, language } = this.#around;
    await client.ready;
    for (const item of await client.items(itemIds, language)) {
      if (turn === this.#turn) await this.#wearItem(item, turn);
    }
    // The first is what the page is about.
    const [asked] = itemIds;
    this.current = [...this.pieces].find(([, { item }]) => item?.id === asked)?.[0] ?? this.current;
    await this.#suggest();
  }

  async #wearItem(item: Item, turn: number): Promise<void> {
    const { client, remoteImages } = this.#around;
    const room = this.#room;
    const pixels = () => itemPixels(client, item, remoteImages);
    // The catalogue often knows better than the model what an item is.
    const kind = this.#studio && unwrap(await this.#studio.host.kind(item.index));
    if (kind === "other") throw new NearshelfError("garment-unsuitable", `the item ${item.id} can't be tried on: choose clothes for body or legs`);
    const read = await pixels();
    if (turn !== this.#turn) return;
    if (!read) throw Object.assign(new Error(`the item ${item.id} has no picture to try on`), { code: "no-picture" });
    await this.#wear({ title: item.title, item, as: kind, pixels }, read, room, turn);
  }

  /** Nothing happens where the shopper has left the room meanwhile; what the page no longer asks for is taken off again. */
  async #wear(piece: Piece, pixels: Pixels, room: FittingRoom | undefined, turn: number): Promise<void> {
    if (!room || room !== this.#room) return;
    const worn = await room.wear(pixels, piece.as);
    if (room !== this.#room) return;
    if (turn !== this.#turn) {
      room.edit([{ do: "remove", slot: worn.slot }]);
      return;
    }
    const still = new Set(worn.worn.map(({ slot }) => slot));
    this.pieces = new Map([...[...this.pieces].filter(([slot]) => still.has(slot)), [worn.slot, piece]]);
    this.current = worn.slot;
    this.#told();
    void this.#suggest().catch((cause: unknown) => this.#fail(cause));
  }

  /** Items that go with what is chosen, where the pack knows. */
  async #suggest(): Promise<void> {
    const item = this.current && this.pieces.get(this.current)?.item;
    const studio = this.#studio;
    const { client, language, remoteImages } = this.#around;
    this.suggestions = [];
    if (!item || !studio?.loaded.looks) return;
    const companions = unwrap(await studio.host.goesWith(item.index, SUGGESTIONS, [], true));
    const items = await client.items(companions.map((one) => one.item), language);
    const pictures = await picturesOf(client, items, remoteImages);
    // Meanwhile another piece may have been chosen, or the room left.
    if (studio !== this.#studio || item !== (this.current && this.pieces.get(this.current)?.item)) return;
    this.suggestions = items.map((one, at) => ({ item: one, picture: pictures[at] }));
    this.#around.changed();
  }

  #cameraEnded(): void {
    this.camera = undefined;
    this.#around.tell("nearshelf-camera", { on: false });
    this.#around.changed();
  }

  #noted(notes: readonly PictureNote[]): void {
    this.message = noteWords(notes, this.#around.words);
  }

  #told(): void {
    const { pieces, fitting, hasPhoto } = this;
    const itemIds = [...pieces.values()].flatMap(({ item }) => item?.id ?? []);
    this.#around.tell("nearshelf-try-on-change", { who: hasPhoto ? "photo" : "mannequin", slots: [...pieces.keys()], itemIds, tuckedIn: fitting?.tuckedIn ?? false });
    this.#around.changed();
  }

  /** Looks at a picture, and says so meanwhile. */
  async #looking(work: () => Promise<void>): Promise<void> {
    const entered = this.#visit;
    this.looking += 1;
    await this.#working(work);
    if (entered !== this.#visit) return;
    this.looking -= 1;
    this.#around.changed();
  }

  /** Does something that may fail, and says so where it does. */
  async #working(work: () => Promise<void>): Promise<void> {
    const [turn, entered] = [this.#turn, this.#visit];
    this.busy += 1;
    this.message = "";
    this.#around.changed();
    try {
      await work();
    } catch (cause) {
      if (turn === this.#turn) this.#fail(cause);
    } finally {
      // Leaving has forgotten what was on its way.
      if (entered === this.#visit) this.busy -= 1;
      this.#around.changed();
    }
  }

  #fail(cause: unknown): void {
    this.message = faultWords(cause, this.#around.words);
    this.#around.tell("nearshelf-error", failure(cause));
    this.#around.changed();
  }
}
