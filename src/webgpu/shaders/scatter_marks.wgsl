// Notes for each row of a result one more than the number of the last update that it gets; before that, with CLEAR, none.
override CLEAR: bool;

struct Params { count: u32, rows: u32, step: u32 }
@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read> positions: array<i32>;
@group(0) @binding(2) var<storage, read_write> marks: array<atomic<u32>>;
@group(0) @binding(3) var<storage, read_write> fault: atomic<u32>;

fn run(i: u32) {
    if (CLEAR) {
        atomicStore(&marks[i], 0u);
        return;
    }
    let found = index_in(positions[i], p.rows);
    if (found < 0) { atomicMin(&fault, p.step); } else { atomicMax(&marks[found], i + 1u); }
}
