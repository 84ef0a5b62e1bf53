import { transfer } from "comlink";
import { NearshelfError } from "../client/error.js";
import { answer } from "./answer.js";
import { fetchBytes } from "./fetch.js";
import type { Bindings, OnnxModule, Tensors, WasmModel } from "./model.js";
import { cachedPlan } from "./plan-cache.js";
import type { Answer, ModelHost, OpenedModel, Simd } from "./protocol.js";
import { startCompiler, startWasm } from "./wasm.js";

/** The first bytes of a plan file. */
const PLAN_MAGIC = "NSPL";

/** A model, and the module it lives in. */
interface Opened {
  readonly model: WasmModel;
  readonly executor: OpenedModel["executor"];
}

/** Owns the models that a page opened. */
export class Models implements ModelHost {
  readonly #open = new Map<number, Opened>();
  #opened = 0;

  open(source: string | Uint8Array<ArrayBuffer>, bind: Bindings, simd: Simd): Promise<Answer<OpenedModel>> {
    return answer(async () => {
      const bytes = typeof source === "string" ? await fetchBytes(source, "model-unreachable", "default") : source;
      const opened = await this.#guarded(() => read(bytes, bind, simd));
      const id = (this.#opened += 1);
      this.#open.set(id, opened);
      const { model, executor } = opened;
      return { id, executor, inputs: model.inputs, outputs: model.outputs };
    });
  }

  async run(id: number, inputs: Tensors): Promise<Answer<Tensors>> {
    const outputs = await answer(() => {
      const opened = this.#open.get(id);
      if (!opened) throw new NearshelfError("disposed", "this model was closed: open it again");
      const { model, executor } = opened;
      return executor === "tract" ? this.#guarded(() => inCompiler(() => model.run(inputs))) : model.run(inputs);
    });
    // Moved to the page rather than copied.
    return "value" in outputs
      ? transfer(outputs, Object.values(outputs.value).map(({ buffer }) => buffer as ArrayBuffer))
      : outputs;
  }

  close(id: number): Promise<Answer<undefined>> {
    return answer(() => {
      this.#open.get(id)?.model.free();
      this.#open.delete(id);
      return undefined;
    });
  }

  /** Forgets the models of the compiler's module when that crashed. */
  async #guarded<T>(compute: () => Promise<T>): Promise<T> {
    try {
      return await compute();
    } catch (cause) {
      if (NearshelfError.from(cause).code === "model-crashed") {
        for (const [id, { executor }] of this.#open) if (executor === "tract") this.#open.delete(id);
      }
      throw cause;
    }
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
    const model = await inCompiler(({ TractModel }) => new TractModel(bytes, bind));
    console.info(`nearshelf: ${error.message}; this model runs in the slower fallback`);
    return { model, executor: "tract" };
  }
}

function compile(onnx: Uint8Array, bind: Bindings): Promise<Uint8Array<ArrayBuffer>> {
  return inCompiler(({ compileOnnx }) => compileOnnx(onnx, bind));
}

/**
 * What `compute` gives in the compiler's module. When a file or its values make that trap (tract panics, or its
 * memory is used up), nothing can be said of its memory: it is started anew, and the models in it are lost.
 */
async function inCompiler<T>(compute: (module: OnnxModule) => T): Promise<T> {
  const module = await startCompiler();
  try {
    return compute(module);
  } catch (cause) {
    if (!(cause instanceof WebAssembly.RuntimeError || cause instanceof RangeError)) throw cause;
    module.__wbg_reset_state();
    const remedy = "check the file with onnx.checker, or open a smaller model";
    throw new NearshelfError("model-crashed", `the model made its module fail (${cause.message}): ${remedy}`, { cause });
  }
}
