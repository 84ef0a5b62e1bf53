import { type BackendStatus, openItems } from "nearshelf";
import { fill, h } from "./dom.js";
import type { Shop } from "./shop.js";

/** What is computed for the comparison: the 20 nearest of so many vectors. */
const [ITEMS, DIMENSIONS, NEAREST] = [100_000, 64, 20];
/** Longest wait for the comparison, which begins in a quiet moment. */
const PATIENCE_MILLIS = 15_000;
const LOOK_MILLIS = 200;

/** Compares the CPU and the GPU of this device on a catalogue without a pattern, when the reader asks for it. */
export class DeviceComparison {
  readonly element = h("section", { class: "comparison" });
  readonly #shop: Shop;
  readonly #rows = h("dl", { "aria-live": "polite" });
  #status: BackendStatus | "measuring" | undefined;

  constructor(shop: Shop) {
    this.#shop = shop;
  }

  render(): void {
    const { device } = this.#shop.words.status;
    const compare = h("button", { class: "button", type: "button", onclick: () => void this.#compare() }, device.compare);
    fill(this.element, h("h3", {}, device.title), h("p", { class: "quiet" }, device.note), compare, this.#rows);
    this.#refresh();
  }

  async #compare(): Promise<void> {
    if (this.#status === "measuring") return;
    this.#status = "measuring";
    this.#refresh();
    const failed = (error: unknown): BackendStatus => ({ backend: "cpu", choice: "auto", reason: String(error), rescued: 0 });
    this.#status = await measured().catch(failed);
    this.#refresh();
  }

  #refresh(): void {
    const { locale } = this.#shop;
    const { device } = this.#shop.words.status;
    const status = this.#status;
    const millis = (value: number | undefined) =>
      value !== undefined && Number.isFinite(value)
        ? new Intl.NumberFormat(locale, { style: "unit", unit: "millisecond", maximumSignificantDigits: 2 }).format(value)
        : "–";
    const rows: [string, string][] =
      status === undefined ? [] : status === "measuring" ? [[device.chosen, device.measuring]] : [
        [device.chosen, status.backend === "gpu" ? "WebGPU" : "CPU"],
        [device.cpu, millis(status.cpuMillis)],
        [device.gpu, millis(status.gpuMillis)],
        [device.adapter, status.adapter ?? "–"],
        [device.reason, status.reason],
      ];
    this.#rows.hidden = rows.length === 0;
    fill(this.#rows, rows.map(([term, value]) => [h("dt", {}, term), h("dd", {}, value)]));
  }
}

async function measured(): Promise<BackendStatus> {
  const values = crypto.getRandomValues(new Int8Array(65_536));
  const rows = new Int8Array(ITEMS * DIMENSIONS).map((_, at) => values[(at * 31) % values.length] ?? 0);
  const items = await openItems({ dimensions: DIMENSIONS, values: rows, scales: new Float32Array(ITEMS).fill(1 / 127) }, { backend: "auto" });
  try {
    await items.closest(new Float32Array(DIMENSIONS).map((_, at) => Math.sin(at)), NEAREST);
    const { reason: before } = await items.backend();
    const end = performance.now() + PATIENCE_MILLIS;
    for (;;) {
      await new Promise((next) => setTimeout(next, LOOK_MILLIS));
      const status = await items.backend();
      if (status.reason !== before || performance.now() > end) return status;
    }
  } finally {
    await items.close();
  }
}
