import type { MadeRequest } from "../client/types.js";

/** Requests that this thread has made, as the browser itself notes them. */
export class RequestLog {
  readonly #made: MadeRequest[] = [];
  #observer: PerformanceObserver | undefined;

  constructor() {
    if (typeof PerformanceObserver === "undefined") return;
    this.#observer = new PerformanceObserver((list) => this.#add(list.getEntries()));
    this.#observer.observe({ type: "resource", buffered: true });
  }

  get made(): readonly MadeRequest[] {
    this.#add(this.#observer?.takeRecords() ?? []);
    return this.#made;
  }

  #add(entries: readonly PerformanceEntry[]): void {
    const requests = entries.filter(({ name }) => /^https?:/.test(name));
    this.#made.push(...requests.map(({ name, startTime }) => ({ url: name, timeMillis: performance.timeOrigin + startTime })));
  }
}
