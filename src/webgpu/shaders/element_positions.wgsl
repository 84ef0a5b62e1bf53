// ElementPositions: where an element lies that has the place of its index, but for one axis. That has p.own.y elements,
// p.own.x from one to the next; p.own.z is the step. As `of_elements` in src/kernels/positions.rs.
@group(0) @binding(1) var<storage, read> indices: array<i32>;
@group(0) @binding(2) var<storage, read_write> y: array<u32>;
@group(0) @binding(3) var<storage, read_write> fault: atomic<u32>;

fn element(i: u32) -> u32 {
    let found = index_in(indices[i], p.own.y);
    if (found < 0) { atomicMin(&fault, p.own.z); }
    return u32(walk(i).x) + u32(found) * p.own.x;
}
