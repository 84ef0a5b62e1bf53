import { NearshelfError, type NearshelfErrorCode } from "../client/error.js";
import type { ChatWasm } from "../chat/types.js";
import type { ModelModule, OnnxModule } from "./model.js";
import type { Simd } from "./protocol.js";
import type { SearchModule } from "./search.js";
import type { ShardModule } from "./shards.js";
import type { ShelfModule } from "./shelf.js";
import type { VisionModule } from "./vision-module.js";

/** Fetches and starts `nearshelf.wasm`. Both builds have the same glue, which finds the baseline one by itself. */
export function startWasm(simd: Simd): Promise<ShelfModule & ModelModule> {
  const relaxed = new URL("../pkg/relaxed/nearshelf_bg.wasm", import.meta.url);
  const build = simd === "relaxed" ? { module_or_path: relaxed } : undefined;
  return start("nearshelf.wasm", () => import("nearshelf-wasm"), build);
}

/** Fetches and starts `nearshelf_search.wasm`. */
export function startSearch(): Promise<SearchModule> {
  return start("nearshelf_search.wasm", () => import("nearshelf-wasm/search"));
}

/** Fetches and starts `nearshelf_shards.wasm`, which only packs with shards need. */
export function startShards(): Promise<ShardModule> {
  return start("nearshelf_shards.wasm", () => import("nearshelf-wasm/shards"));
}

/** Fetches and starts `nearshelf_onnx.wasm`, which is large: only a raw model needs it. */
export function startCompiler(): Promise<OnnxModule> {
  return start("nearshelf_onnx.wasm", () => import("nearshelf-wasm/onnx"));
}

/** Fetches and starts `nearshelf_chat.wasm`, which only pages with the chat need. */
export function startChat(): Promise<{ readonly Chat: new () => ChatWasm }> {
  return start("nearshelf_chat.wasm", () => import("nearshelf-wasm/chat"));
}

/** Fetches and starts `nearshelf_vision.wasm`, which only pages need where things are tried on or looked at. */
export function startVision(): Promise<VisionModule> {
  return start("nearshelf_vision.wasm", () => import("nearshelf-wasm/vision"));
}

/** What starts a module; by default with the wasm that lies beside its glue. */
type Init = (from?: { readonly module_or_path: URL }) => Promise<unknown>;

async function start<M extends { default: Init }>(
  name: string,
  load: () => Promise<M>,
  build?: { readonly module_or_path: URL },
): Promise<M> {
  try {
    const module = await load();
    await module.default(build);
    return module;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    const blocked = cause instanceof WebAssembly.CompileError && /Content.Security.Policy/i.test(detail);
    const code: NearshelfErrorCode = blocked ? "wasm-blocked" : "wasm-unavailable";
    const remedy = blocked ? " Add 'wasm-unsafe-eval' to script-src." : "";
    throw new NearshelfError(code, `${name} did not start: ${detail}.${remedy}`, { cause });
  }
}
