import type { Backend } from "../client/types.js";

/** Which backend was faster, in milliseconds. */
export interface Decision {
  readonly backend: Backend;
  readonly cpuMillis: number;
  readonly gpuMillis: number;
}

/** Fingerprint of `nearshelf.wasm`: another build may be faster, or wrong. Set by vite.config.ts. */
declare const __ENGINE__: string;

const NAME = "nearshelf-backends";
/** Decisions kept. */
const MOST = 32;

/**
 * What was measured for a model on an adapter, by this build in this version of the browser; else what `measure` finds,
 * which is kept. It holds nothing of the shopper's. Where there is no cache, each visit measures.
 */
export async function decided(key: readonly string[], measure: () => Promise<Decision>): Promise<Decision> {
  const cache = "caches" in globalThis ? await caches.open(NAME).catch(() => undefined) : undefined;
  if (!cache) return measure();
  // An address of this origin that is never asked for: the Cache API names entries by request.
  const entry = `/.nearshelf/backend/${[__ENGINE__, ...key].map(encodeURIComponent).join("/")}`;
  const kept = await cache.match(entry).then((answer) => answer?.json() as Promise<Partial<Decision> | undefined>).catch(() => undefined);
  if (kept?.backend === "cpu" || kept?.backend === "gpu") return kept as Decision;
  const decision = await measure();
  await keep(cache, entry, decision).catch(() => undefined);
  return decision;
}

/** What other builds and older browsers found is of no use any more: the oldest goes first. */
async function keep(cache: Cache, entry: string, decision: Decision): Promise<void> {
  await cache.put(entry, new Response(JSON.stringify(decision)));
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST)).map((old) => cache.delete(old)));
}
