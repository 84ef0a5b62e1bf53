import { NearshelfError } from "../client/error.js";

type Unreachable = "manifest-unreachable" | "chunk-unreachable" | "model-unreachable";

/** Reads one file of a pack. */
export async function fetchBytes(url: string, code: Unreachable, cache: RequestCache): Promise<Uint8Array<ArrayBuffer>> {
  const response = await ask(url, code, cache);
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw unreachable(url, code, cause);
  }
}

/** Reads one file piece by piece, as it arrives. */
export async function* fetchPieces(
  url: string,
  code: Unreachable,
  cache: RequestCache,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const reader = (await ask(url, code, cache)).body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { value } = await reader.read().catch((cause: unknown) => {
        throw unreachable(url, code, cause);
      });
      if (!value) return;
      yield value;
    }
  } finally {
    // Who wants no more of it need not download the rest.
    reader.cancel().catch(() => undefined);
  }
}

/** Asks for a file. The referrer is withheld: the file's host needn't learn which product page is open. */
async function ask(url: string, code: Unreachable, cache: RequestCache): Promise<Response> {
  try {
    const response = await fetch(url, { cache, referrerPolicy: "no-referrer" });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return response;
  } catch (cause) {
    throw unreachable(url, code, cause);
  }
}

function unreachable(url: string, code: Unreachable, cause: unknown): NearshelfError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new NearshelfError(code, `cannot load ${url}: ${reason}`, { cause });
}

/** Address of a file that a manifest names; refuses a path that leads out of the pack. */
export function urlInPack(pack: string, path: string): string {
  const url = new URL(path, pack);
  if (!url.href.startsWith(pack)) {
    throw new NearshelfError("pack-invalid", `the manifest names "${path}", which lies outside the pack ${pack}`);
  }
  return url.href;
}
