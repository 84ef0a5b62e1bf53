/** Resolves when the page has nothing more urgent to do, or after `patienceMillis`. */
export function idle(patienceMillis: number): Promise<void> {
  return new Promise((resolve) => {
    // Safari has no requestIdleCallback.
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve(), { timeout: patienceMillis });
    else setTimeout(resolve, Math.min(200, patienceMillis));
  });
}
