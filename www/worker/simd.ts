import type { Simd } from "./protocol.js";

/** A wasm module of one function that returns a v128 made by `instructions`. */
function moduleWith(...instructions: number[]): Uint8Array<ArrayBuffer> {
  const body = [0x00, ...instructions, 0x0b]; // no locals … end
  const magicAndVersion = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const types = [1, 5, 1, 0x60, 0, 1, 0x7b]; // () -> v128
  const functions = [3, 2, 1, 0];
  const code = [10, body.length + 2, 1, body.length, ...body];
  return new Uint8Array([...magicAndVersion, ...types, ...functions, ...code]);
}

const SPLAT = [0x41, 0x00, 0xfd, 0x0f]; // i32.const 0, i8x16.splat
const RELAXED_SWIZZLE = [0xfd, 0x80, 0x02]; // i8x16.relaxed_swizzle

/**
 * The best build that this browser accepts; `undefined` where it has no SIMD at all.
 *
 * Asked on the main thread, so that worker and fallback run the same build.
 */
export function bestSimd(): Simd | undefined {
  if (typeof WebAssembly !== "object") return undefined;
  if (WebAssembly.validate(moduleWith(...SPLAT, ...SPLAT, ...RELAXED_SWIZZLE))) return "relaxed";
  return WebAssembly.validate(moduleWith(...SPLAT)) ? "baseline" : undefined;
}
