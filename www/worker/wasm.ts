import { NearshelfError, type NearshelfErrorCode } from "../client/error.js";
import type { ModelModule, OnnxModule } from "./model.js";
import type { Simd } from "./protocol.js";
import type { ShelfModule } from "./shelf.js";

/** Fetches and starts `nearshelf.wasm`. */
export function startWasm(simd: Simd): Promise<ShelfModule & ModelModule> {
  return start("nearshelf.wasm", () =>
    simd === "relaxed" ? import("nearshelf-wasm/relaxed") : import("nearshelf-wasm/baseline"),
  );
}

/** Fetches and starts `nearshelf_onnx.wasm`, which is large: only a raw model needs it. */
export function startCompiler(): Promise<OnnxModule> {
  return start("nearshelf_onnx.wasm", () => import("nearshelf-wasm/onnx"));
}

async function start<M extends { default(): Promise<unknown> }>(name: string, load: () => Promise<M>): Promise<M> {
  try {
    const module = await load();
    await module.default();
    return module;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    const blocked = cause instanceof WebAssembly.CompileError && /Content.Security.Policy/i.test(detail);
    const code: NearshelfErrorCode = blocked ? "wasm-blocked" : "wasm-unavailable";
    const remedy = blocked ? " Add 'wasm-unsafe-eval' to script-src." : "";
    throw new NearshelfError(code, `${name} did not start: ${detail}.${remedy}`, { cause });
  }
}
