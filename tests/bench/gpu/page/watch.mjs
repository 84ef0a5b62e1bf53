/** Counts what a page asks of WebGPU: dispatches, bytes that cross, and the device's time. Imported before runtimes. */

/** Passes whose time is told; more in one run are counted without. */
const MOST_PASSES = 2048;
const TIME_BYTES = 16;

const counts = { dispatches: 0, up: 0, down: 0 };
let timer;
let passes = 0;

/** Calls `before(this, arguments)` ahead of a method, and passes on what it returns as the arguments. */
function wrap(prototype, name, before) {
  const original = prototype[name];
  prototype[name] = function (...given) {
    return original.apply(this, before.call(this, given) ?? given);
  };
}

const adapters = globalThis.GPUAdapter?.prototype;
if (adapters) {
  const requestDevice = adapters.requestDevice;
  adapters.requestDevice = async function (descriptor = {}) {
    const requiredFeatures = new Set([...(descriptor.requiredFeatures ?? []), "timestamp-query"]);
    const can = [...requiredFeatures].filter((feature) => this.features.has(feature));
    const device = await requestDevice.call(this, { ...descriptor, requiredFeatures: can });
    if (can.includes("timestamp-query")) timers.set(device, makeTimer(device));
    return device;
  };
  wrap(GPUComputePassEncoder.prototype, "dispatchWorkgroups", () => void counts.dispatches++);
  wrap(GPUQueue.prototype, "writeBuffer", ([buffer, at, data, from = 0, size]) => {
    const unit = data.BYTES_PER_ELEMENT ?? 1;
    counts.up += size === undefined ? data.byteLength - from * unit : size * unit;
  });
  wrap(GPUBuffer.prototype, "mapAsync", function ([mode, , size]) {
    if (mode === GPUMapMode.READ) counts.down += size ?? this.size;
  });
  wrap(GPUDevice.prototype, "createCommandEncoder", function () {
    timer = timers.get(this);
  });
  wrap(GPUCommandEncoder.prototype, "beginComputePass", function ([descriptor = {}]) {
    if (!timer || passes >= MOST_PASSES) return [descriptor];
    const first = 2 * passes++;
    const timestampWrites = { querySet: timer.queries, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 };
    return [{ ...descriptor, timestampWrites }];
  });
}

const timers = new Map();

function makeTimer(device) {
  const usage = GPUBufferUsage;
  return {
    device,
    queries: device.createQuerySet({ type: "timestamp", count: 2 * MOST_PASSES }),
    resolved: device.createBuffer({ size: MOST_PASSES * TIME_BYTES, usage: usage.QUERY_RESOLVE | usage.COPY_SRC }),
    read: device.createBuffer({ size: MOST_PASSES * TIME_BYTES, usage: usage.MAP_READ | usage.COPY_DST }),
  };
}

/** What `run` asks of the device: dispatches, bytes up and down, passes, and their milliseconds where it tells. */
export async function watched(run) {
  Object.assign(counts, { dispatches: 0, up: 0, down: 0 });
  passes = 0;
  await run();
  const seen = { ...counts, passes };
  if (!timer || passes === 0) return seen;
  const { device, queries, resolved, read } = timer;
  const encoder = device.createCommandEncoder();
  encoder.resolveQuerySet(queries, 0, 2 * seen.passes, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, read, 0, seen.passes * TIME_BYTES);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(GPUMapMode.READ);
  const times = new BigUint64Array(read.getMappedRange(0, seen.passes * TIME_BYTES).slice(0));
  read.unmap();
  let nanos = 0n;
  for (let pass = 0; pass < seen.passes; pass++) nanos += times[2 * pass + 1] - times[2 * pass];
  return { ...seen, gpuMillis: Number(nanos) / 1e6 };
}
