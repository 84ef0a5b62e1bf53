/** The models' part of the wasm's JavaScript API, as `src/web` and `src/web_onnx` bind it. */

import type { ExtentRange, ShapedTensor, TensorData, TensorPort } from "../client/types.js";

/** Arrays by the name of the input or output, with their shapes where those are stated. */
export type Tensors = Readonly<Record<string, TensorData | ShapedTensor>>;
/** Extents of open dimensions by symbol, and ranges of those that stay open. */
export type Bindings = Readonly<Record<string, number | ExtentRange>>;

/** A model in wasm memory. Throws errors that carry a `code`. */
export interface WasmModel {
  readonly inputs: readonly TensorPort[];
  readonly outputs: readonly TensorPort[];
  run(inputs: Tensors): Tensors;
  free(): void;
}

/** Takes a plan into wasm memory as it arrives. Throws errors that carry a `code`. */
export interface ModelReader {
  push(bytes: Uint8Array): void;
  /** The model, once all bytes are there; the reader is gone then, as after an error of this. */
  finish(): WasmModel;
  free(): void;
}

/** What `nearshelf.wasm` offers for models. */
export interface ModelModule {
  default(): Promise<unknown>;
  ModelReader: new () => ModelReader;
}

/** What `nearshelf_onnx.wasm` offers. */
export interface OnnxModule {
  default(): Promise<unknown>;
  /** Starts the wasm anew; what it held is lost. */
  __wbg_reset_state(): void;
  compileOnnx(onnx: Uint8Array, bind: Bindings): Uint8Array<ArrayBuffer>;
  TractModel: new (onnx: Uint8Array, bind: Bindings) => WasmModel;
}
