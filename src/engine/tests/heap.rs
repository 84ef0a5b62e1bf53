//! What reading and running a plan take of the heap. A binary of its own: its allocator counts.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use nearshelf_engine::{
    CpuSession, DType, Op, Plan, PlanBuilder, PlanReader, Session, Tensor, TensorType, Unary,
    Values,
};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;

/// Counts the bytes of each thread, as tests run on threads of their own.
struct Counting;

thread_local! {
    static LIVE: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
}

fn count(more: usize, less: usize) {
    let live = LIVE.get().wrapping_add(more).wrapping_sub(less);
    LIVE.set(live);
    PEAK.set(PEAK.get().max(live));
}

// SAFETY: all is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(at, layout) }
    }

    /// Counted once: what grows at the heap's end, as a constant that arrives does, is not copied.
    unsafe fn realloc(&self, at: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        count(bytes, layout.size());
        // SAFETY: as the caller promises.
        unsafe { System.realloc(at, layout, bytes) }
    }
}

#[global_allocator]
static HEAP: Counting = Counting;

/// What `work` gives, and the most that the heap grew meanwhile.
fn peak_of<T>(work: impl FnOnce() -> T) -> (T, usize) {
    let before = LIVE.get();
    PEAK.set(before);
    let result = work();
    (result, PEAK.get() - before)
}

/// `relu(x · w)` of `x [rows, depth]`; `w [depth, columns]` holds counted numbers.
fn product(rows: usize, depth: usize, columns: usize) -> Plan {
    let mut builder = PlanBuilder::new();
    let x = TensorType::new(DType::F32, [rows, depth]);
    let x = builder.input("x", x).unwrap();
    let weights = (0..depth * columns).map(|at| at as f32).collect();
    let w = builder.constant(Tensor::new([depth, columns], Values::F32(weights)).unwrap());
    let product = builder.push("product", Op::MatMul, &[x, w]).unwrap()[0];
    let relu = builder.push("relu", Op::Unary(Unary::Relu), &[product]);
    builder.output("y", relu.unwrap()[0]).unwrap();
    builder.finish().unwrap()
}

#[test]
fn ten_thousand_runs_leave_the_heap_as_the_first_left_it() {
    let (rows, depth, columns) = (5, 24, 40);
    let plan = product(rows, depth, columns);
    let mut session = CpuSession::new(Arc::new(plan)).unwrap();
    let x = Tensor::new([rows, depth], Values::F32(vec![0.5; rows * depth])).unwrap();
    session.run(&[("x", &x)]).unwrap();
    let live = LIVE.get();
    let output_bytes = rows * columns * size_of::<f32>();
    for _ in 0..10_000 {
        let (outputs, peak) = peak_of(|| session.run(&[("x", &x)]).unwrap());
        // Besides the output, lists of a step's operands and of the ports.
        assert!(peak < output_bytes + 1024, "{peak} bytes in a run");
        drop(outputs);
        assert_eq!(LIVE.get(), live);
    }
}

#[test]
fn weights_are_never_held_twice() {
    let file = product(1, 1000, 1000).to_bytes().unwrap();
    let weight_bytes = 4_000_000;
    for piece in [16 << 10, 100_000, file.len()] {
        let (plan, peak) = peak_of(|| {
            let mut reader = PlanReader::new();
            for piece in file.chunks(piece) {
                reader.push(piece).unwrap();
            }
            reader.finish().unwrap()
        });
        assert_eq!(plan.weight_bytes(), weight_bytes);
        assert!(
            peak < weight_bytes + 16_000,
            "{peak} bytes in pieces of {piece}"
        );
    }
}

#[test]
fn a_file_takes_little_more_memory_than_has_arrived_of_it_whatever_it_announces() {
    let file = product(1, 4000, 4000).to_bytes().unwrap();
    let small = 8 << 20;
    for arrived in [1_000, 100_000, 5_000_000, 20_000_000] {
        let (_, peak) = peak_of(|| PlanReader::new().push(&file[..arrived]).unwrap());
        let most = arrived + arrived.max(small) + 16_000;
        assert!(peak < most, "{peak} bytes for {arrived}");
    }
}
