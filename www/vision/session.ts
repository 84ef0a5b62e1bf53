import type { Nearshelf } from "../client/types.js";
import { unwrap } from "../worker/answer.js";
import { type Pixels, pngOf } from "./decode.js";
import { FittingRoom } from "./fitting-room.js";
import { save } from "./picked.js";
import { type ChartSource, SizeAdvisor } from "./size-advisor.js";
import { type Studio, type Visit, visit } from "./studio.js";
import type { Edit, Fitting, Pattern } from "./types.js";
import type { Measured, RoomView } from "./view.js";
import { Wardrobe } from "./wardrobe.js";
import { Wearer } from "./wearer.js";
import type { VisionWords } from "./words.js";
import { Work } from "./work.js";

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
  readonly changed: () => void;
  /** Dispatches an event; `false` when its default was prevented. */
  tell(name: string, detail: unknown, cancelable?: boolean): boolean;
}

/** What wearer and wardrobe know of the session. */
export interface Place {
  readonly around: Surroundings;
  readonly work: Work;
  readonly studio: Studio | undefined;
  readonly room: FittingRoom | undefined;
  /** Tells the page who wears what now. */
  told(): void;
}

/** One shopper in the fitting room: who is dressed, in what, and what they do. Ends with {@link leave}; pictures end with it. */
export class Session implements RoomView, Place {
  readonly around: Surroundings;
  readonly work: Work;
  readonly wearer: Wearer;
  readonly wardrobe: Wardrobe;
  readonly sizes: SizeAdvisor;
  #visit: Visit | undefined;
  studio: Studio | undefined;
  room: FittingRoom | undefined;
  phase: "idle" | "starting" | "ready" | "missing" | "failed" = "idle";
  fitting: Fitting | undefined;
  /** The person without what is worn. */
  bare: Pixels | undefined;
  isAdjusting = false;
  before = 0;

  constructor(around: Surroundings) {
    this.around = around;
    this.work = new Work(around);
    this.wearer = new Wearer(this);
    this.wardrobe = new Wardrobe(this);
    this.sizes = new SizeAdvisor(around.changed);
  }

  /** Opens the fitting room and puts on what the page asks for. */
  async enter(): Promise<void> {
    const { around, work } = this;
    const turn = (work.turn += 1);
    this.phase = "starting";
    const entered = (this.#visit = visit(around.client));
    try {
      const studio = await entered.studio;
      if (turn !== work.turn) return;
      this.studio = studio;
      if (!studio.loaded.models) {
        this.phase = "missing";
        around.changed();
        return;
      }
      const room = await FittingRoom.open(
        studio.host,
        (fitting) => this.#shown(fitting),
        (cause) => work.fail(cause),
      );
      if (turn !== work.turn) {
        room.close();
        return;
      }
      this.room = room;
      this.wearer.enter(studio.loaded.mannequins);
      this.phase = "ready";
      if (work.said === "") work.said = around.words.ready;
      around.tell("nearshelf-try-on-ready", {});
      void this.readsChart();
      await work.look(async () => {
        unwrap(await studio.host.prepare());
        await this.wardrobe.wearAsked(turn);
      });
    } catch (cause) {
      if (turn !== work.turn) return;
      entered.leave();
      this.phase = "failed";
      work.fail(cause);
    }
  }

  /** Ends it: the camera goes off, pictures are forgotten. */
  leave(): void {
    this.work.forget();
    this.wearer.leave();
    this.wardrobe.leave();
    this.room?.close();
    this.#visit?.leave();
    this.#visit = this.studio = this.room = undefined;
    this.fitting = this.bare = undefined;
    this.phase = "idle";
  }

  /** The page asks for other items: they take the place of those that it asked for before. */
  async asksAnew(): Promise<void> {
    const { work } = this;
    if (this.phase !== "ready") return;
    const turn = (work.turn += 1);
    await work.look(() => this.wardrobe.wearAsked(turn));
  }

  async readsChart(): Promise<void> {
    const { studio, around } = this;
    if (studio) await this.work.run(() => this.sizes.open(studio.host, around.client, around.chart));
  }

  /** Pictures are to be as wide as this from now on; 0 is a stage that isn't shown. */
  fitWidth(width: number): void {
    const { room } = this;
    if (!room || width === 0 || room.width === width) return;
    room.width = width;
    // What is shown may be of the width before last: only what was asked last tells.
    if (this.fitting) room.edit([]);
  }

  move(edits: readonly Edit[], more: boolean): void {
    this.room?.edit(edits, more);
  }

  colour(hex: string | undefined): void {
    const slot = this.wardrobe.current;
    if (slot) this.room?.edit([{ do: "colour", slot, hex }]);
  }

  pattern(pattern: Pattern | undefined): void {
    const slot = this.wardrobe.current;
    if (slot) this.room?.edit([{ do: "pattern", slot, pattern }]);
  }

  adjust(on: boolean): void {
    this.isAdjusting = on;
    this.work.say(on ? this.around.words.adjustHint : "");
  }

  undo(): void {
    this.room?.edit([{ do: "undo" }]);
  }

  redo(): void {
    this.room?.edit([{ do: "redo" }]);
  }

  reset(): void {
    const slot = this.wardrobe.current;
    if (slot) this.room?.edit([{ do: "reset", slot }]);
  }

  compare(before: number): void {
    this.before = before;
    this.around.changed();
  }

  save(): void {
    const { room, work, around } = this;
    if (!room) return;
    void work.run(async () => {
      save("try-on.png", await pngOf(await room.picture()));
      work.say(around.words.saved);
    });
  }

  design(as: "json" | "png"): void {
    const { room, work, around } = this;
    const { current: slot, pieces } = this.wardrobe;
    const piece = slot && pieces.get(slot);
    if (!room || !piece) return;
    void work.run(async () => {
      const { advised } = this.sizes;
      const sizes = typeof advised === "object" && advised.size !== undefined ? [advised.size] : [];
      const design = await room.design(slot, { id: piece.item?.id ?? "own", title: piece.title }, sizes);
      if (!around.tell("nearshelf-design", { design }, true)) return;
      if (as === "json") save("design.json", new Blob([JSON.stringify(design, null, 2)], { type: "application/json" }));
      else save("design.png", await pngOf(await room.garment(slot, DESIGN_WIDTH)));
      work.say(around.words.saved);
    });
  }

  startOver(): void {
    // The thread and its models stay; what it was shown goes.
    const stays = visit(this.around.client);
    this.leave();
    this.sizes.forget();
    this.wearer.figure = { build: "", tone: "" };
    this.work.said = this.around.words.startedOver;
    this.isAdjusting = false;
    this.before = 0;
    void this.enter();
    stays.leave();
  }

  measure(change: Partial<Measured>): void {
    void this.work.run(() => this.sizes.measure(this.around.client, change));
  }

  advise(): void {
    const { studio, around } = this;
    if (studio) void this.work.run(() => this.sizes.advise(studio.host, around.client));
  }

  told(): void {
    const { wearer, wardrobe, around, fitting } = this;
    const itemIds = [...wardrobe.pieces.values()].flatMap(({ item }) => item?.id ?? []);
    const who = wearer.hasPhoto ? "photo" : "mannequin";
    around.tell("nearshelf-try-on-change", { who, slots: [...wardrobe.pieces.keys()], itemIds, tuckedIn: fitting?.tuckedIn ?? false });
    around.changed();
  }

  #shown(fitting: Fitting): void {
    this.fitting = fitting;
    this.bare = fitting.before ?? this.bare;
    this.around.changed();
  }
}
