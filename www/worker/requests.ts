import type { HostName, Told } from "./protocol.js";

/** Tells the page each request of this thread, as the browser itself notes them: the page's own timings lack them. */
export function tellRequests(worker: HostName): void {
  if (typeof PerformanceObserver === "undefined") return;
  new PerformanceObserver((list) => {
    const entries = list.getEntries() as PerformanceResourceTiming[];
    const made = entries
      .filter(({ name }) => /^https?:/.test(name))
      .map(({ name, startTime, transferSize, decodedBodySize }) => ({
        url: name,
        timeMillis: performance.timeOrigin + startTime,
        worker,
        fromCache: transferSize === 0 && decodedBodySize > 0,
      }));
    if (made.length > 0) postMessage({ made } satisfies Told);
  }).observe({ type: "resource", buffered: true });
}
