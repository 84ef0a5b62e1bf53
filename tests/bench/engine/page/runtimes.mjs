/**
 * The runtimes, all behind one interface: `await open(name)` starts the wasm; `create(bytes, bind, inputs)` makes a
 * session and resolves to a `run()` that resolves to `{output: typed array}`, with the inputs converted beforehand.
 * Those in `STREAMS` take a response in the bytes' place, and make the session while it arrives.
 */

export const STREAMS = new Set(["relaxed", "baseline"]);

const STARTS = {
  relaxed: () => nearshelf("/wasm/relaxed/nearshelf.js"),
  baseline: () => nearshelf("/wasm/baseline/nearshelf.js"),
  ort: onnxruntime,
  tract,
  rten,
  // For visits: what a page and its files take without any runtime.
  none: async () => () => () => ({}),
};

export function open(name) {
  return STARTS[name]();
}

async function nearshelf(address) {
  const { default: start, ModelReader } = await import(address);
  await start();
  return async (plan, _bind, inputs) => {
    const model = new ModelReader();
    if (plan instanceof Response) {
      const pieces = plan.body.getReader();
      for (let piece; (piece = (await pieces.read()).value); ) model.push(piece);
    } else {
      model.push(plan);
    }
    return session(model.finish(), inputs);
  };
}

/** Nearshelf's fallback module, in which tract itself runs the model. */
async function tract() {
  const { default: start, TractModel } = await import("/wasm/onnx/nearshelf_onnx.js");
  await start();
  return (onnx, bind, inputs) => session(new TractModel(onnx, bind), inputs);
}

/** Runs of a model of ours, the inputs converted beforehand. */
export function session(model, inputs) {
  const feed = {};
  for (const { name, dtype } of model.inputs) {
    const { data } = inputs[name];
    // Plans hold indexes as int32.
    feed[name] = dtype === "int32" && data instanceof BigInt64Array ? Int32Array.from(data, Number) : data;
  }
  return () => model.run(feed);
}

const ORT_TYPES = { Float32Array: "float32", BigInt64Array: "int64", Int32Array: "int32", Int8Array: "int8", Uint8Array: "uint8" };

async function onnxruntime() {
  const ort = await import("/ort/ort.wasm.min.mjs");
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = "/ort/";
  ort.env.logLevel = "error";
  return async (onnx, _bind, inputs) => {
    const opened = await ort.InferenceSession.create(onnx, { executionProviders: ["wasm"] });
    const tensor = ({ shape, data }) => new ort.Tensor(ORT_TYPES[data.constructor.name], data, shape);
    const feed = Object.fromEntries(opened.inputNames.map((name) => [name, tensor(inputs[name])]));
    return async () => {
      const outputs = await opened.run(feed);
      return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data]));
    };
  };
}

async function rten() {
  const { default: start, Model, Tensor } = await import("/wasm/rten/rten.js");
  await start();
  return (onnx, _bind, inputs) => {
    const model = new Model(onnx);
    const [inputIds, outputIds] = [model.inputIds(), model.outputIds()];
    const nameOf = (id) => model.nodeInfo(id).name();
    const feeds = Array.from(inputIds, (id) => {
      const { shape, data } = inputs[nameOf(id)];
      // rten has one integer type for indexes.
      return { shape: Uint32Array.from(shape), data: data instanceof Float32Array ? data : Int32Array.from(data, Number) };
    });
    const tensor = ({ shape, data }) => (data instanceof Float32Array ? Tensor.floatTensor(shape, data) : Tensor.intTensor(shape, data));
    return () => {
      // A run consumes its inputs.
      const outputs = model.run(inputIds, feeds.map(tensor), outputIds);
      const entries = outputs.map((output, i) => [nameOf(outputIds[i]), output.floatData() ?? output.intData()]);
      for (const output of outputs) output.free();
      return Object.fromEntries(entries);
    };
  };
}
