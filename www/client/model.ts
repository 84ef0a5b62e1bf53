import { unwrap } from "../worker/answer.js";
import type { Tensors } from "../worker/model.js";
import type { ModelHost } from "../worker/protocol.js";
import { bestSimd } from "../worker/simd.js";
import { type Connection, connect } from "./connection.js";
import { NearshelfError } from "./error.js";
import type { LocalModel, ModelOptions } from "./types.js";

/** One worker a page for all its models. */
let connection: Promise<Connection<ModelHost>> | undefined;

/**
 * Opens a model of the page's own: a plan (`nearshelf compile`), or an ONNX file, which is compiled here by a second,
 * larger wasm module and kept for the next visit.
 *
 * `source` is an address or the file's bytes. Rejects with a {@link NearshelfError} that says what is wrong with the
 * model: `not-onnx`, `unsupported-operator`, `unbound-dimension`, `model-invalid` …
 */
export async function openModel(
  source: string | URL | ArrayBuffer | Uint8Array<ArrayBuffer>,
  options: ModelOptions = {},
): Promise<LocalModel> {
  const simd = bestSimd();
  if (!simd) throw new NearshelfError("simd-missing", "this browser runs no WebAssembly SIMD: update the browser");
  const { host } = await connected(options.worker ?? true);
  const opened = unwrap(await host.open(sourceOf(source), options.bind ?? {}, simd));
  return {
    inputs: opened.inputs,
    outputs: opened.outputs,
    executor: opened.executor,
    run: (async (inputs: Tensors) => unwrap(await host.run(opened.id, inputs))) as LocalModel["run"],
    close: async () => unwrap(await host.close(opened.id)),
  };
}

async function connected(mayUseWorker: boolean): Promise<Connection<ModelHost>> {
  connection ??= connect("models", mayUseWorker);
  try {
    return await connection;
  } catch (cause) {
    // The next model may try again: what it needs may load by then.
    connection = undefined;
    throw NearshelfError.from(cause);
  }
}

function sourceOf(source: string | URL | ArrayBuffer | Uint8Array<ArrayBuffer>): string | Uint8Array<ArrayBuffer> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  try {
    return new URL(source, document.baseURI).href;
  } catch (cause) {
    throw new NearshelfError("request-invalid", `"${String(source)}" is no address of a model`, { cause });
  }
}
