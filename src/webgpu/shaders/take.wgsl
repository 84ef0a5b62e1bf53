// Elements of x [outer, extent, inner] by their numbers along the middle axis, `picked` for each of the others. They are
// inside. As `elements` in src/kernels/gather.rs.
override TYPE: u32;

struct Params { count: u32, extent: u32, picked: u32, inner: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read> indices: array<u32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;

fn element(i: u32) -> u32 {
    let at = (i / (p.picked * p.inner) * p.extent + indices[i]) * p.inner + i % p.inner;
    return bits_of(x[word_of(at, TYPE)], at, TYPE);
}
