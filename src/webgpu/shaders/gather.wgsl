// Gather: rows picked by number along an axis of `extent`; x is [outer, extent, inner]. As src/kernels/gather.rs.
override TYPE: u32;

struct Params { count: u32, inner: u32, picked: u32, extent: u32, step: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read> indices: array<i32>;
@group(0) @binding(3) var<storage, read_write> y: array<u32>;
@group(0) @binding(4) var<storage, read_write> fault: atomic<u32>;

fn element(i: u32) -> u32 {
    let row = i / p.inner;
    let found = index_in(indices[row % p.picked], p.extent);
    if (found < 0) {
        atomicMin(&fault, p.step);
        return 0u;
    }
    let at = (row / p.picked * p.extent + u32(found)) * p.inner + i % p.inner;
    return bits_of(x[word_of(at, TYPE)], at, TYPE);
}
