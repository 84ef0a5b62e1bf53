import assert from "node:assert/strict";
import { test } from "node:test";
import { readNpz } from "./npz.mjs";

/** A zip of one stored file, as numpy.savez writes it. */
function zipOf(name, content) {
  const nameBytes = new TextEncoder().encode(name);
  const local = new DataView(new ArrayBuffer(30));
  local.setUint32(0, 0x04034b50, true);
  local.setUint16(26, nameBytes.length, true);
  const entry = new DataView(new ArrayBuffer(46));
  entry.setUint32(0, 0x02014b50, true);
  entry.setUint16(28, nameBytes.length, true);
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(10, 1, true);
  end.setUint32(16, 30 + nameBytes.length + content.length, true);
  const parts = [local, nameBytes, content, entry, nameBytes, end];
  return Uint8Array.from(parts.flatMap((part) => [...new Uint8Array(part.buffer)])).buffer;
}

/** A .npy file of version 1. */
function npyOf(header, values) {
  const text = new TextEncoder().encode(header.padEnd(117) + "\n");
  return Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, 0, ...text, ...new Uint8Array(values.buffer));
}

test("arrays come with name, shape and type", () => {
  const file = zipOf("ids.npy", npyOf("{'descr': '<i8', 'fortran_order': False, 'shape': (1, 3), }", BigInt64Array.of(5n, -1n, 7n)));
  assert.deepEqual(readNpz(file), { ids: { shape: [1, 3], data: BigInt64Array.of(5n, -1n, 7n) } });
});

test("a scalar has one value, a vector one extent", () => {
  const scalar = readNpz(zipOf("x.npy", npyOf("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", Float32Array.of(2.5))));
  assert.deepEqual(scalar.x, { shape: [], data: Float32Array.of(2.5) });
  const vector = readNpz(zipOf("x.npy", npyOf("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", Uint8Array.of(1, 255))));
  assert.deepEqual(vector.x, { shape: [2], data: Uint8Array.of(1, 255) });
});

test("what it can't read it says", () => {
  assert.throws(() => readNpz(new ArrayBuffer(8)), /no .npz file/);
  const turned = npyOf("{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }", Float32Array.of(1, 2));
  assert.throws(() => readNpz(zipOf("x.npy", turned)), /x: .*fortran_order': True/);
});
