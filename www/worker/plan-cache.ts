import type { Bindings } from "./model.js";

/** Fingerprint of `nearshelf_onnx.wasm`: another compiler may write other plans. Set by vite.config.ts. */
declare const __COMPILER__: string;

const NAME = "nearshelf-plans";
/** Plans kept; the oldest goes first. */
const MOST = 8;

/**
 * The plan of an ONNX file, compiled once a browser: kept in the Cache API by content and bindings.
 *
 * It holds nothing of the shopper's. Where there is no cache (private mode, no secure context, storage full), the
 * plan is compiled each time.
 */
export async function cachedPlan(
  onnx: Uint8Array<ArrayBuffer>,
  bind: Bindings,
  compile: () => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const cache = "caches" in globalThis ? await caches.open(NAME).catch(() => undefined) : undefined;
  if (!cache) return compile();
  const key = await keyOf(onnx, bind);
  const kept = await cache.match(key).catch(() => undefined);
  if (kept) return new Uint8Array(await kept.arrayBuffer());
  const plan = await compile();
  await keep(cache, key, plan).catch(() => undefined);
  return plan;
}

async function keep(cache: Cache, key: string, plan: Uint8Array<ArrayBuffer>): Promise<void> {
  await cache.put(key, new Response(plan));
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST)).map((old) => cache.delete(old)));
}

async function keyOf(onnx: Uint8Array<ArrayBuffer>, bind: Bindings): Promise<string> {
  const bindings = Object.entries(bind).sort(([a], [b]) => (a < b ? -1 : 1));
  const stated = new TextEncoder().encode(JSON.stringify([__COMPILER__, bindings]));
  const digests = await Promise.all([stated, onnx].map((bytes) => crypto.subtle.digest("SHA-256", bytes)));
  const hex = digests.flatMap((digest) => [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")));
  // An address of this origin that is never asked for: the Cache API names entries by request.
  return `/.nearshelf/plan/${hex.join("")}`;
}
