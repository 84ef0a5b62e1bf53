import type { Backend } from "../client/types.js";

/** Which backend was faster, in milliseconds. */
export interface Decision {
  readonly backend: Backend;
  readonly cpuMillis: number;
  readonly gpuMillis: number;
}

const NAME = "nearshelf-backends";

/**
 * What was measured for a model on an adapter in this version of the browser; else what `measure` finds, which is
 * kept. It holds nothing of the shopper's. Where there is no cache, each visit measures.
 */
export async function decided(key: readonly string[], measure: () => Promise<Decision>): Promise<Decision> {
  const cache = "caches" in globalThis ? await caches.open(NAME).catch(() => undefined) : undefined;
  // An address of this origin that is never asked for: the Cache API names entries by request.
  const entry = `/.nearshelf/backend/${key.map(encodeURIComponent).join("/")}`;
  const kept = await cache?.match(entry).catch(() => undefined);
  if (kept) return (await kept.json()) as Decision;
  const decision = await measure();
  await cache?.put(entry, new Response(JSON.stringify(decision))).catch(() => undefined);
  return decision;
}
