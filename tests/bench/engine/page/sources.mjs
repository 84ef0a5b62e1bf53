/** Fetches what a run needs. */

import { readNpz } from "./npz.mjs";

/** The ending of the file that a runtime is given. */
const FILES = { relaxed: "plan", baseline: "plan", ort: "onnx", tract: "onnx", rten: "onnx" };

async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.arrayBuffer();
}

/** Named arrays of an .npz file. */
export async function fetchArrays(address) {
  return readNpz(await fetched(address));
}

/** A model as `runtime` takes it, and its inputs. */
export async function fetchModel(runtime, model) {
  const [file, inputs] = await Promise.all([fetched(`/models/${model}.${FILES[runtime]}`), fetchArrays(`/models/${model}.npz`)]);
  return { bytes: new Uint8Array(file), inputs };
}
