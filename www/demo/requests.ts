/**
 * Requests that this page has made since everything was loaded, as the browser itself counts them.
 *
 * Pictures from the pack are blob URLs, which are no requests, and what the cache answers asks nobody: browsers
 * look the page's icon up again at every change of its address.
 */
export class RequestCounter extends EventTarget {
  #count = 0;
  #since = Number.POSITIVE_INFINITY;

  constructor() {
    super();
    if (typeof PerformanceObserver === "undefined") return;
    new PerformanceObserver((list) => {
      const entries = list.getEntries() as PerformanceResourceTiming[];
      const made = entries.filter((entry) => entry.startTime > this.#since && isRequest(entry));
      if (made.length === 0) return;
      this.#count += made.length;
      this.dispatchEvent(new Event("change"));
    }).observe({ type: "resource", buffered: false });
  }

  get count(): number {
    return this.#count;
  }

  /** Counts from now on. */
  start(): void {
    if (this.#since === Number.POSITIVE_INFINITY) this.#since = performance.now();
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
