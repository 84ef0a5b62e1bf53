/**
 * One visit, as a shopper makes it: from the page's start to the first result of one model on one runtime.
 * The address says which: `?runtime=ort&model=bert-mini&bind={}`. `visited` resolves to the times in milliseconds.
 */

import { wasmMemoryBytes, wasmReadyAt } from "./watch.mjs";
import { open } from "./runtimes.mjs";
import { fetchModel } from "./sources.mjs";

async function visit(runtime, model, bind) {
  const [create, { bytes, inputs }] = await Promise.all([open(runtime), fetchModel(runtime, model)]);
  const begin = performance.now();
  const run = await create(bytes, bind, inputs);
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
globalThis.visited = visit(asked.get("runtime"), asked.get("model"), JSON.parse(asked.get("bind")));
