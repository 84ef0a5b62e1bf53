import { releaseProxy, wrap } from "comlink";
import type { HostName, Hosts, Told } from "../worker/protocol.js";
import type { MadeRequest } from "./types.js";

/** A host of the wasm and the way to stop it. */
export interface Connection<H> {
  readonly host: H;
  readonly thread: "worker" | "main";
  close(): void;
}

/** File name of the worker, beside this module; the build puts the name with its hash here. */
const WORKER_FILE = "nearshelf-worker.js";
/** Name of the Trusted Types policy; a page that requires Trusted Types must allow it. */
const POLICY = "nearshelf";

/** The hosts on this thread. */
const HERE: { readonly [N in HostName]: () => Promise<Hosts[N]> } = {
  shelf: async () => new (await import("../worker/host.js")).Host(),
  models: async () => new (await import("../worker/models.js")).Models(),
  chat: async () => new (await import("../worker/chat.js")).Chat(),
  vision: async () => new (await import("../worker/vision.js")).Vision(),
};

/** Requests of every worker of this page, in the order in which they were told. */
export const madeByWorkers: MadeRequest[] = [];

/** Starts the worker; where there can be none, the host runs on this thread. */
export async function connect<N extends HostName>(name: N, mayUseWorker: boolean): Promise<Connection<Hosts[N]>> {
  const worker = mayUseWorker ? await startWorker(name) : undefined;
  if (!worker) return { host: await HERE[name](), thread: "main", close: () => undefined };
  const proxy = wrap<object>(worker);
  return {
    // Each method of a host answers with a promise, so that its proxy has the same type.
    host: proxy as unknown as Hosts[N],
    thread: "worker",
    close() {
      proxy[releaseProxy]();
      worker.terminate();
    },
  };
}

/**
 * A worker that answers, or `undefined`.
 *
 * A worker can fail twice: the constructor throws (no Worker, other origin, policy), or its script does not load
 * (an `error` event). Its message "running" proves that it runs.
 */
async function startWorker(name: HostName): Promise<Worker | undefined> {
  try {
    const worker = new Worker(workerUrl() as string, { type: "module", name });
    const runs = await new Promise<boolean>((resolve) => {
      worker.addEventListener("message", ({ data }: MessageEvent<"running" | Partial<Told> | undefined>) => {
        if (data === "running") resolve(true);
        else madeByWorkers.push(...(data?.made ?? []));
      });
      worker.addEventListener("error", () => resolve(false), { once: true });
    });
    if (runs) return worker;
    worker.terminate();
  } catch {
    // The caller takes the main thread.
  }
  return undefined;
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown };
}

let policy: ReturnType<TrustedTypes["createPolicy"]> | undefined;

/** The worker's address; under Trusted Types as a TrustedScriptURL made for this one address. */
function workerUrl(): unknown {
  const address = new URL(WORKER_FILE, import.meta.url).href;
  const trustedTypes = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  if (!trustedTypes) return address;
  policy ??= trustedTypes.createPolicy(POLICY, {
    createScriptURL(url) {
      if (url !== address) throw new TypeError(`policy "${POLICY}" makes the worker's address only`);
      return url;
    },
  });
  return policy.createScriptURL(address);
}
