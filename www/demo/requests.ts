import type { Nearshelf } from "nearshelf";

/** Parts of the widget that fetch files of their own once their page is opened. */
const PARTS = ["chat", "vision"] as const;
export type Part = (typeof PARTS)[number];

/** One request, and the part that made it. */
interface Counted {
  readonly timeMillis: number;
  readonly fromCache: boolean;
  readonly part: Part | undefined;
}

/** Workers tell the page of their own accord, the page is not told of that: so often is it looked up. */
const LOOK_EVERY_MILLIS = 500;

/**
 * Requests that this page and all of the widget's workers have made since everything was loaded, as the browser itself
 * counts them: what a worker asks for is not in the page's own timings.
 *
 * Pictures from the pack are blob URLs, which are no requests, and what the cache answers asks nobody: browsers
 * look the page's icon up again at every change of its address.
 */
export class RequestCounter extends EventTarget {
  readonly #client: Nearshelf;
  readonly #page: Counted[] = [];
  #workers: readonly Counted[] = [];
  #since = Number.POSITIVE_INFINITY;

  constructor(client: Nearshelf) {
    super();
    this.#client = client;
    if (typeof PerformanceObserver === "undefined") return;
    new PerformanceObserver((list) => {
      this.#page.push(...(list.getEntries() as PerformanceResourceTiming[]).filter(({ name }) => /^https?:/.test(name)).map(ofPage));
      this.dispatchEvent(new Event("change"));
    }).observe({ type: "resource", buffered: false });
  }

  /** All of them, or those of a part. */
  count(part?: Part): number {
    const counts = (one: Counted) => one.timeMillis > this.#since && !one.fromCache && (part === undefined || one.part === part);
    return [...this.#page, ...this.#workers].filter(counts).length;
  }

  /** Counts from now on. */
  start(): void {
    if (this.#since !== Number.POSITIVE_INFINITY) return;
    this.#since = performance.timeOrigin + performance.now();
    setInterval(() => void this.#look(), LOOK_EVERY_MILLIS);
  }

  async #look(): Promise<void> {
    const made = await this.#client.requests();
    if (made.length === this.#workers.length) return;
    this.#workers = made.map(({ timeMillis, fromCache, worker }) => ({ timeMillis, fromCache, part: PARTS.find((part) => part === worker) }));
    this.dispatchEvent(new Event("change"));
  }
}

function ofPage({ name, startTime, transferSize, decodedBodySize }: PerformanceResourceTiming): Counted {
  return {
    timeMillis: performance.timeOrigin + startTime,
    fromCache: transferSize === 0 && decodedBodySize > 0,
    part: PARTS.find((part) => name.includes(`/nearshelf-${part}-`)),
  };
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
