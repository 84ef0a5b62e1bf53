//! Memory on the device is given back, and only what nobody uses any more.

use super::agree::{floats, gpu};
use crate::buffers::Buffer;
use crate::submission::Scopes;
use crate::{Gpu, GpuSession, ItemMatrix};
use nearshelf_engine::{Binary, CpuSession, Generaliser, Op, Plan, PlanBuilder, Session, Symbol};
use nearshelf_engine::{Tensor, Values};
use std::sync::Arc;

/// Most rows of `plan`.
const MOST: usize = 40;

/// The first rows of a table plus `x`, and the sum of that with a constant that bindings share: `x` is `[rows, 3]`.
fn plan() -> Arc<Plan> {
    let at = |rows: usize| {
        let mut builder = PlanBuilder::new();
        let x = floats(1, &[rows, 3]);
        let x = builder.input("x", x.ty()).unwrap();
        let whole = floats(2, &[MOST, 3]);
        let Values::F32(values) = whole.values() else {
            panic!("other values than floats");
        };
        let table = Tensor::new([rows, 3], Values::F32(values[..rows * 3].to_vec())).unwrap();
        let [table, shift] = [table, floats(3, &[3])].map(|tensor| builder.constant(tensor));
        let add = Op::Binary(Binary::Add);
        let sum = builder.push("table", add.clone(), &[x, table]).unwrap()[0];
        let y = builder.push("shift", add, &[sum, shift]).unwrap()[0];
        builder.output("y", y).unwrap();
        builder.finish().unwrap()
    };
    let symbol = Symbol {
        name: "rows".to_owned(),
        min: 1,
        max: MOST as u32,
        step: 1,
    };
    let mut generaliser = Generaliser::new(vec![symbol], &[(0, 0, 0)], &at(MOST));
    for rows in [1, 2, 7, 12] {
        generaliser.add(&[rows], &at(rows)).unwrap();
    }
    Arc::new(generaliser.finish().unwrap())
}

/// What a session gives for so many rows is what the CPU gives.
fn assert_right(session: &mut GpuSession, plan: &Arc<Plan>, rows: usize) {
    let x = floats(rows as u32, &[rows, 3]);
    let mut cpu = CpuSession::new(Arc::clone(plan)).unwrap();
    let wanted = cpu.run(&[("x", &x)]).unwrap();
    let found = pollster::block_on(session.run(&[("x", &x)])).unwrap();
    assert_eq!(found, wanted, "{rows} rows");
}

/// Whether a buffer's memory is gone: the device refuses to work on it.
fn is_gone(gpu: &Gpu, buffer: &wgpu::Buffer) -> bool {
    let scopes = Scopes::open(gpu);
    let mut encoder = gpu.device().create_command_encoder(&Default::default());
    encoder.clear_buffer(buffer, 0, None);
    gpu.queue().submit([encoder.finish()]);
    pollster::block_on(scopes.close().verdict(gpu, "a buffer", 16)).is_err()
}

#[test]
fn a_buffer_is_gone_with_its_last_handle_and_not_before() {
    let Some(gpu) = gpu() else { return };
    let descriptor = wgpu::BufferDescriptor {
        label: None,
        size: 16,
        usage: wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    };
    let first = Buffer::new(&gpu, &descriptor);
    let (second, watched) = (first.clone(), (*first).clone());
    drop(first);
    assert!(!is_gone(&gpu, &watched));
    drop(second);
    assert!(is_gone(&gpu, &watched));
}

#[test]
fn a_session_goes_on_when_others_of_its_device_are_dropped() {
    let Some(gpu) = gpu() else { return };
    let plan = plan();
    let session = || GpuSession::new(&gpu, Arc::clone(&plan)).unwrap();
    let (mut kept, mut run, unused) = (session(), session(), session());
    assert_right(&mut kept, &plan, 5);
    assert_right(&mut run, &plan, 5);
    drop((run, unused));
    assert_right(&mut kept, &plan, 5);
    assert_right(&mut kept, &plan, MOST);
}

#[test]
fn a_session_is_bound_to_other_extents_again_and_again() {
    let Some(gpu) = gpu() else { return };
    let plan = plan();
    let mut session = GpuSession::new(&gpu, Arc::clone(&plan)).unwrap();
    for round in 0..50 {
        assert_right(&mut session, &plan, 1 + round * 7 % MOST);
    }
}

#[test]
fn embeddings_are_searched_on_after_others_are_dropped_and_for_other_numbers_of_items() {
    let Some(gpu) = gpu() else { return };
    let matrix = || ItemMatrix::upload(&gpu, 1, &[3, 1, 2], &[1.0; 3]).unwrap();
    let (kept, dropped) = (matrix(), matrix());
    let items = |matrix: &ItemMatrix, k: usize| -> Vec<u32> {
        let found = pollster::block_on(matrix.top_k(&[1.0], k, None)).unwrap();
        found.iter().map(|found| found.item).collect()
    };
    assert_eq!(items(&dropped, 1), [0]);
    drop(dropped);
    for k in [1, 3, 2, 1] {
        assert_eq!(items(&kept, k), [0, 2, 1][..k]);
    }
}

#[test]
fn runs_that_are_given_up_and_sessions_of_a_lost_device_leave_nothing_to_panic_about() {
    let Some(gpu) = gpu() else { return };
    let plan = plan();
    let mut session = GpuSession::new(&gpu, Arc::clone(&plan)).unwrap();
    let x = floats(1, &[4, 3]);
    drop(session.run(&[("x", &x)]));
    assert_right(&mut session, &plan, 4);
    let matrix = ItemMatrix::upload(&gpu, 1, &[3, 1, 2], &[1.0; 3]).unwrap();
    gpu.destroy();
    assert!(pollster::block_on(session.run(&[("x", &x)])).is_err());
    drop((session, matrix));
}
