import { NearshelfError } from "../client/error.js";
import type { GpuDevice, ModelModule } from "./model.js";

/** What browsers tell of an adapter. */
interface Gpu {
  requestAdapter(options: { powerPreference: "high-performance" }): Promise<{
    readonly info: { readonly vendor: string; readonly architecture: string; readonly description: string };
  } | null>;
}

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
  /** The adapter's name, as far as the browser tells it. */
  adapter = "an adapter";

  constructor(module: ModelModule) {
    this.#module = module;
  }

  /** Rejects with `gpu-absent` where there is none, and with `gpu-lost` until it is time to ask again. */
  async get(): Promise<GpuDevice> {
    this.noteLoss();
    if (this.#device) return this.#device;
    if (performance.now() < this.#notBefore) throw new NearshelfError("gpu-lost", "the GPU was lost and is left alone for a while");
    this.#asked ??= this.#ask().finally(() => (this.#asked = undefined));
    return this.#asked;
  }

  /** Lets the device go if it is lost, and begins to wait. */
  noteLoss(): void {
    if (this.#device?.lost === undefined) return;
    this.#device.free();
    this.#device = undefined;
    const now = performance.now();
    if (now - this.#since > LONGEST_WAIT_MILLIS) this.#waitMillis = FIRST_WAIT_MILLIS;
    this.#notBefore = now + this.#waitMillis;
    this.#waitMillis = Math.min(this.#waitMillis * 2, LONGEST_WAIT_MILLIS);
  }

  async #ask(): Promise<GpuDevice> {
    try {
      const { gpu } = navigator as { gpu?: Gpu };
      const found = gpu?.requestAdapter({ powerPreference: "high-performance" });
      this.#device = await this.#module.GpuDevice.request();
      const { vendor = "", architecture = "", description = "" } = (await found)?.info ?? {};
      this.adapter = [vendor, architecture, description].filter(Boolean).join(" ") || this.adapter;
      this.#since = performance.now();
      return this.#device;
    } catch (cause) {
      this.#notBefore = performance.now() + LONGEST_WAIT_MILLIS;
      throw cause;
    }
  }
}
