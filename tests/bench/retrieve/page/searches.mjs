/** Ways to find the closest rows. Each takes the data and gives `(query) => rows` in an object, with `filtered` where it can. */

import { stored } from "./data.mjs";
import { matMulTopK } from "./onnx.mjs";

export const SEARCHES = { exact: nearshelf(false), sketch: nearshelf(true), plain, read, ort, voy, hnsw };

function nearshelf(approximate) {
  return async ({ dimensions, values, scales, wanted }, k) => {
    const { default: start, Items } = await import("/wasm/relaxed/nearshelf.js");
    await start();
    const items = new Items(dimensions, values, scales, approximate);
    const count = Int32Array.of(k);
    return { search: (query) => items.run({ query, count }).items, filtered: (query) => items.run({ query, count, wanted }).items };
  };
}

let opened;
async function ofPlain({ count, dimensions, values, scales, wanted }) {
  if (opened?.values === values) return opened.exports;
  const { instance } = await WebAssembly.instantiateStreaming(fetch("/wasm/plain.wasm"));
  const { exports } = instance;
  exports.open(count, dimensions);
  new Int8Array(exports.memory.buffer).set(values, exports.address(0));
  new Float32Array(exports.memory.buffer).set(scales, exports.address(1) / 4);
  new Uint32Array(exports.memory.buffer).set(wanted, exports.address(2) / 4);
  opened = { values, exports };
  return exports;
}

async function plain(data, k) {
  const exports = await ofPlain(data);
  const run = (filtered) => (query) => {
    new Float32Array(exports.memory.buffer).set(query, exports.address(3) / 4);
    const found = exports.scan(k, filtered);
    return new Int32Array(exports.memory.buffer, exports.address(4), found).slice();
  };
  return { search: run(0), filtered: run(1) };
}

/** Finds nothing. */
async function read(data) {
  const exports = await ofPlain(data);
  return { search: () => exports.read() };
}

async function ort(data, k) {
  const ort = await import("/ort/ort.wasm.min.mjs");
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = "/ort/";
  ort.env.logLevel = "error";
  const session = await ort.InferenceSession.create(matMulTopK(stored(data), data, k));
  const search = async (query) => {
    const { items } = await session.run({ query: new ort.Tensor("float32", query, [1, data.dimensions]) });
    return Int32Array.from(items.data, Number);
  };
  return { search };
}

async function voy(data, k) {
  const glue = await import("/voy/voy_search_bg.js");
  const { instance } = await WebAssembly.instantiateStreaming(fetch("/voy/voy_search_bg.wasm"), { "./voy_search_bg.js": glue });
  glue.__wbg_set_wasm(instance.exports);
  const rows = stored(data);
  const embedding = (row) => Array.from(rows.subarray(row * data.dimensions, (row + 1) * data.dimensions));
  const embeddings = Array.from({ length: data.count }, (_, row) => ({ id: String(row), title: "", url: "", embeddings: embedding(row) }));
  const index = new glue.Voy({ embeddings });
  return { search: (query) => Int32Array.from(index.search(query, k).neighbors, ({ id }) => Number(id)) };
}

/** With what it searches before it answers: more, and it finds more. */
const EF = 64;
async function hnsw(data, k) {
  const { loadHnswlib } = await import("/hnsw/hnswlib.js");
  const library = await loadHnswlib();
  const index = new library.HierarchicalNSW("ip", data.dimensions, "");
  index.initIndex(data.count, 16, 200, 100);
  const rows = stored(data);
  for (let row = 0; row < data.count; row++) index.addPoint(rows.subarray(row * data.dimensions, (row + 1) * data.dimensions), row, false);
  index.setEfSearch(EF);
  return { search: (query) => Int32Array.from(index.searchKnn(query, k, undefined).neighbors) };
}
