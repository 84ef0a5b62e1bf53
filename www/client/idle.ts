/** Longest wait for a quiet moment. */
const PATIENCE_MILLIS = 2000;

/** Resolves when the page has nothing more urgent to do, or after two seconds. */
export function idle(): Promise<void> {
  return new Promise((resolve) => {
    // Safari has no requestIdleCallback.
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve(), { timeout: PATIENCE_MILLIS });
    else setTimeout(resolve, 200);
  });
}
