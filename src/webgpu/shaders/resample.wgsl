// Resample: each new element along an axis of `extent` is a weighted sum of old ones, x is [outer, extent, inner]. As
// src/kernels/sample.rs. With INTERPOLATE, Resize along one axis: between two neighbours, as resize.rs.
override INTERPOLATE: bool;

struct Params { count: u32, inner: u32, extent: u32, picked: u32, taps: u32, step: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> indices: array<u32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read_write> y: array<u32>;
@group(0) @binding(5) var<storage, read_write> fault: atomic<u32>;

fn element(i: u32) -> u32 {
    let line = i / p.inner;
    let block = line / p.picked * p.extent;
    let first = line % p.picked * p.taps;
    if (INTERPOLATE) {
        let a = x[(block + indices[first]) * p.inner + i % p.inner];
        let b = x[(block + indices[first + 1u]) * p.inner + i % p.inner];
        return bitcast<u32>(a + (b - a) * weights[first]);
    }
    var sum = 0.0;
    for (var tap = first; tap < first + p.taps; tap++) {
        let index = indices[tap];
        if (index >= p.extent) {
            atomicMin(&fault, p.step);
            return 0u;
        }
        sum += x[(block + index) * p.inner + i % p.inner] * weights[tap];
    }
    return bitcast<u32>(sum);
}
