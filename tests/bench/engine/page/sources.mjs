/** Fetches what a run needs. */

import { readNpz } from "./npz.mjs";

/** The ending of the file that a runtime is given. */
export const FILES = { relaxed: "plan", baseline: "plan", ort: "onnx", tract: "onnx", rten: "onnx", none: "plan" };

async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}

/** All of a response. */
export async function bytesOf(response) {
  return new Uint8Array(await (await response).arrayBuffer());
}

/** Named arrays of an .npz file. */
export async function fetchArrays(address) {
  return readNpz((await bytesOf(fetched(address))).buffer);
}

/** A response with a model as `runtime` takes it. */
export function fetchFile(runtime, model) {
  return fetched(`/models/${model}.${FILES[runtime]}`);
}

/** A model as `runtime` takes it, and its inputs. */
export async function fetchModel(runtime, model) {
  const [bytes, inputs] = await Promise.all([bytesOf(fetchFile(runtime, model)), fetchArrays(`/models/${model}.npz`)]);
  return { bytes, inputs };
}
