// CumSum and CumProd: running sums along each row, of which a lane has a part. As src/kernels/cumulate.rs.
override TYPE: u32;
override PRODUCT: bool;
override EXCLUSIVE: bool;
override REVERSE: bool;

@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

fn join(a: u32, b: u32) -> u32 {
    if (TYPE == I32) { return select(a + b, a * b, PRODUCT); }
    let left = bitcast<f32>(a);
    let right = bitcast<f32>(b);
    return bitcast<u32>(select(left + right, left * right, PRODUCT));
}

fn compute() {
    let start = select(0u, select(1u, 0x3f800000u, TYPE == F32), PRODUCT);
    let share = (length + LANES - 1u) / LANES;
    let end = min(length, (lane + 1u) * share);
    var sum = start;
    if (LANES > 1u) {
        for (var n = lane * share; n < end; n++) { sum = join(sum, x[at(select(n, length - 1u - n, REVERSE))]); }
        meet(vec2<u32>(sum, 0u));
        sum = start;
        for (var n = 0u; n < lane; n++) { sum = join(sum, part(n).x); }
    }
    for (var n = lane * share; n < end; n++) {
        let i = at(select(n, length - 1u - n, REVERSE));
        let before = sum;
        sum = join(sum, x[i]);
        y[i] = select(sum, before, EXCLUSIVE);
    }
}
