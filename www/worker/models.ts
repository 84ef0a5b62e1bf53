import { transfer } from "comlink";
import { NearshelfError } from "../client/error.js";
import { answer } from "./answer.js";
import { fetchPieces } from "./fetch.js";
import type { TensorData } from "../client/types.js";
import type { Bindings, ModelModule, OnnxModule, Tensors, WasmModel } from "./model.js";
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
      const opened = await this.#guarded(() => read(source, bind, simd));
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
      ? transfer(outputs, Object.values(outputs.value).map((output) => elements(output).buffer as ArrayBuffer))
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

type Bytes = Uint8Array<ArrayBuffer>;
type Pieces = AsyncGenerator<Bytes, void, undefined>;

/** The wasm is fetched and started while the model arrives. */
async function read(source: string | Bytes, bind: Bindings, simd: Simd): Promise<Opened> {
  const starting = startWasm(simd);
  // Where the model can't be had, that is the error to tell.
  starting.catch(() => undefined);
  const pieces = typeof source === "string" ? fetchPieces(source, "model-unreachable", "default") : begunWith(source);
  const head = await joined(pieces, PLAN_MAGIC.length);
  const isPlan = new TextDecoder("latin1").decode(head.subarray(0, PLAN_MAGIC.length)) === PLAN_MAGIC;
  try {
    return await (isPlan
      ? readPlan(starting, begunWith(head, pieces))
      : readOnnx(starting, await joined(begunWith(head, pieces)), bind));
  } catch (cause) {
    throw NearshelfError.from(cause, "model-invalid");
  }
}

/** A plan goes into wasm memory piece by piece: it is held nowhere else. */
async function readPlan(starting: Promise<ModelModule>, pieces: Pieces): Promise<Opened> {
  const { ModelReader } = await starting;
  const reader = new ModelReader();
  try {
    for await (const piece of pieces) reader.push(piece);
  } catch (cause) {
    reader.free();
    throw cause;
  }
  return { model: reader.finish(), executor: "plan" };
}

async function readOnnx(starting: Promise<ModelModule>, onnx: Bytes, bind: Bindings): Promise<Opened> {
  try {
    return await readPlan(starting, begunWith(await cachedPlan(onnx, bind, () => compile(onnx, bind))));
  } catch (cause) {
    const error = NearshelfError.from(cause);
    // tract prepares a model for one shape.
    const staysOpen = Object.values(bind).some((extent) => typeof extent === "object");
    if (error.code !== "unsupported-operator" || staysOpen) throw error;
    const model = await inCompiler(({ TractModel }) => new TractModel(onnx, bind));
    console.info(`nearshelf: ${error.message}; this model runs in the slower fallback`);
    return { model, executor: "tract" };
  }
}

function elements(tensor: Tensors[string]): TensorData {
  return "data" in tensor ? tensor.data : tensor;
}

async function* begunWith(head: Bytes, rest?: Pieces): Pieces {
  yield head;
  if (rest) yield* rest;
}

/** The pieces up to the one with which there are `least` bytes, as one. */
async function joined(pieces: Pieces, least = Infinity): Promise<Bytes> {
  const taken: Bytes[] = [];
  for (let length = 0; length < least; ) {
    const { value } = await pieces.next();
    if (!value) break;
    taken.push(value);
    length += value.length;
  }
  const [only = new Uint8Array(), ...others] = taken;
  return others.length === 0 ? only : new Uint8Array(await new Blob(taken).arrayBuffer());
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
