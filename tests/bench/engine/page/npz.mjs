/** Reads what `numpy.savez` writes: an uncompressed zip of .npy files. */

const TYPES = { "<f4": Float32Array, "<f8": Float64Array, "<i8": BigInt64Array, "<i4": Int32Array, "|i1": Int8Array, "|u1": Uint8Array };
const END_OF_DIRECTORY = 0x06054b50;
const END_OF_DIRECTORY_BYTES = 22;

/**
 * @param {ArrayBuffer} buffer the file
 * @returns {Record<string, {shape: number[], data: ArrayBufferView}>} arrays by name
 */
export function readNpz(buffer) {
  const view = new DataView(buffer);
  // numpy writes no archive comment: the directory's end is the file's end.
  const end = buffer.byteLength - END_OF_DIRECTORY_BYTES;
  if (end < 0 || view.getUint32(end, true) !== END_OF_DIRECTORY) throw new Error("this is no .npz file of numpy.savez");
  const arrays = {};
  let entry = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    const [method, nameBytes] = [view.getUint16(entry + 10, true), view.getUint16(entry + 28, true)];
    const name = new TextDecoder().decode(new Uint8Array(buffer, entry + 46, nameBytes)).replace(/\.npy$/, "");
    if (method !== 0) throw new Error(`${name} is compressed: write it with numpy.savez`);
    const local = view.getUint32(entry + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    arrays[name] = readNpy(buffer, start, name);
    entry += 46 + nameBytes + view.getUint16(entry + 30, true) + view.getUint16(entry + 32, true);
  }
  return arrays;
}

function readNpy(buffer, start, name) {
  const view = new DataView(buffer, start);
  const lengthBytes = view.getUint8(6) === 1 ? 2 : 4;
  const length = lengthBytes === 2 ? view.getUint16(8, true) : view.getUint32(8, true);
  const header = new TextDecoder("latin1").decode(new Uint8Array(buffer, start + 8 + lengthBytes, length));
  const [, type] = /'descr': '([^']+)'/.exec(header) ?? [];
  const [, extents] = /'shape': \(([^)]*)\)/.exec(header) ?? [];
  if (!(type in TYPES) || extents === undefined || /'fortran_order': True/.test(header)) throw new Error(`${name}: ${header} is not read here`);
  const shape = extents.split(",").map((extent) => extent.trim()).filter(Boolean).map(Number);
  const count = shape.reduce((product, extent) => product * extent, 1);
  const from = start + 8 + lengthBytes + length;
  return { shape, data: new TYPES[type](buffer.slice(from, from + count * TYPES[type].BYTES_PER_ELEMENT)) };
}
