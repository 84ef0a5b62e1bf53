import { NearshelfError } from "../client/error.js";
import type { Backend, BackendChoice, BackendStatus } from "../client/types.js";
import { type Decision, decided } from "./decisions.js";
import type { Device } from "./device.js";
import type { GpuDevice, Placeable, Tensors } from "./model.js";
import { elements } from "./model.js";
import type { Where } from "./protocol.js";
import type { Visibility } from "./visibility.js";

/** Quiet time after a run before the backends are compared. */
const QUIET_MILLIS = 200;
/** Most timed runs of each backend, and about how long they may take. */
const ROUNDS = 5;
const BUDGET_MILLIS = 400;
/** Losses of the device in a row after which a model is taken to be what it can't bear. */
const MOST_LOSSES = 5;
/** The GPU has to be clearly faster: it costs power and memory, and it may be lost. */
const MARGIN = 0.8;
/** How far the GPU's floats may lie from the CPU's, as a part of the largest. */
const TOLERANCE = 1e-2;

/** A model, or embeddings, on whichever backend is chosen. Whatever becomes of the GPU, each run is answered. */
export class PlacedModel {
  readonly #model: Placeable;
  readonly #fingerprint: string;
  readonly #example: Tensors | undefined;
  readonly #device: Device;
  readonly #visibility: Visibility;
  readonly #saving: boolean;
  #choice: BackendChoice;
  #backend: Backend = "cpu";
  /** Why it was put there; the other is what was met last. */
  #why = "not compared yet";
  #reason = this.#why;
  /** Losses of the device in runs of this model, one after the other. */
  #losses = 0;
  #rescued = 0;
  #adapter: string | undefined;
  #measured: Decision | undefined;
  #on: GpuDevice | undefined;
  #dispatches: number | undefined;
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Settles when the last thing that was asked of the model is done. */
  #turn: Promise<unknown> = Promise.resolve();

  /** `fingerprint` tells the model from others; backends are compared on `example`, or on what was run. */
  constructor(model: Placeable, fingerprint: string, device: Device, visibility: Visibility, { choice, saving }: Where, example?: Tensors) {
    this.#model = model;
    this.#fingerprint = fingerprint;
    this.#example = example;
    this.#device = device;
    this.#visibility = visibility;
    this.#saving = saving;
    this.#choice = choice;
    this.#choose(choice);
  }

  run(inputs: Tensors): Promise<Tensors> {
    return this.#inTurn(async () => {
      clearTimeout(this.#timer);
      const outputs = await this.#compute(inputs);
      if (this.#choice === "auto" && !this.#measured && !this.#saving && !this.#closed) {
        const compare = this.#comparison(inputs);
        this.#timer = setTimeout(() => void this.#compareInSight(compare), QUIET_MILLIS);
      }
      return outputs;
    });
  }

  /** What is compared on: by default a copy of what was run, as the page's own arrays are the page's. */
  #comparison(inputs: Tensors): Tensors {
    return this.#example ?? structuredClone(inputs);
  }

  /** The last known state: nothing is asked of the wasm, which may be at work. */
  status(): BackendStatus {
    const dispatches = this.#dispatches;
    return {
      backend: this.#backend,
      choice: this.#choice,
      reason: this.#reason,
      rescued: this.#rescued,
      ...(this.#adapter !== undefined && { adapter: this.#adapter }),
      ...(dispatches !== undefined && { dispatches }),
      ...(this.#measured && { cpuMillis: this.#measured.cpuMillis, gpuMillis: this.#measured.gpuMillis }),
    };
  }

  setBackend(choice: BackendChoice): Promise<void> {
    return this.#inTurn(() => this.#choose(choice));
  }

  close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    return this.#inTurn(() => this.#model.free());
  }

  #choose(choice: BackendChoice): void {
    clearTimeout(this.#timer);
    this.#choice = choice;
    this.#measured = undefined;
    this.#use(choice === "gpu" ? "gpu" : "cpu", choice !== "auto" ? "asked for" : this.#saving ? "power or data is saved" : "not compared yet");
  }

  #use(backend: Backend, reason: string): void {
    this.#backend = backend;
    this.#why = this.#reason = reason;
    this.#losses = 0;
    if (backend === "cpu") this.#leave();
  }

  /** Takes the model off the device. */
  #leave(): void {
    if (this.#on) this.#model.takeOffGpu();
    this.#on = this.#dispatches = undefined;
  }

  async #compute(inputs: Tensors): Promise<Tensors> {
    if (this.#backend === "gpu") {
      try {
        const outputs = await this.#onGpu(inputs);
        this.#reason = this.#why;
        this.#losses = 0;
        return outputs;
      } catch (cause) {
        const { code, message } = NearshelfError.from(cause);
        // The CPU would say the same.
        if (code === "model-input-invalid" || code === "model-run-failed" || code === "request-invalid") throw cause;
        this.#rescued += 1;
        this.#reason = message;
        this.#device.noteLoss();
        // A lost device comes back, unless it is this model that it can't bear; what it can't do, it never can.
        if (code !== "gpu-lost") this.#use("cpu", message);
        else if (this.#on && ++this.#losses >= MOST_LOSSES) this.#use("cpu", `the GPU was lost ${MOST_LOSSES} times while it ran this`);
        else this.#leave();
      }
    }
    return this.#model.run(inputs);
  }

  async #onGpu(inputs: Tensors): Promise<Tensors> {
    await this.#place();
    return this.#model.runOnGpu(inputs);
  }

  async #place(): Promise<void> {
    const device = await this.#device.get();
    this.#adapter = this.#device.adapter;
    if (this.#on !== device) {
      if (device.lost !== undefined) throw new NearshelfError("gpu-lost", "the GPU was lost");
      this.#model.putOnGpu(device);
      this.#on = device;
      this.#dispatches = this.#model.dispatches;
    }
  }

  /** Compares when the page is in sight; runs don't wait for that. */
  async #compareInSight(inputs: Tensors): Promise<void> {
    await this.#visibility.shown();
    await this.#inTurn(() => this.#compare(inputs)).catch(() => undefined);
  }

  /** Times both backends, and keeps to the faster one. */
  async #compare(inputs: Tensors): Promise<void> {
    // Another run's comparison, or the page, may have settled it while this one waited.
    if (this.#measured || this.#choice !== "auto" || this.#closed) return;
    const { hides } = this.#visibility;
    try {
      const { isSoftware } = await this.#device.get();
      this.#adapter = this.#device.adapter;
      if (isSoftware) {
        this.#measured = { backend: "cpu", cpuMillis: NaN, gpuMillis: NaN };
        this.#use("cpu", "the adapter itself computes on the CPU");
        return;
      }
      const key = [this.#fingerprint, this.#adapter, navigator.userAgent];
      const measured = await decided(key, () => this.#measure(inputs));
      this.#measured = measured;
      this.#use(measured.backend, `${measured.backend === "gpu" ? "the GPU" : "the CPU"} was faster on this device`);
    } catch (cause) {
      // Gone out of sight while it was timed: the next run asks again.
      if (this.#visibility.hides > hides) return;
      this.#measured = { backend: "cpu", cpuMillis: NaN, gpuMillis: NaN };
      this.#use("cpu", NearshelfError.from(cause).message);
    }
  }

  async #measure(inputs: Tensors): Promise<Decision> {
    await this.#place();
    // The first runs make shaders and buffers, and show whether both say the same.
    if (!areAlike(await this.#model.runOnGpu(inputs), this.#model.run(inputs))) {
      throw new NearshelfError("gpu-refused", `${this.#adapter ?? "the adapter"} computes this model wrongly`);
    }
    const { hides } = this.#visibility;
    const [cpu, gpu]: [number[], number[]] = [[], []];
    const end = performance.now() + BUDGET_MILLIS;
    do {
      const begin = performance.now();
      this.#model.run(inputs);
      const between = performance.now();
      await this.#model.runOnGpu(inputs);
      cpu.push(between - begin);
      gpu.push(performance.now() - between);
    } while (cpu.length < ROUNDS && performance.now() < end);
    if (this.#visibility.hides > hides) throw new Error("the page went out of sight");
    const [cpuMillis, gpuMillis] = [median(cpu), median(gpu)];
    return { backend: gpuMillis < cpuMillis * MARGIN ? "gpu" : "cpu", cpuMillis, gpuMillis };
  }

  /** One after the other: while a run waits for the GPU, wasm takes no other call on the model. */
  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function areAlike(found: Tensors, wanted: Tensors): boolean {
  // Near ties may turn out either way in indexes; the floats that they come from tell.
  const outputs = Object.entries(wanted);
  const floats = outputs.filter(([, tensor]) => elements(tensor) instanceof Float32Array);
  return (floats.length > 0 ? floats : outputs).every(([name, tensor]) => {
    const other = found[name];
    const [values, others] = [Array.from(elements(tensor)), Array.from(other ? elements(other) : [])];
    if (values.length !== others.length) return false;
    const largest = values.reduce((most, value) => Math.max(most, Number.isFinite(value) ? Math.abs(value) : 0), 1e-6);
    return values.every((value, at) => {
      const other = others[at] ?? NaN;
      return Object.is(value, other) || Math.abs(value - other) <= largest * TOLERANCE;
    });
  });
}
