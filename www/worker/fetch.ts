import { NearshelfError } from "../client/error.js";

/**
 * Reads one file of a pack, or a model.
 *
 * The referrer is withheld: the file's host needn't learn which product page is open.
 */
export async function fetchBytes(
  url: string,
  code: "manifest-unreachable" | "chunk-unreachable" | "model-unreachable",
  cache: RequestCache,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(url, { cache, referrerPolicy: "no-referrer" });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NearshelfError(code, `cannot load ${url}: ${reason}`, { cause });
  }
}

/** Address of a file that a manifest names; refuses a path that leads out of the pack. */
export function urlInPack(pack: string, path: string): string {
  const url = new URL(path, pack);
  if (!url.href.startsWith(pack)) {
    throw new NearshelfError("pack-invalid", `the manifest names "${path}", which lies outside the pack ${pack}`);
  }
  return url.href;
}
