/** The JavaScript API of `nearshelf_vision.wasm`, as `src/web_vision` binds it. Coordinates are parts of a picture's width and height. */

import type { Pixels } from "../vision/decode.js";
import type {
  Companion, Design, Edit, FitPreference, Fitting, GarmentCategory, GarmentLook, Likeness, LookMatch, Mannequins, Measurements, PictureHeader, SizeAdvice, SizeChart, Slot,
} from "../vision/types.js";

/** What a try-on in wasm memory offers. Throws errors that carry a `code`. */
export interface TryOnWasm {
  setPhoto(rgba: Uint8ClampedArray, width: number, height: number, person: Person): void;
  /** Where it is worn; what can't be worn with it is taken off. */
  setGarment(rgba: Uint8ClampedArray, width: number, height: number, mask: Float32Array, landmarks: Float32Array, category: GarmentCategory): Slot;
  change(edit: Edit): void;
  fitting(): Omit<Fitting, "picture" | "before">;
  /** `bare` is without garments. */
  render(width: number, height: number, bare: boolean): Pixels;
  renderGarment(slot: Slot, width: number): Pixels;
  design(slot: Slot, item: { readonly id: string; readonly title?: string; readonly sizes?: readonly string[] }): Design;
  free(): void;
}

/** A person as any model saw them. */
export interface Person {
  /** Person, hair, arms, in it where above 0. */
  readonly regions: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly keyPoints: Float32Array;
}

/** The looks of a pack's pictures. */
export interface LooksWasm {
  /** Nothing is like an item without a look. */
  similar(to: number | GarmentLook, likeness: Likeness, count: number, except: Uint32Array): readonly LookMatch[];
  goesWith(to: number | GarmentLook, count: number, except: Uint32Array, onBody: boolean): readonly Companion[];
  /** `undefined` for an item without a look. */
  kind(item: number): GarmentCategory | "other" | undefined;
  /** Key of a colour of the item that the shopper's views, newest first, show to be liked. */
  liked(viewed: Uint32Array, item: number): string | undefined;
  free(): void;
}

/** Outputs of a model by name. */
export type Outputs = Readonly<Record<string, Float32Array>>;

/** The glue module that wasm-bindgen writes beside the wasm. */
export interface VisionModule {
  readHeader(file: Uint8Array): PictureHeader | undefined;
  /** What our own models take. */
  pictureTensor(rgba: Uint8ClampedArray, width: number, height: number): Float32Array;
  segmentationTensor(rgba: Uint8ClampedArray, width: number, height: number, settings: object, inputShape: readonly number[]): Float32Array;
  poseTensor(rgba: Uint8ClampedArray, width: number, height: number, settings: object, inputShape: readonly number[]): Float32Array;
  readGarment(rgba: Uint8ClampedArray, width: number, height: number, outputs: Outputs): GarmentLook;
  readPerson(outputs: Outputs): Person;
  readSegmentation(output: Float32Array, outputShape: readonly number[], settings: object): Pick<Person, "regions" | "rows" | "columns">;
  /** The key points. */
  readPose(output: Float32Array, outputShape: readonly number[], settings: object, inputShape: readonly number[]): Float32Array;
  mannequins(): Mannequins;
  readSizeChart(chart: string | object): SizeChart;
  adviseSize(chart: SizeChart, measurements: Measurements, preference?: FitPreference): SizeAdvice;
  TryOn: new () => TryOnWasm;
  Looks: new (bytes: Uint8Array) => LooksWasm;
}
