// Transpose, Slice and Expand: an element of x for each of y, in another order. As src/kernels/strided.rs.
override TYPE: u32;

@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

fn element(i: u32) -> u32 {
    let at = u32(walk(i).x);
    return bits_of(x[word_of(at, TYPE)], at, TYPE);
}
