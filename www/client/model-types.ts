/** Models of a shop's own, and embeddings that it wants searched, as its code sees them. */

/** A tensor's elements, row-major, as an array of its dtype. */
export type TensorData = Float32Array | Int32Array | Int8Array | Uint8Array;

/** A tensor whose shape is stated. */
export interface ShapedTensor {
  readonly data: TensorData;
  readonly shape: readonly number[];
}

/** Extents that a dimension may take: from `min` to `max`, `step` apart (default 1). */
export interface ExtentRange {
  readonly min: number;
  readonly max: number;
  readonly step?: number;
}

/** An axis of an input that each run may give another extent. Axes of one symbol have the same one. */
export interface OpenAxis extends Required<ExtentRange> {
  readonly axis: number;
  readonly symbol: string;
}

/** An input or output of a model. ONNX `int64` is int32 here, `bool` uint8, `float16` and `double` float32. */
export interface TensorPort {
  readonly name: string;
  readonly dtype: "float32" | "int32" | "int8" | "uint8";
  /** The largest extents, where axes are open. */
  readonly shape: readonly number[];
  /** Open axes of an input; absent where there are none. */
  readonly open?: readonly OpenAxis[];
}

/** How to open a model. */
export interface ModelOptions {
  /**
   * Extents of the dimensions that an ONNX file leaves open, or ranges within which they stay open, by the file's
   * symbol, or by input and axis: `{ batch: 1, "tokens:1": { min: 1, max: 128 } }`. A plan needs none: its open axes
   * take their extents from the inputs of each run.
   */
  readonly bind?: Readonly<Record<string, number | ExtentRange>>;
  /** `false` runs models on the main thread; the first model that is opened decides. Default: a worker. */
  readonly worker?: boolean;
  /**
   * Where it runs. `auto` begins on the CPU and times both in a quiet moment after the first run; a battery that runs
   * low and a wish for reduced data keep it on the CPU. Default: what `<meta name="nearshelf-backend">` says, else `auto`.
   */
  readonly backend?: BackendChoice;
}

/** Who computes a model. */
export type Backend = "cpu" | "gpu";
/** What a page asks for. */
export type BackendChoice = Backend | "auto";

/** Where a model runs and why: for people who want to know. */
export interface BackendStatus {
  readonly backend: Backend;
  readonly choice: BackendChoice;
  /** Why it runs there, in English. */
  readonly reason: string;
  /** The adapter, once one was asked for. */
  readonly adapter?: string;
  /** Medians of the comparison, where there was one. */
  readonly cpuMillis?: number;
  readonly gpuMillis?: number;
  /** Dispatches of a run on the GPU. */
  readonly dispatches?: number;
  /** Runs that the CPU finished because the GPU could not. */
  readonly rescued: number;
}

/** A model of the page's own, in wasm memory until it is closed. */
export interface LocalModel {
  readonly inputs: readonly TensorPort[];
  readonly outputs: readonly TensorPort[];
  /** `tract`: an operator that plans lack makes it run in a slower fallback. */
  readonly executor: "plan" | "tract";
  /**
   * Runs once; arrays by the name of the input, answers by the name of the output. An input with one open axis may have
   * any length that fits; with several, state its shape. Where an input has a shape, so do the answers.
   */
  run(inputs: Readonly<Record<string, TensorData>>): Promise<Readonly<Record<string, TensorData>>>;
  run(inputs: Readonly<Record<string, TensorData | ShapedTensor>>): Promise<Readonly<Record<string, ShapedTensor>>>;
  /** Where it runs, and why. */
  backend(): Promise<BackendStatus>;
  /** Runs it elsewhere from now on. */
  setBackend(choice: BackendChoice): Promise<void>;
  /** Frees its memory. */
  close(): Promise<void>;
}

/** A catalogue's embeddings: `values` of `dimensions` times as many rows as `scales`, row by row; row times scale is the vector. */
export interface ItemEmbeddings {
  readonly dimensions: number;
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/** How embeddings are searched, and where. */
export interface ItemOptions extends Omit<ModelOptions, "bind"> {
  /**
   * On the CPU, a tenth of the memory is read first, and of most rows nothing else: several times faster from some ten thousand rows on, and of a hundred
   * rows one may be missed. Opening takes longer. Default: `false`, all rows are read.
   */
  readonly approximate?: boolean;
}

/** Items with their inner products, the largest first. */
export interface ClosestItems {
  readonly items: Int32Array;
  readonly scores: Float32Array;
}

/** Embeddings in memory until they are closed. */
export interface ItemSearch extends Pick<LocalModel, "backend" | "setBackend" | "close"> {
  /**
   * The `count` items with the largest inner products; more than 256 are found on the CPU. `wanted` lets items pass: a bit each, the
   * first in the lowest bit of the first word.
   */
  closest(query: Float32Array, count: number, wanted?: Uint32Array): Promise<ClosestItems>;
}
