/** An ONNX file of one product and its largest values, written by hand: weights of 256 MB need no tool between. */

/** Opset of `MatMul` and `TopK` as they are written here. */
const OPSET = 13;
const [FLOAT, INT64] = [1, 7];

function varint(value) {
  const bytes = [];
  for (let left = BigInt(value); ; left >>= 7n) {
    const low = Number(left & 127n);
    if (left < 128n) return Uint8Array.of(...bytes, low);
    bytes.push(low | 128);
  }
}

/** Bytes, one behind the other. */
function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const number = (field, value) => joined([varint(field << 3), varint(value)]);
const bytes = (field, value) => joined([varint((field << 3) | 2), varint(value.length), value]);
const text = (field, value) => bytes(field, new TextEncoder().encode(value));
const message = (field, ...parts) => bytes(field, joined(parts));

const tensor = (field, name, type, shape, data) =>
  message(field, ...shape.map((extent) => number(1, extent)), number(2, type), text(8, name), bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
const port = (field, name, type, shape) =>
  message(field, text(1, name), message(2, message(1, number(1, type), message(2, ...shape.map((extent) => message(1, number(1, extent)))))));
const node = (kind, inputs, outputs) => message(1, ...inputs.map((name) => text(1, name)), ...outputs.map((name) => text(2, name)), text(4, kind));

/** `query [1, dimensions]` → `scores`, `items`, `[1, k]` each. */
export function matMulTopK(rows, { count, dimensions }, k) {
  const columns = new Float32Array(rows.length);
  for (let row = 0, at = 0; row < count; row++) for (let i = 0; i < dimensions; i++, at++) columns[i * count + row] = rows[at];
  const graph = message(
    7,
    node("MatMul", ["query", "rows"], ["products"]),
    node("TopK", ["products", "k"], ["scores", "items"]),
    text(2, "closest"),
    tensor(5, "rows", FLOAT, [dimensions, count], columns),
    tensor(5, "k", INT64, [1], BigInt64Array.of(BigInt(k))),
    port(11, "query", FLOAT, [1, dimensions]),
    port(12, "scores", FLOAT, [1, k]),
    port(12, "items", INT64, [1, k]),
  );
  return joined([number(1, 8), graph, message(8, number(2, OPSET))]);
}
