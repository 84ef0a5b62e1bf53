/** Measures the microkernels of `tests/bench/engine/peak.mjs`. */

const SAMPLE_MILLIS = 4;
const WARM_UP_CALLS = 300;
/** By kernel: types of A, B and C, and how many values of a column of B lie side by side. */
const OPERANDS = {
  f32: [Float32Array, Float32Array, Float32Array, 1],
  f32_relaxed: [Float32Array, Float32Array, Float32Array, 1],
  int8: [Int16Array, Int8Array, Int32Array, 2],
  int8_relaxed: [Int8Array, Int8Array, Int32Array, 4],
  int7_relaxed: [Int8Array, Int8Array, Int32Array, 4],
};

let starting;

async function start() {
  const { instance } = await WebAssembly.instantiateStreaming(fetch("/wasm/peak.wasm"));
  const layout = await (await fetch("/wasm/peak.json")).json();
  const { memory, ...kernels } = instance.exports;
  const run = (name, times) => {
    const begin = performance.now();
    kernels[name](times);
    return performance.now() - begin;
  };
  const times = {};
  for (const name of Object.keys(kernels)) {
    fill(memory.buffer, name, layout);
    for (let call = 0; call < WARM_UP_CALLS; call++) kernels[name](1);
    check(memory.buffer, name, layout);
    times[name] = Math.ceil((SAMPLE_MILLIS * 100) / Math.max(run(name, 100), 0.1));
  }
  return { memory, times, run, layout };
}

/** Values from -1 to 1, or of 6 bits: nothing overflows or is rounded, and no denormal slows a float. */
function fill(buffer, name, { bOffset }) {
  const [A, B] = OPERANDS[name];
  for (const values of [new A(buffer, 0, bOffset / A.BYTES_PER_ELEMENT), new B(buffer, bOffset, bOffset / B.BYTES_PER_ELEMENT)]) {
    for (let i = 0; i < values.length; i++) {
      const sixBits = ((i * 2654435761) >>> 20) % 64;
      values[i] = values instanceof Float32Array ? sixBits / 32 - 1 : sixBits;
    }
  }
}

/** Throws where a kernel computes anything but the product: its speed would mean nothing. */
function check(buffer, name, { rows, depth, columns, tile, bOffset, cOffset }) {
  const [A, B, C, group] = OPERANDS[name];
  const [a, b, c] = [new A(buffer, 0, rows * depth), new B(buffer, bOffset, depth * columns), new C(buffer, cOffset, rows * columns)];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = Math.floor(column / tile) * depth * tile + (column % tile) * group;
      let sum = 0;
      for (let k = 0; k < depth; k++) sum += a[row * depth + k] * b[at + Math.floor(k / group) * tile * group + (k % group)];
      const found = c[row * columns + column];
      if (found !== sum) throw new Error(`microkernel ${name}: ${found} at ${row},${column}, expected ${sum}`);
    }
  }
}

/** Billions of multiply-adds a second, by kernel. */
export async function measurePeak() {
  const { memory, times, run, layout } = await (starting ??= start());
  const multiplyAdds = layout.rows * layout.depth * layout.columns;
  const rate = (name) => {
    fill(memory.buffer, name, layout);
    return (times[name] * multiplyAdds) / run(name, times[name]) / 1e6;
  };
  return Object.fromEntries(Object.keys(times).map((name) => [name, rate(name)]));
}
