// ONNX Where: a where the condition (u8) holds, else b, broadcast. As src/kernels/select.rs.
override TYPE: u32;

@group(0) @binding(1) var<storage, read> condition: array<u32>;
@group(0) @binding(2) var<storage, read> a: array<u32>;
@group(0) @binding(3) var<storage, read> b: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<u32>;

fn element(i: u32) -> u32 {
    let at = vec3<u32>(walk(i));
    if (bits_of(condition[at.x >> 2u], at.x, U8) != 0u) { return bits_of(a[word_of(at.y, TYPE)], at.y, TYPE); }
    return bits_of(b[word_of(at.z, TYPE)], at.z, TYPE);
}
