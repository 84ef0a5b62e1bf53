import { NearshelfError } from "../client/error.js";
import { fetchBytes, fetchPieces, urlInPack } from "./fetch.js";
import type { ModelModule, PlanModel } from "./model.js";
import type { Simd } from "./protocol.js";
import { startWasm } from "./wasm.js";

/** A file of the pack that only one element needs, as its manifest names it. */
export interface Part {
  readonly name: string;
  readonly path: string;
}

/** The files that the manifest lists for an element; none where the pack was made without them. */
export async function partsFor(pack: string, element: "chat" | "vision"): Promise<readonly Part[]> {
  const manifest = await fetchBytes(urlInPack(pack, "manifest.json"), "manifest-unreachable", "no-cache");
  const { [element]: parts } = parsed("manifest.json", manifest) as Record<string, unknown>;
  const isPart = (part: unknown): part is Part => typeof (part as Part | null)?.name === "string" && typeof (part as Part).path === "string";
  return Array.isArray(parts) ? parts.filter(isPart) : [];
}

/** Reads a part that is JSON. */
export async function fetchJson(pack: string, path: string): Promise<unknown> {
  return parsed(path, await fetchPart(pack, path));
}

/** Reads a part as it is. */
export function fetchPart(pack: string, path: string): Promise<Uint8Array<ArrayBuffer>> {
  return fetchBytes(urlInPack(pack, path), "chunk-unreachable", "default");
}

/** Reads a part that is a plan, into wasm memory as it arrives. */
export async function fetchPlan(pack: string, path: string, simd: Simd): Promise<PlanModel> {
  const module: ModelModule = await startWasm(simd);
  const reader = new module.ModelReader();
  try {
    for await (const piece of fetchPieces(urlInPack(pack, path), "model-unreachable", "default")) reader.push(piece);
  } catch (cause) {
    reader.free();
    throw cause;
  }
  return reader.finish();
}

function parsed(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch (cause) {
    throw new NearshelfError("pack-invalid", `${path} is damaged: load the page again, or pack the shop again`, { cause });
  }
}
