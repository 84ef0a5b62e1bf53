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

/** What runs on the CPU, and on a device that it was put on. */
export interface Placeable {
  run(inputs: Tensors): Tensors;
  free(): void;
  /** Dispatches of a run on the device. */
  readonly dispatches?: number | undefined;
  /** Throws `gpu-…` where that can't be. */
  putOnGpu(device: GpuDevice): void;
  takeOffGpu(): void;
  /** Throws `gpu-…` where the CPU has to do it. Until it is settled, nothing else may be asked of it. */
  runOnGpu(inputs: Tensors): Promise<Tensors>;
}

/** A model that is a plan. */
export interface PlanModel extends WasmModel, Placeable {
  /** What tells it from other models. */
  readonly fingerprint: string;
}

/** A device that models are put on. */
export interface GpuDevice {
  /** Its driver computes on the CPU. */
  readonly isSoftware: boolean;
  /** Why it is gone, if it is. */
  readonly lost: string | undefined;
}

/** Takes a plan into wasm memory as it arrives. Throws errors that carry a `code`. */
export interface ModelReader {
  push(bytes: Uint8Array): void;
  /** Has a device compile the plan's shaders as soon as the plan's graph is there, while constants arrive. */
  prepareFor(device: GpuDevice): void;
  /** The model, once all bytes are there; the reader is gone then, as after an error of this. */
  finish(): PlanModel;
  free(): void;
}

/** What `nearshelf.wasm` offers for models. */
export interface ModelModule {
  ModelReader: new () => ModelReader;
  /** Embeddings, asked `{query, count, wanted?}` for `{items, scores}`. */
  Items: new (dimensions: number, values: Int8Array, scales: Float32Array, approximate: boolean) => Placeable;
  /** Throws `gpu-absent` where there is none. `near` is the least size of subgroups, where the device is given any. */
  GpuDevice: { request(near?: number): Promise<GpuDevice> };
}

/** What `nearshelf_onnx.wasm` offers. */
export interface OnnxModule {
  /** Starts the wasm anew; what it held is lost. */
  __wbg_reset_state(): void;
  compileOnnx(onnx: Uint8Array, bind: Bindings): Uint8Array<ArrayBuffer>;
  TractModel: new (onnx: Uint8Array, bind: Bindings) => WasmModel;
}

/** The array of a tensor. */
export function elements(tensor: Tensors[string]): TensorData {
  return "data" in tensor ? tensor.data : tensor;
}
