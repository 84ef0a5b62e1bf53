import { NearshelfError } from "../client/error.js";
import type { Nearshelf } from "../client/types.js";
import { unwrap } from "../worker/answer.js";
import type { VisionHost } from "../worker/protocol.js";
import { type Measure, MEASURES, type SizeChart } from "./types.js";
import type { Advised, Measured } from "./view.js";

/** Longest text that is read of a chart, in bytes. */
const MOST_BYTES = 64 * 1024;

/** A shop's chart: its address; or itself, as CSV (with line breaks) or an object. */
export type ChartSource = string | object;

/** The shop's size chart, what the shopper measured, and which size fits. */
export class SizeAdvisor {
  readonly #changed: () => void;
  #asked: ChartSource | undefined;
  chart: SizeChart | undefined;
  measured: Measured = { unit: "cm", values: {}, preference: "regular", keep: false, notKept: false };
  advised: Advised | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Reads the chart, the same for everybody, and what the shopper has had kept. */
  async open(host: VisionHost, client: Nearshelf, source: ChartSource | undefined): Promise<void> {
    if (source === this.#asked) return;
    this.#asked = source;
    this.chart = this.advised = undefined;
    let chart: SizeChart | undefined;
    try {
      chart = source === undefined ? undefined : unwrap(await host.chart(await content(source)));
    } catch (cause) {
      // It can be asked for again.
      if (source === this.#asked) this.#asked = undefined;
      throw cause;
    }
    if (source !== this.#asked) return;
    this.chart = chart;
    const kept = chart && (await client.history.measurements());
    const values = Object.fromEntries(MEASURES.flatMap((measure) => (kept?.[measure] === undefined ? [] : [[measure, kept[measure]]])));
    if (kept) this.measured = { ...this.measured, unit: kept.unit, values, keep: true };
    else if (chart) this.measured = { ...this.measured, unit: chart.unit };
    this.#changed();
  }

  /** Another shopper may be next: what was typed goes, unless it is kept with the history anyway. The chart stays. */
  forget(): void {
    this.advised = undefined;
    if (!this.measured.keep) this.measured = { ...this.measured, values: {}, preference: "regular", notKept: false };
  }

  async measure(client: Nearshelf, change: Partial<Measured>): Promise<void> {
    this.measured = { ...this.measured, ...change, notKept: false };
    this.advised = undefined;
    this.#changed();
    // Taken back, they go at once; kept, they are when advice is asked for.
    if (change.keep === false) await client.history.setMeasurements(undefined);
  }

  async advise(host: VisionHost, client: Nearshelf): Promise<void> {
    const { chart, measured } = this;
    if (!chart) return;
    const { unit, values, preference, keep } = measured;
    const given = MEASURES.filter((measure: Measure) => values[measure] !== undefined);
    const answer = given.length === 0 ? undefined : await host.advise(chart, { unit, ...values }, preference);
    if (!answer) this.advised = "no-measure";
    else if ("value" in answer) this.advised = answer.value;
    else if (answer.error.code === "measurements-invalid") this.advised = "wrong-measure";
    else unwrap(answer);
    if (keep && typeof this.advised === "object") {
      const kept = await client.history.setMeasurements({ unit, ...values });
      this.measured = { ...this.measured, notKept: !kept };
    }
    this.#changed();
  }
}

async function content(source: ChartSource): Promise<string | object> {
  if (typeof source === "object" || source.includes("\n")) return source;
  const response = await fetch(new URL(source, document.baseURI), { referrerPolicy: "no-referrer" });
  if (!response.ok) throw new Error(`the size chart ${source} can't be read: the server answered ${response.status}`);
  const text = await bounded(response, source);
  return text.trimStart().startsWith("{") ? (JSON.parse(text) as object) : text;
}

/** The text of an answer, of which no more is read than a chart has. */
async function bounded({ body }: Response, source: string): Promise<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  for (let read = await reader?.read(); read?.value; read = await reader?.read()) {
    bytes += read.value.length;
    if (bytes > MOST_BYTES) {
      void reader?.cancel();
      throw new NearshelfError("size-chart-invalid", `the size chart ${source} has more than 64 KiB: give one garment's sizes, 60 at most`);
    }
    text += decoder.decode(read.value, { stream: true });
  }
  return text + decoder.decode();
}
