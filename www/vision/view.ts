import type { Item } from "../client/types.js";
import type { Picture } from "../elements/pictures.js";
import type { Pixels } from "./decode.js";
import type { FitPreference, Fitting, GarmentCategory, LengthUnit, Measure, Pattern, SizeAdvice, SizeChart, Slot, VisionLoaded } from "./types.js";
import type { VisionWords } from "./words.js";

/** Who is dressed. */
export type Who = "mannequin" | "photo" | "camera";

/** A garment that is worn, as the shopper knows it. */
export interface Piece {
  readonly title: string;
  /** The catalogue's; none is the shopper's own. */
  readonly item: Item | undefined;
  /** As what it was put on, where the shopper or the shop said so. */
  readonly as: GarmentCategory | undefined;
  /** Its picture once more: the worker took the first. */
  readonly pixels: () => Promise<Pixels | undefined>;
}

/** An item that goes with what is worn. */
export interface Suggestion {
  readonly item: Item;
  readonly picture: Picture;
}

/** What was answered to measurements: advice, or why there is none. */
export type Advised = SizeAdvice | "no-measure" | "wrong-measure";

/** What the shopper filled in. */
export interface Measured {
  readonly unit: LengthUnit;
  readonly values: Readonly<Partial<Record<Measure, number>>>;
  readonly preference: FitPreference;
  readonly keep: boolean;
  /** They were to be kept, and the browser doesn't. */
  readonly notKept: boolean;
}

/** What everything is shown by. */
export interface Shown {
  readonly words: VisionWords;
  readonly language: string;
  readonly loaded: VisionLoaded;
  readonly fitting: Fitting;
  readonly allowsPhoto: boolean;
  readonly allowsCamera: boolean;
}

/** Who is dressed, and what the shopper can do about it. */
export interface WearerView {
  readonly who: Who;
  readonly figure: { readonly build: string; readonly tone: string };
  readonly hasPhoto: boolean;
  readonly camera: { readonly stream: MediaStream } | undefined;
  choose(who: Who): void;
  build(build: string): void;
  tone(tone: string): void;
  photo(file: File | undefined): void;
  startCamera(): void;
  take(): void;
  cancelCamera(): void;
}

/** What is worn, and what the shopper can do about it. */
export interface WardrobeView {
  readonly pieces: ReadonlyMap<Slot, Piece>;
  /** The garment that colours, patterns and handles are about. */
  readonly current: Slot | undefined;
  readonly suggestions: readonly Suggestion[];
  choose(slot: Slot): void;
  takeOff(slot: Slot): void;
  garment(file: File | undefined): void;
  wear(item: Item): void;
  wearAs(category: GarmentCategory): void;
  tuck(on: boolean): void;
}

/** Everything that the shopper sees of the room, and can do in it. */
export interface RoomView {
  readonly wearer: WearerView;
  readonly wardrobe: WardrobeView;
  readonly sizes: { readonly chart: SizeChart | undefined; readonly measured: Measured; readonly advised: Advised | undefined };
  /** How much is being done, and how many pictures are being looked at. */
  readonly work: { readonly busy: number; readonly looking: number };
  readonly isAdjusting: boolean;
  /** How much of the picture is shown as before, in percent from the left. */
  readonly before: number;
  colour(hex: string | undefined): void;
  pattern(pattern: Pattern | undefined): void;
  adjust(on: boolean): void;
  undo(): void;
  redo(): void;
  reset(): void;
  compare(before: number): void;
  save(): void;
  design(as: "json" | "png"): void;
  startOver(): void;
  measure(change: Partial<Measured>): void;
  advise(): void;
}
