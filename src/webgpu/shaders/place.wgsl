// Concat: rows of one operand put into y, whose rows are longer. Of words. As src/kernels/layout.rs.
struct Params { count: u32, row: u32, all: u32, before: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

fn run(i: u32) {
    y[i / p.row * p.all + p.before + i % p.row] = x[i];
}
