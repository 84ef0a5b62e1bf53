import { transfer } from "comlink";
import { NearshelfError } from "../client/error.js";
import { answer } from "./answer.js";
import { fetchPieces } from "./fetch.js";
import type { BackendChoice, BackendStatus, ItemEmbeddings } from "../client/types.js";
import { Device } from "./device.js";
import { type Bindings, elements, type ModelModule, type ModelReader, type OnnxModule, type Placeable, type PlanModel, type Tensors, type WasmModel } from "./model.js";
import { PlacedModel } from "./placed.js";
import { cachedPlan } from "./plan-cache.js";
import type { Answer, ModelHost, OpenedModel, Simd, Where } from "./protocol.js";
import { Visibility } from "./visibility.js";
import { startCompiler, startWasm } from "./wasm.js";

/** The first bytes of a plan file. */
const PLAN_MAGIC = "NSPL";

/** A model in the module that it lives in. */
type Opened = { readonly executor: "plan"; readonly model: PlanModel; readonly module: ModelModule } | { readonly executor: "tract"; readonly model: WasmModel };

/** A model as the host asks it. */
interface Held {
  readonly executor: OpenedModel["executor"];
  run(inputs: Tensors): Promise<Tensors>;
  status(): BackendStatus;
  setBackend(choice: BackendChoice): Promise<void>;
  close(): Promise<void>;
}

/** Owns the models that a page opened. */
export class Models implements ModelHost {
  readonly #open = new Map<number, Held>();
  #opened = 0;
  #device: Device | undefined;
  readonly #visibility = new Visibility();

  open(source: string | Uint8Array<ArrayBuffer>, bind: Bindings, simd: Simd, where: Where): Promise<Answer<OpenedModel>> {
    return answer(async () => {
      const opened = await this.#guarded(() => read(source, bind, simd, (module, reader) => this.#prepare(module, reader, where)));
      const { executor, model } = opened;
      const id = (this.#opened += 1);
      this.#open.set(id, opened.executor === "plan" ? this.#placed(opened.model, opened.model.fingerprint, opened.module, where) : this.#inFallback(model));
      return { id, executor, inputs: model.inputs, outputs: model.outputs };
    });
  }

  openItems({ dimensions, values, scales }: ItemEmbeddings, approximate: boolean, simd: Simd, where: Where): Promise<Answer<number>> {
    return answer(async () => {
      const module = await startWasm(simd);
      const id = (this.#opened += 1);
      const items = new module.Items(dimensions, values, scales, approximate);
      // One question for all: of few items, and of none that a filter keeps out.
      const example = { query: new Float32Array(dimensions).fill(1), count: Int32Array.of(20) };
      this.#open.set(id, this.#placed(items, `${dimensions}x${scales.length}`, module, where, example));
      return id;
    });
  }

  async run(id: number, inputs: Tensors): Promise<Answer<Tensors>> {
    const outputs = await answer(() => this.#held(id).run(inputs));
    // Moved to the page rather than copied.
    return "value" in outputs
      ? transfer(outputs, Object.values(outputs.value).map((output) => elements(output).buffer as ArrayBuffer))
      : outputs;
  }

  backend(id: number): Promise<Answer<BackendStatus>> {
    return answer(() => this.#held(id).status());
  }

  setBackend(id: number, choice: BackendChoice): Promise<Answer<undefined>> {
    return answer(() => this.#held(id).setBackend(choice) as Promise<undefined>);
  }

  setShown(shown: boolean): Promise<Answer<undefined>> {
    return answer(() => this.#visibility.set(shown));
  }

  close(id: number): Promise<Answer<undefined>> {
    return answer(async () => {
      const held = this.#open.get(id);
      this.#open.delete(id);
      await held?.close();
      return undefined;
    });
  }

  #held(id: number): Held {
    const held = this.#open.get(id);
    if (!held) throw new NearshelfError("disposed", "this model was closed: open it again");
    return held;
  }

  #placed(model: Placeable, fingerprint: string, module: ModelModule, where: Where, example?: Tensors): Held {
    const placed = new PlacedModel(model, fingerprint, this.#deviceOf(module), this.#visibility, where, example);
    return Object.assign(placed, { executor: "plan" as const });
  }

  /** Shaders of a plan that goes to the GPU are compiled while its weights arrive. */
  #prepare(module: ModelModule, reader: ModelReader, { choice }: Where): void {
    if (choice !== "gpu") return;
    const prepare = this.#deviceOf(module).get().then((device) => reader.prepareFor(device));
    // Where there is no device, or the plan is there before it, the first run tells and does what is to do.
    prepare.catch(() => undefined);
  }

  #deviceOf(module: ModelModule): Device {
    return (this.#device ??= new Device(module));
  }

  /** A model of the compiler's module, which the CPU alone runs. */
  #inFallback(model: WasmModel): Held {
    return {
      executor: "tract",
      run: (inputs) => this.#guarded(() => inCompiler(() => model.run(inputs))),
      status: () => ({ backend: "cpu", choice: "cpu", reason: "plans lack an operator of this model", rescued: 0 }),
      setBackend: () => Promise.resolve(),
      close: () => Promise.resolve(model.free()),
    };
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
/** Is told when a plan begins to arrive. */
type Begun = (module: ModelModule, reader: ModelReader) => void;

/** The wasm is fetched and started while the model arrives. */
async function read(source: string | Bytes, bind: Bindings, simd: Simd, begun: Begun): Promise<Opened> {
  const starting = startWasm(simd);
  // Where the model can't be had, that is the error to tell.
  starting.catch(() => undefined);
  const pieces = typeof source === "string" ? fetchPieces(source, "model-unreachable", "default") : begunWith(source);
  const head = await joined(pieces, PLAN_MAGIC.length);
  const isPlan = new TextDecoder("latin1").decode(head.subarray(0, PLAN_MAGIC.length)) === PLAN_MAGIC;
  try {
    return await (isPlan
      ? readPlan(starting, begunWith(head, pieces), begun)
      : readOnnx(starting, await joined(begunWith(head, pieces)), bind, begun));
  } catch (cause) {
    throw NearshelfError.from(cause, "model-invalid");
  }
}

/** A plan goes into wasm memory piece by piece: it is held nowhere else. */
async function readPlan(starting: Promise<ModelModule>, pieces: Pieces, begun: Begun): Promise<Opened> {
  const module = await starting;
  const reader = new module.ModelReader();
  begun(module, reader);
  try {
    for await (const piece of pieces) reader.push(piece);
  } catch (cause) {
    reader.free();
    throw cause;
  }
  return { model: reader.finish(), executor: "plan", module };
}

async function readOnnx(starting: Promise<ModelModule>, onnx: Bytes, bind: Bindings, begun: Begun): Promise<Opened> {
  try {
    return await readPlan(starting, begunWith(await cachedPlan(onnx, bind, () => compile(onnx, bind))), begun);
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
