import { transfer } from "comlink";
import { NearshelfError } from "../client/error.js";
import { answer } from "./answer.js";
import { fetchBytes } from "./fetch.js";
import type { Bindings, Tensors, WasmModel } from "./model.js";
import { cachedPlan } from "./plan-cache.js";
import type { Answer, ModelHost, OpenedModel, Simd } from "./protocol.js";
import { startCompiler, startWasm } from "./wasm.js";

/** The first bytes of a plan file. */
const PLAN_MAGIC = "NSPL";

/** Owns the models that a page opened. */
export class Models implements ModelHost {
  readonly #open = new Map<number, WasmModel>();
  #opened = 0;

  open(source: string | Uint8Array<ArrayBuffer>, bind: Bindings, simd: Simd): Promise<Answer<OpenedModel>> {
    return answer(async () => {
      const bytes = typeof source === "string" ? await fetchBytes(source, "model-unreachable", "default") : source;
      const { model, executor } = await read(bytes, bind, simd);
      const id = (this.#opened += 1);
      this.#open.set(id, model);
      return { id, executor, inputs: model.inputs, outputs: model.outputs };
    });
  }

  async run(id: number, inputs: Tensors): Promise<Answer<Tensors>> {
    const outputs = await answer(() => {
      const model = this.#open.get(id);
      if (!model) throw new NearshelfError("disposed", "this model was closed: open it again");
      return model.run(inputs);
    });
    // Moved to the page rather than copied.
    return "value" in outputs
      ? transfer(outputs, Object.values(outputs.value).map(({ buffer }) => buffer as ArrayBuffer))
      : outputs;
  }

  close(id: number): Promise<Answer<undefined>> {
    return answer(() => {
      this.#open.get(id)?.free();
      this.#open.delete(id);
      return undefined;
    });
  }
}

async function read(
  bytes: Uint8Array<ArrayBuffer>,
  bind: Bindings,
  simd: Simd,
): Promise<{ model: WasmModel; executor: OpenedModel["executor"] }> {
  const starting = startWasm(simd);
  const isPlan = new TextDecoder("latin1").decode(bytes.subarray(0, PLAN_MAGIC.length)) === PLAN_MAGIC;
  try {
    const plan = isPlan ? bytes : await cachedPlan(bytes, bind, () => compile(bytes, bind));
    const { Model } = await starting;
    return { model: new Model(plan), executor: "plan" };
  } catch (cause) {
    const error = NearshelfError.from(cause, "model-invalid");
    if (isPlan || error.code !== "unsupported-operator") throw error;
    const { TractModel } = await startCompiler();
    const model = new TractModel(bytes, bind);
    console.info(`nearshelf: ${error.message}; this model runs in the slower fallback`);
    return { model, executor: "tract" };
  }
}

async function compile(onnx: Uint8Array, bind: Bindings): Promise<Uint8Array<ArrayBuffer>> {
  const { compileOnnx } = await startCompiler();
  return compileOnnx(onnx, bind);
}
