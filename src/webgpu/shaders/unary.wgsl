// Functions of one operand. As src/kernels/unary.rs.
override TYPE: u32;
override FUNCTION: u32;

struct Params { count: u32, alpha: f32, beta: f32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> x: array<u32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;

fn element(i: u32) -> u32 {
    if (TYPE == F32) { return bitcast<u32>(activate(bitcast<f32>(x[i]), FUNCTION, p.alpha, p.beta)); }
    if (TYPE == U8) { return select(0u, 1u, bits_of(x[i >> 2u], i, U8) == 0u); }
    let value = bitcast<i32>(x[i]);
    if (FUNCTION == NEG) { return bitcast<u32>(-value); }
    if (FUNCTION == SIGN) { return bitcast<u32>(sign(value)); }
    return bitcast<u32>(abs(value));
}
