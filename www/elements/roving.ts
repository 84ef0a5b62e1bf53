/**
 * Where an arrow key leads in a row of `count` cards; `undefined` where the key means nothing here.
 *
 * Left and right are what the eye sees, so they swap in right-to-left pages.
 */
export function rovingTarget(key: string, active: number, count: number, rightToLeft: boolean): number | undefined {
  const forward = rightToLeft ? "ArrowLeft" : "ArrowRight";
  const backward = rightToLeft ? "ArrowRight" : "ArrowLeft";
  if (count === 0) return undefined;
  if (key === forward) return Math.min(active + 1, count - 1);
  if (key === backward) return Math.max(active - 1, 0);
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return undefined;
}
