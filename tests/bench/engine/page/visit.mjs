/**
 * One visit, as a shopper makes it: from the page's start to the first result of one model on one runtime.
 * The address says which: `?runtime=ort&model=bert-mini&bind={}`; with `in-memory` all of the model is there before
 * the session is made, else it may arrive meanwhile. `visited` resolves to the times in milliseconds.
 */

import { wasmMemoryBytes, wasmReadyAt } from "./watch.mjs";
import { open, STREAMS } from "./runtimes.mjs";
import { bytesOf, fetchArrays, fetchFile } from "./sources.mjs";

async function visit(runtime, model, bind, inMemory) {
  const file = fetchFile(runtime, model);
  const source = STREAMS.has(runtime) && !inMemory ? file : bytesOf(file);
  const [create, inputs, opened] = await Promise.all([open(runtime), fetchArrays(`/models/${model}.npz`), source]);
  const begin = performance.now();
  const run = await create(opened, bind, inputs);
  const created = performance.now();
  await run();
  const done = performance.now();
  for (let turn = 0; turn < 3; turn++) await run();
  return {
    // onnxruntime-web starts its wasm with the first session: that part isn't the session's.
    createMillis: created - Math.max(begin, wasmReadyAt()),
    firstRunMillis: done - created,
    firstResultMillis: done,
    memoryBytes: wasmMemoryBytes(),
  };
}

const asked = new URLSearchParams(location.search);
globalThis.visited = visit(asked.get("runtime"), asked.get("model"), JSON.parse(asked.get("bind")), asked.has("in-memory"));
