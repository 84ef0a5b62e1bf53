import { unwrap } from "../worker/answer.js";
import type { Tensors } from "../worker/model.js";
import type { ModelHost, Simd, Where } from "../worker/protocol.js";
import { bestSimd } from "../worker/simd.js";
import { type Connection, connect } from "./connection.js";
import { NearshelfError } from "./error.js";
import type { BackendChoice, ClosestItems, ItemEmbeddings, ItemOptions, ItemSearch, LocalModel, ModelOptions } from "./types.js";

/** One worker a page for all its models. */
let connection: Promise<Connection<ModelHost>> | undefined;

/**
 * Opens a model of the page's own: a plan (`nearshelf compile`), or an ONNX file, which is compiled here by a second,
 * larger wasm module and kept for the next visit.
 *
 * `source` is an address or the file's bytes. Rejects with a {@link NearshelfError} that says what is wrong with the
 * model: `not-onnx`, `unsupported-operator`, `unbound-dimension`, `model-invalid` …
 */
export async function openModel(
  source: string | URL | ArrayBuffer | Uint8Array<ArrayBuffer>,
  options: ModelOptions = {},
): Promise<LocalModel> {
  const { host, simd } = await started(options);
  const { id, ...opened } = unwrap(await host.open(sourceOf(source), options.bind ?? {}, simd, await where(options.backend)));
  const run = async (inputs: Tensors) => unwrap(await host.run(id, inputs));
  return { ...opened, run: run as LocalModel["run"], ...placed(host, id) };
}

/**
 * Takes a catalogue's embeddings, to be asked for the items closest to a query: a million of them in one call. On a GPU
 * they stay in its memory, and only the answer comes back.
 */
export async function openItems(embeddings: ItemEmbeddings, options: ItemOptions = {}): Promise<ItemSearch> {
  const { host, simd } = await started(options);
  const id = unwrap(await host.openItems(embeddings, options.approximate ?? false, simd, await where(options.backend)));
  return {
    async closest(query, count, wanted) {
      const question = { query, count: Int32Array.of(count), ...(wanted && { wanted }) };
      return unwrap(await host.run(id, question as unknown as Tensors)) as unknown as ClosestItems;
    },
    ...placed(host, id),
  };
}

async function started({ worker = true }: ModelOptions): Promise<{ host: ModelHost; simd: Simd }> {
  const simd = bestSimd();
  if (!simd) throw new NearshelfError("simd-missing", "this browser runs no WebAssembly SIMD: update the browser");
  const { host } = await connected(worker);
  return { host, simd };
}

/** What is asked of anything that runs on one backend or the other. */
function placed(host: ModelHost, id: number): Pick<LocalModel, "backend" | "setBackend" | "close"> {
  return {
    backend: async () => unwrap(await host.backend(id)),
    setBackend: async (choice) => unwrap(await host.setBackend(id, (await where(choice)).choice)),
    close: async () => unwrap(await host.close(id)),
  };
}

/** What the option or the page says, and whether the device is to be spared. */
async function where(choice: BackendChoice | undefined): Promise<Where> {
  if (choice !== undefined && !isChoice(choice)) {
    throw new NearshelfError("request-invalid", `backend "${String(choice)}" is none of auto, cpu and gpu`);
  }
  const stated = document.querySelector<HTMLMetaElement>('meta[name="nearshelf-backend"]')?.content;
  return { choice: choice ?? (isChoice(stated) ? stated : "auto"), saving: await savesPower() };
}

function isChoice(choice: string | undefined): choice is BackendChoice {
  return choice === "auto" || choice === "cpu" || choice === "gpu";
}

/** A level below which a battery that isn't charged is spared. */
const LOW = 0.2;

/** What of this browsers tell. */
interface Economy {
  readonly connection?: { readonly saveData?: boolean };
  getBattery?(): Promise<{ readonly charging: boolean; readonly level: number }>;
}

async function savesPower(): Promise<boolean> {
  const { connection }: Economy = navigator as Economy;
  if (connection?.saveData || matchMedia("(prefers-reduced-data: reduce)").matches) return true;
  const battery = await (navigator as Economy).getBattery?.().catch(() => undefined);
  return !!battery && !battery.charging && battery.level < LOW;
}

async function connected(mayUseWorker: boolean): Promise<Connection<ModelHost>> {
  connection ??= connect("models", mayUseWorker).then((made) => (tellVisibility(made.host), made));
  try {
    return await connection;
  } catch (cause) {
    // The next model may try again: what it needs may load by then.
    connection = undefined;
    throw NearshelfError.from(cause);
  }
}

/** A worker can't see whether its page is in sight. */
function tellVisibility(host: ModelHost): void {
  const tell = () => void host.setShown(document.visibilityState === "visible");
  document.addEventListener("visibilitychange", tell);
  tell();
}

function sourceOf(source: string | URL | ArrayBuffer | Uint8Array<ArrayBuffer>): string | Uint8Array<ArrayBuffer> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  try {
    return new URL(source, document.baseURI).href;
  } catch (cause) {
    throw new NearshelfError("request-invalid", `"${String(source)}" is no address of a model`, { cause });
  }
}
