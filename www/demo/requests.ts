import type { Nearshelf } from "nearshelf";

/**
 * Requests that this page and the widget's worker have made since everything was loaded, as the browser itself counts
 * them: what a worker asks for is not in the page's own timings.
 *
 * Pictures from the pack are blob URLs, which are no requests, and what the cache answers asks nobody: browsers
 * look the page's icon up again at every change of its address.
 */
export class RequestCounter extends EventTarget {
  readonly #client: Nearshelf;
  #page = 0;
  #worker = 0;
  #since = Number.POSITIVE_INFINITY;
  /** How many the worker had made when counting began. Its clock may differ from the page's. */
  #workerBefore: Promise<number> | undefined;

  constructor(client: Nearshelf) {
    super();
    this.#client = client;
    if (typeof PerformanceObserver === "undefined") return;
    new PerformanceObserver((list) => {
      const entries = list.getEntries() as PerformanceResourceTiming[];
      const made = entries.filter((entry) => performance.timeOrigin + entry.startTime > this.#since && isRequest(entry));
      this.#set(this.#page + made.length, this.#worker);
    }).observe({ type: "resource", buffered: false });
  }

  get count(): number {
    return this.#page + this.#worker;
  }

  /** Counts from now on. */
  start(): void {
    this.#since = Math.min(this.#since, performance.timeOrigin + performance.now());
    this.#workerBefore ??= this.#madeByWorker();
  }

  /** Asks the worker, which tells nothing of its own accord. */
  async ask(): Promise<void> {
    if (!this.#workerBefore) return;
    const before = await this.#workerBefore;
    this.#set(this.#page, Math.max(0, (await this.#madeByWorker()) - before));
  }

  async #madeByWorker(): Promise<number> {
    return (await this.#client.requests().catch(() => [])).length;
  }

  #set(page: number, worker: number): void {
    if (page === this.#page && worker === this.#worker) return;
    this.#page = page;
    this.#worker = worker;
    this.dispatchEvent(new Event("change"));
  }
}

function isRequest({ name, transferSize, decodedBodySize }: PerformanceResourceTiming): boolean {
  return /^https?:/.test(name) && !(transferSize === 0 && decodedBodySize > 0);
}

/** Bytes of a pack as its manifest states them; `undefined` where it can't be read. */
export async function packBytes(pack: string): Promise<number | undefined> {
  try {
    const response = await fetch(new URL("manifest.json", pack));
    if (!response.ok) return undefined;
    return sumOfSizes(await response.json());
  } catch {
    return undefined;
  }
}

function sumOfSizes(manifest: unknown): number | undefined {
  const { chunks, models } = (manifest ?? {}) as { chunks?: unknown; models?: unknown };
  const files: unknown[] = [chunks, models].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  const sizes = files.map((file) => (file as { size_bytes?: unknown } | null)?.size_bytes);
  const known = sizes.filter((size) => typeof size === "number");
  return known.length > 0 ? known.reduce((sum, size) => sum + size, 0) : undefined;
}
