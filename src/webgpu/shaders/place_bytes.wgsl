// The same of bytes, where operands share words of y.
struct Params { count: u32, row: u32, all: u32, before: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<atomic<u32>>;

fn run(i: u32) {
    let to = i / p.row * p.all + p.before + i % p.row;
    let shift = (to & 3u) * 8u;
    atomicAnd(&y[to >> 2u], ~(255u << shift));
    atomicOr(&y[to >> 2u], bits_of(x[i >> 2u], i, U8) << shift);
}
