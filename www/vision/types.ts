/** What the try-on and the looks are asked and answer. */

import type { Measurements } from "../client/types.js";
import type { Pixels } from "./decode.js";

/** What a file says of its picture. */
export interface PictureHeader {
  /** As stored, before any turning. */
  readonly width: number;
  readonly height: number;
  /** Most pixels that decoding it may take memory for: frames and parts may be larger than what the file says first. */
  readonly pixels: number;
  /** Bits a channel. */
  readonly bits: number;
  readonly animated: boolean;
  /** Made for print: four inks rather than three lights. */
  readonly cmyk: boolean;
  /** The file goes on to its end. */
  readonly complete: boolean;
}

/** Kinds of garments that the model tells apart. */
export type GarmentCategory = "dress" | "hat" | "longsleeve" | "outwear" | "pants" | "shirt" | "shoes" | "shorts" | "skirt" | "t-shirt";

/** Where a garment is worn. */
export type Slot = "top" | "bottom" | "dress" | "outer";

/** A colour of a garment: the key of its name, and how much of the garment has it. */
export interface Swatch {
  readonly hex: string;
  readonly share: number;
  readonly name: string;
}

/** What is seen on a garment's picture. */
export interface GarmentLook {
  /** Best first. */
  readonly categories: readonly { readonly name: GarmentCategory; readonly probability: number }[];
  readonly attributes: Readonly<Record<"sleeve" | "length" | "neckline" | "fit" | "pattern", { readonly value: string; readonly probability: number }>>;
  /** Largest first. */
  readonly palette: readonly Swatch[];
  /** What looks are compared by. */
  readonly row: Uint8Array;
}

/** A point that moves the garment. Parts of the picture's width and height; left is the picture's. */
export interface Handle {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  /** Its landmark was not seen on the garment's picture. */
  readonly estimated: boolean;
}

/** A figure on the garment's ground. */
export interface Pattern {
  readonly kind: "stripes" | "checks" | "dots";
  readonly colour: string;
  /** Of one repeat, in parts of the garment's width. */
  readonly scale: number;
  /** Degrees clockwise; at 0 stripes run down. */
  readonly angle: number;
}

/** What a shop that makes to order needs. */
export interface Design {
  readonly format: "nearshelf-design";
  readonly version: 1;
  readonly garment: GarmentCategory;
  readonly item: { readonly id: string; readonly title?: string };
  readonly colours: readonly { readonly role: "ground" | "pattern"; readonly hex: string; readonly oklab: readonly [number, number, number] }[];
  readonly pattern?: Omit<Pattern, "colour">;
  readonly sizes: readonly string[];
}

/** Lengths that size charts speak of. */
export type Measure = "chest" | "waist" | "hip" | "inseam" | "length" | "height";
export const MEASURES: readonly Measure[] = ["chest", "waist", "hip", "inseam", "length", "height"];
export type LengthUnit = "cm" | "in";

/** A shop's size chart, the smallest size first. */
export interface SizeChart {
  readonly unit: LengthUnit;
  readonly sizes: readonly ({ readonly size: string } & Partial<Readonly<Record<Measure, readonly [min: number, max: number]>>>)[];
}

export type { Measurements };
/** How a garment shall sit. */
export type FitPreference = "close" | "regular" | "loose";

/** Which size fits. */
export interface SizeAdvice {
  readonly size: string | undefined;
  /** The other one, where it lies between two. */
  readonly between: string | undefined;
  readonly outside: "smaller-than-all" | "larger-than-all" | undefined;
  /** How each measure fits the size, or the nearest; `by` in the measurements' unit beyond the range. */
  readonly fits: readonly { readonly measure: Measure; readonly fit: "tight" | "good" | "loose"; readonly by: number }[];
  readonly nearest: string;
  readonly missing: readonly Measure[];
}

/** The figures that can be dressed. */
export interface Mannequins {
  readonly builds: readonly string[];
  readonly tones: readonly { readonly name: string; readonly hex: string }[];
}

/** How pictures are alike. */
export type Likeness = "similar" | "another-colour";

/** An item that looks alike. */
export interface LookMatch {
  readonly item: number;
  readonly score: number;
  /** Key of its colour, where it has another. */
  readonly colour?: string;
}

/** An item that goes with another. */
export interface Companion {
  readonly item: number;
  readonly score: number;
  readonly harmony: string;
}

/** One change of what is worn. */
export type Edit =
  | { readonly do: "remember" | "undo" | "redo" }
  | { readonly do: "mannequin"; readonly build: string; readonly tone: string }
  | { readonly do: "move"; readonly slot: Slot; readonly handle: number; readonly x: number; readonly y: number }
  | { readonly do: "reset" | "remove"; readonly slot: Slot }
  | { readonly do: "colour"; readonly slot: Slot; readonly hex: string | undefined }
  | { readonly do: "pattern"; readonly slot: Slot; readonly pattern: Pattern | undefined }
  | { readonly do: "tuck"; readonly on: boolean };

/** A garment that is worn. */
export interface Worn {
  readonly slot: Slot;
  readonly category: GarmentCategory;
  readonly handles: readonly Handle[];
  /** The colour that it was given; none: as photographed. */
  readonly colour: string | undefined;
  readonly pattern: Pattern | undefined;
}

/** What is worn by whom, after some changes. */
export interface Fitting {
  /** Extents of the person's picture. */
  readonly width: number;
  readonly height: number;
  readonly worn: readonly Worn[];
  readonly tuckedIn: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly picture: Pixels;
  /** The person without what is worn, where that changed. */
  readonly before?: Pixels;
}

/** What the pack and the module bring. */
export interface VisionLoaded {
  /** Whether the pack tells how its pictures look. */
  readonly looks: boolean;
  /** Whether the pack has the models that trying on needs. */
  readonly models: boolean;
  /** Whether people are seen by a model that the shop put in place of ours, which knows drawn figures only. */
  readonly ownPeople: boolean;
  readonly mannequins: Mannequins;
}
