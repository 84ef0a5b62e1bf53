/** Notes when wasm modules are ready and which memories they use: runtimes don't tell. Imported before them. */

const memories = new Set();
let ready = 0;

const { Memory } = WebAssembly;
class WatchedMemory extends Memory {
  constructor(descriptor) {
    super(descriptor);
    memories.add(this);
  }
}
WebAssembly.Memory = WatchedMemory;

for (const name of ["instantiate", "instantiateStreaming"]) {
  const original = WebAssembly[name].bind(WebAssembly);
  WebAssembly[name] = async (source, imports) => {
    const result = await original(source, imports);
    const exported = Object.values((result.instance ?? result).exports);
    for (const memory of exported) if (memory instanceof Memory) memories.add(memory);
    ready = performance.now();
    return result;
  };
}

/** When the last wasm module so far was ready, in milliseconds since the page's start. */
export const wasmReadyAt = () => ready;
/** What the largest wasm memory of this page takes. Memories never shrink: this is the peak. */
export const wasmMemoryBytes = () => Math.max(0, ...[...memories].map(({ buffer }) => buffer.byteLength));
