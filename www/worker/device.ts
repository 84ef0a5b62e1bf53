import { NearshelfError } from "../client/error.js";
import type { GpuDevice, ModelModule } from "./model.js";

/** What browsers tell of an adapter, and what is asked of it. */
interface Adapter {
  readonly info: { readonly vendor: string; readonly architecture: string; readonly description: string; readonly subgroupMinSize?: number };
  readonly features: ReadonlySet<string>;
  requestDevice(descriptor: { requiredFeatures?: readonly string[] }): Promise<unknown>;
}

interface Gpu {
  requestAdapter(options: { powerPreference: "high-performance" }): Promise<Adapter | null>;
}

const SUBGROUPS = "subgroups";

/** How long the first loss is waited out; each further one twice as long. */
const FIRST_WAIT_MILLIS = 1000;
const LONGEST_WAIT_MILLIS = 60_000;

/** The thread's GPU device, which its models share. After a loss it is asked for anew, later each time. */
export class Device {
  readonly #module: ModelModule;
  #device: GpuDevice | undefined;
  #asked: Promise<GpuDevice> | undefined;
  #waitMillis = FIRST_WAIT_MILLIS;
  #since = 0;
  #notBefore = 0;
  /** What is told until then. */
  #refusal = new NearshelfError("gpu-absent", "no GPU was asked for");
  /** The adapter's name, as far as the browser tells it. */
  adapter = "an adapter";

  constructor(module: ModelModule) {
    this.#module = module;
  }

  /** Rejects with `gpu-absent` where there is none, and with `gpu-lost` until it is time to ask again. */
  async get(): Promise<GpuDevice> {
    this.noteLoss();
    if (this.#device) return this.#device;
    if (performance.now() < this.#notBefore) throw this.#refusal;
    this.#asked ??= this.#ask().finally(() => (this.#asked = undefined));
    return this.#asked;
  }

  /** Lets the device go if it is lost, and begins to wait. */
  noteLoss(): void {
    const lost = this.#device?.lost;
    if (lost === undefined) return;
    this.#device = undefined;
    const now = performance.now();
    if (now - this.#since > LONGEST_WAIT_MILLIS) this.#waitMillis = FIRST_WAIT_MILLIS;
    this.#refuse(new NearshelfError("gpu-lost", `the GPU was lost and is left alone for a while: ${lost}`), this.#waitMillis);
    this.#waitMillis = Math.min(this.#waitMillis * 2, LONGEST_WAIT_MILLIS);
  }

  #refuse(refusal: NearshelfError, forMillis: number): void {
    this.#refusal = refusal;
    this.#notBefore = performance.now() + forMillis;
  }

  async #ask(): Promise<GpuDevice> {
    try {
      const { gpu } = navigator as { gpu?: Gpu };
      const { info, features } = (await gpu?.requestAdapter({ powerPreference: "high-performance" }).catch(() => null)) ?? {};
      const near = features?.has(SUBGROUPS) ? info?.subgroupMinSize : undefined;
      const ask = () => this.#module.GpuDevice.request(near);
      const device = await (gpu && near ? withSubgroups(gpu, ask) : ask());
      this.adapter = [info?.vendor, info?.architecture, info?.description].filter(Boolean).join(" ") || this.adapter;
      this.#device = device;
      this.#since = performance.now();
      return device;
    } catch (cause) {
      const refusal = NearshelfError.from(cause, "gpu-absent");
      this.#refuse(refusal, LONGEST_WAIT_MILLIS);
      throw refusal;
    }
  }
}

/** What `ask` gives, with subgroups for the device that is asked for meanwhile: wgpu has no name for them in browsers. */
async function withSubgroups<T>(gpu: Partial<Gpu>, ask: () => Promise<T>): Promise<T> {
  const { requestAdapter } = gpu;
  gpu.requestAdapter = async (options) => {
    const adapter = (await requestAdapter?.call(gpu as Gpu, options)) ?? null;
    if (!adapter?.features.has(SUBGROUPS)) return adapter;
    const { requestDevice } = adapter;
    adapter.requestDevice = (descriptor) =>
      requestDevice.call(adapter, { ...descriptor, requiredFeatures: [...(descriptor.requiredFeatures ?? []), SUBGROUPS] });
    return adapter;
  };
  try {
    return await ask();
  } finally {
    // The browser's own shows again.
    delete gpu.requestAdapter;
  }
}
