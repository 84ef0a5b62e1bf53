/**
 * What this machine's SIMD unit gives to wasm: register-blocked products whose operands stay in the first-level cache,
 * without packing, requantization or edges. Written as WebAssembly text, so that nothing stands between the
 * instructions meant and those measured.
 */

import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(import.meta.dirname, "../../../www/package.json"));

/** A: [ROWS, DEPTH] row-major at 0; B: panels of [DEPTH, TILE] at B; C: [ROWS, COLUMNS] at C, 4 bytes a value. */
const [ROWS, DEPTH, COLUMNS, TILE] = [16, 256, 32, 8];
const [B, C] = [32 << 10, 64 << 10];
/** What the page has to know of the module. */
export const PEAK_LAYOUT = { rows: ROWS, depth: DEPTH, columns: COLUMNS, tile: TILE, bOffset: B, cOffset: C };
const PAGES = 2;

const load = (offset) => `(v128.load offset=${offset} (local.get $b))`;
const splat = (offset) => `(v128.load32_splat offset=${offset} (local.get $a))`;

/**
 * `rows`: of A at a time, by TILE columns; `step`: depth a turn; `aBytes`, `bBytes`: a value's width;
 * `weights`: vectors of B a turn, those of the tile's left and right half by turns; `inputs(at)`: of A a row; `sum`: the
 * next sum of half a row.
 */
const KERNELS = {
  // Every product rounded, then every sum.
  f32: {
    rows: 4, step: 1, aBytes: 4, bBytes: 4, weights: [load(0), load(16)], inputs: (at) => [splat(at)],
    sum: (acc, [w]) => `(f32x4.add ${acc} (f32x4.mul (local.get $x0) ${w}))`,
  },
  f32_relaxed: {
    rows: 4, step: 1, aBytes: 4, bBytes: 4, weights: [load(0), load(16)], inputs: (at) => [splat(at)],
    sum: (acc, [w]) => `(f32x4.relaxed_madd (local.get $x0) ${w} ${acc})`,
  },
  // A widened beforehand, B on the fly: exact for all 8-bit values.
  int8: {
    rows: 4, step: 2, aBytes: 2, bBytes: 1, inputs: (at) => [splat(at)],
    weights: [`(i16x8.extend_low_i8x16_s ${load(0)})`, `(i16x8.extend_high_i8x16_s ${load(0)})`],
    sum: (acc, [w]) => `(i32x4.add ${acc} (i32x4.dot_i16x8_s (local.get $x0) ${w}))`,
  },
  // B has 7 bits; four products to an i32 at once.
  int8_relaxed: {
    rows: 4, step: 4, aBytes: 1, bBytes: 1, weights: [load(0), load(16)], inputs: (at) => [splat(at)],
    sum: (acc, [w]) => `(i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get $x0) ${w} ${acc})`,
  },
  // A and B have 7 bits: two pairs of products fit into an i16 before they are widened.
  int7_relaxed: {
    rows: 2, step: 8, aBytes: 1, bBytes: 1, weights: [load(0), load(16), load(32), load(48)], inputs: (at) => [splat(at), splat(at + 4)],
    sum: (acc, [w, v]) =>
      `(i32x4.add ${acc} (i32x4.dot_i16x8_s (v128.const i16x8 1 1 1 1 1 1 1 1) (i16x8.add
         (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $x0) ${w}) (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $x1) ${v}))))`,
  },
};

function kernel(name, { rows, step, aBytes, bBytes, weights, inputs, sum }) {
  const accumulators = Array.from({ length: rows * 2 }, (_, i) => `$acc${i}`);
  const lines = [];
  for (const [i, w] of weights.entries()) lines.push(`(local.set $w${i} ${w})`);
  for (let row = 0; row < rows; row++) {
    for (const [i, x] of inputs(row * DEPTH * aBytes).entries()) lines.push(`(local.set $x${i} ${x})`);
    for (const half of [0, 1]) {
      const acc = accumulators[row * 2 + half];
      const operands = weights.map((_, i) => `(local.get $w${i})`).filter((_, i) => i % 2 === half);
      lines.push(`(local.set ${acc} ${sum(`(local.get ${acc})`, operands)})`);
    }
  }
  const stores = accumulators.map((acc, i) => {
    const offset = C + Math.floor(i / 2) * COLUMNS * 4 + (i % 2) * 16;
    return `(v128.store offset=${offset} (local.get $c) (local.get ${acc}))`;
  });
  const locals = [...accumulators, ...weights.map((_, i) => `$w${i}`), ...inputs(0).map((_, i) => `$x${i}`)];
  return `
  (func (export "${name}") (param $times i32)
    (local $a i32) (local $b i32) (local $c i32) (local $i i32) (local $j i32) (local $end i32)
    ${locals.map((local) => `(local ${local} v128)`).join(" ")}
    (loop $again
      (local.set $j (i32.const 0))
      (loop $columns
        (local.set $i (i32.const 0))
        (loop $rows
          ${accumulators.map((acc) => `(local.set ${acc} (v128.const i32x4 0 0 0 0))`).join(" ")}
          (local.set $a (i32.mul (local.get $i) (i32.const ${DEPTH * aBytes})))
          (local.set $b (i32.add (i32.const ${B}) (i32.mul (local.get $j) (i32.const ${DEPTH * bBytes}))))
          (local.set $end (i32.add (local.get $a) (i32.const ${DEPTH * aBytes})))
          (loop $depth
            ${lines.join("\n            ")}
            (local.set $b (i32.add (local.get $b) (i32.const ${step * TILE * bBytes})))
            (local.set $a (i32.add (local.get $a) (i32.const ${step * aBytes})))
            (br_if $depth (i32.lt_u (local.get $a) (local.get $end))))
          (local.set $c (i32.add (i32.mul (local.get $i) (i32.const ${COLUMNS * 4})) (i32.mul (local.get $j) (i32.const 4))))
          ${stores.join(" ")}
          (br_if $rows (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const ${rows}))) (i32.const ${ROWS}))))
        (br_if $columns (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const ${TILE}))) (i32.const ${COLUMNS}))))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))`;
}

/** The module's bytes: a function a kernel, which computes C as often as its argument says; and its memory. */
export async function assemblePeak() {
  const { default: binaryen } = await import(require.resolve("binaryen"));
  const text = `(module (memory (export "memory") ${PAGES}) ${Object.entries(KERNELS).map(([name, shape]) => kernel(name, shape)).join("")})`;
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.SIMD128 | binaryen.Features.RelaxedSIMD);
  try {
    if (!module.validate()) throw new Error("the microkernels are no valid WebAssembly");
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}
